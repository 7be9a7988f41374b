"""What stock was worth at the end of past days, exactly as the moving averages had it then."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Case, F, Max, Min, Sum, Value, When
from django.db.models.functions import Round

from aftercare.domain.inventory import access, rules
from aftercare.domain.inventory.models import Cost, Place, StockMove
from aftercare.foundation.access import Actor, visible

ZERO = Decimal(0)
Area = tuple[int, int]  # branch and part
_COLUMNS = ("day", "part_id", "qty", "unit_cost", "from_place_id", "from_condition", "to_place_id", "to_condition")


class _Effect(NamedTuple):
    """What one move did to the stock of one branch: units with their sign, and what each carried."""

    area: Area
    day: dt.date
    qty: Decimal
    unit: Decimal

    @property
    def value(self) -> Decimal:
        return (self.qty * self.unit).quantize(rules.COST_STEP, rounding=ROUND_HALF_UP)


def values_on(
    days: Sequence[dt.date], *, actor: Actor, branch_ids: Iterable[int] | None = None, part_ids: Iterable[int] | None = None
) -> dict[dt.date, dict[Area, tuple[Decimal, Decimal]]]:
    """Quantity and value by (branch, part) at the end of each of these days, nothing at zero; of branches whose costs he may see.

    Moves count by the day on which they stand in the books, with what they carried. Worked out backwards from the averages of
    today. A move that emptied the store took what was left to the last fraction, which cannot be read off it: parts for which
    that happened since are worked out forwards from their first move.
    """
    kept = visible(Cost, actor)
    if branch_ids is not None:
        kept = kept.filter(branch_id__in=list(branch_ids))
    parts = set(part_ids) if part_ids is not None else None
    if parts is not None:
        kept = kept.filter(part_id__in=parts)
    now = {(row.branch_id, row.part_id): (row.qty, row.value_amount) for row in kept}
    qty = {day: {area: one[0] for area, one in now.items()} for day in days}
    value = {day: {area: one[1] for area, one in now.items()} for day in days}
    running = {area: one[0] for area, one in now.items()}
    emptied: set[Area] = set()
    first = StockMove.objects.filter(day__gt=min(days)).aggregate(first=Min("pk"))["first"] if days else None
    moves = StockMove.objects.filter(pk__gte=first) if first is not None else StockMove.objects.none()
    for effect in _effects(moves.order_by("-pk"), now.keys(), parts):
        was_last = effect.qty < 0 and running[effect.area] == 0
        running[effect.area] -= effect.qty
        for day in days:
            if effect.day > day:
                qty[day][effect.area] -= effect.qty
                value[day][effect.area] -= effect.value
                if was_last:
                    emptied.add(effect.area)
    _replay(emptied, days, value)
    return {day: {area: (n, value[day][area]) for area, n in qty[day].items() if n or value[day][area]} for day in days}


def amounts_on(days: Sequence[dt.date], *, actor: Actor, branch_ids: Iterable[int] | None = None) -> dict[dt.date, dict[Area, Decimal]]:
    """What lay in each branch of each part was worth at the end of these days, to the cent; where he may see costs. Three statements.

    For reports over long times: as `values_on`, but summed by the database, so that the last fraction that an emptied store
    gave up (less than a millionth of a yuan for each unit) is left where it was.
    """
    days = sorted(set(days))
    kept = visible(Cost, actor)
    if branch_ids is not None:
        kept = kept.filter(branch_id__in=list(branch_ids))
    now = {(row.branch_id, row.part_id): row.value_amount for row in kept}
    found = {day: dict(now) for day in days}
    # In which span between the days a move stands; one after the last day counts for all of them.
    span = Case(*(When(day__lte=day, then=Value(n)) for n, day in enumerate(days)), default=Value(len(days)))
    for side, sign in (("to", 1), ("from", -1)):
        # Moves inside of a branch carry no cost.
        rows = StockMove.objects.filter(day__gt=days[0], unit_cost__gt=0, **{f"{side}_condition__in": rules.VALUED}).order_by()
        rows = rows.exclude(**{f"{side}_place__kind_of__in": Place.OUTSIDE}).annotate(span=span)
        rows = rows.values_list(f"{side}_place__branch_id", "part_id", "span").annotate(amount=Round(Sum(F("qty") * F("unit_cost")), 6))
        for branch, part, n, amount in rows:
            for day in days[:n]:
                if (branch, part) in now:
                    found[day][branch, part] -= sign * amount
    return found


def units_on(
    day: dt.date, found: Iterable[tuple], places: Mapping[int, Place], actor: Actor, *, most: int | None = None
) -> dict[Area, Decimal]:
    """What one unit was worth that evening, by (branch, part), for rows as `stock_on` gives them; where he may see costs.

    Nothing when more than `most` moves would have to be read for it: a page shall not keep its reader waiting.
    """
    wanted = {(places[place].branch_id, part) for place, part, *_rest in found}
    parts = {part for _branch, part in wanted}
    if not wanted or (most is not None and StockMove.objects.filter(part_id__in=parts)[: most + 1].count() > most):
        return {}
    values = values_on([day], actor=actor, branch_ids={branch for branch, _part in wanted}, part_ids=parts)
    return {area: amount / qty for area, (qty, amount) in values[day].items() if qty > 0 and area in wanted}


def _effects(moves, areas: Iterable[Area], parts: set[int] | None) -> Iterator[_Effect]:
    """What these moves did to these areas, in their order; what stays in a branch, or carries no value, did nothing."""
    known = set(areas)
    if parts is not None:
        moves = moves.filter(part_id__in=parts)
    branches = {place.pk: place.branch_id if place.is_inside else None for place in Place.objects.all()}
    for day, part, qty, unit, here, condition, there, condition_there in moves.values_list(*_COLUMNS).iterator(chunk_size=5000):
        out = branches[here] if condition in rules.VALUED else None
        into = branches[there] if condition_there in rules.VALUED else None
        if out == into:
            continue
        if out is not None and (out, part) in known:
            yield _Effect((out, part), day, -qty, unit)
        if into is not None and (into, part) in known:
            yield _Effect((into, part), day, qty, unit)


def _replay(areas: set[Area], days: Sequence[dt.date], value: dict[dt.date, dict[Area, Decimal]]) -> None:
    """Work these areas out from their first move on, and put what they were worth in the place of what was reckoned."""
    if not areas:
        return
    state: dict[Area, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for day in days:
        value[day] |= dict.fromkeys(areas, ZERO)
    for effect in _effects(StockMove.objects.order_by("pk"), areas, {part for _branch, part in areas}):
        before = state[effect.area]
        state[effect.area] = (
            rules.put_in(*before, effect.qty, effect.unit) if effect.qty > 0 else rules.take_out(*before, -effect.qty)[1:]
        )
        for day in days:
            if effect.day <= day:
                value[day][effect.area] += state[effect.area][1] - before[1]


def usage_by_place(actor: Actor, *, since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """What the goods cost that customers got from each place on these days, what they gave back taken off; by place id."""
    seen = set(visible(Place, actor, access.VIEW_COST).exclude(kind_of__in=Place.OUTSIDE).values_list("pk", flat=True))
    found: dict[int, Decimal] = defaultdict(Decimal)
    for here, there, sign in (("from", "to", 1), ("to", "from", -1)):
        rows = StockMove.objects.filter(day__gte=since, day__lte=until, **{f"{there}_place__kind_of": Place.Kind.CUSTOMER}).order_by()
        cost = Round(Sum(F("qty") * F("unit_cost")), 6)
        for place, amount in rows.values_list(f"{here}_place_id").annotate(cost=cost):
            if place in seen:
                found[place] += sign * amount
    return found


def last_usage(part_ids: Iterable[int] | None = None) -> dict[Area, dt.date]:
    """The last day on which a customer got the part from the branch, by (branch, part)."""
    rows = StockMove.objects.filter(to_place__kind_of=Place.Kind.CUSTOMER).order_by()
    if part_ids is not None:
        rows = rows.filter(part_id__in=list(part_ids))
    rows = rows.values_list("from_place__branch_id", "part_id").annotate(last=Max("day"))
    return {(branch, part): last for branch, part, last in rows}


def first_arrival(part_ids: Iterable[int]) -> dict[Area, dt.date]:
    """The first day on which the part came to a place of the branch, by (branch, part)."""
    rows = StockMove.objects.filter(part_id__in=list(part_ids)).exclude(to_place__branch=None).order_by()
    rows = rows.values_list("to_place__branch_id", "part_id").annotate(first=Min("day"))
    return {(branch, part): first for branch, part, first in rows}
