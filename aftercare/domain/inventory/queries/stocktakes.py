"""Stocktakes, read: what is to be counted, what the books said at a moment, who may see it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access
from aftercare.domain.inventory.lifecycle import StocktakeStatus
from aftercare.domain.inventory.models import (
    Balance,
    Cost,
    CountEntry,
    CountRule,
    Place,
    Reservation,
    StockMove,
    Stocktake,
    StocktakeLine,
)
from aftercare.domain.inventory.queries.balances import at_place
from aftercare.domain.inventory.queries.classes import abc_of
from aftercare.domain.inventory.rules import VALUED, Key, average
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

ZERO = Decimal(0)
_TO_COUNT = (StocktakeLine.State.OPEN, StocktakeLine.State.RECOUNT)


def list_stocktakes(actor: Actor) -> QuerySet[Stocktake]:
    """The stocktakes the actor may see."""
    return visible(Stocktake, actor).select_related("branch", "place")


def get_stocktake(key: int | str, actor: Actor) -> Stocktake:
    """The stocktake of that id or number; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_stocktakes(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到盘点单"), kind="inventory.stocktake")
    return found


def person_of(actor: Actor) -> str:
    """Who counts or approves: the employee himself, through whatever door and with whatever token."""
    return f"employee:{actor.employee_id}" if actor.employee_id else f"{actor.kind}:{actor.id}"


def is_counter(stocktake: Stocktake, actor: Actor) -> bool:
    """True when the actor has counted anything of it, in whatever round."""
    return CountEntry.objects.filter(line__stocktake=stocktake, counter=person_of(actor)).exists()


def why_not_count(stocktake: Stocktake, actor: Actor) -> tuple[str, str] | None:
    """Code and words of why the actor may not count it, whatever his rights; None when he may."""
    place = stocktake.place
    is_own = place.employee_id is not None and place.employee_id == actor.employee_id
    is_outlet = place.kind_of == Place.Kind.OUTLET or place.branch_id in actor.outlets
    is_own |= is_outlet and actor.branch_id == place.branch_id
    if is_own and not count_rule_of(stocktake.branch_id).is_own_count:
        return "own_count_not_allowed", _("本机构不允许自己盘点自己的库")
    if stocktake.reviewer == person_of(actor):
        return "reviewer_may_not_count", _("您看过差异并退回了这张盘点单，请由他人复盘")
    return None


def own_to_count(actor: Actor) -> QuerySet[Stocktake]:
    """Stocktakes of the actor's own van that are being counted, the oldest first."""
    rows = list_stocktakes(actor).filter(place__employee_id=actor.employee_id or 0, status=StocktakeStatus.COUNTING)
    return rows.order_by("pk")


def may_see_book(stocktake: Stocktake, actor: Actor) -> bool:
    """Whether the actor may see quantities of the books and of other counters: an auditor of counts, after the counting,
    and until it is settled only one who has not counted himself.
    """
    if stocktake.status == StocktakeStatus.COUNTING:
        return False
    if not actor.may(access.APPROVE_COUNT, branch_id=stocktake.branch_id):
        return False
    return stocktake.status != StocktakeStatus.SUBMITTED or not is_counter(stocktake, actor)


def stocktake_lines(stocktake: Stocktake) -> QuerySet[StocktakeLine]:
    """Its lines in the order in which one walks. They carry what is hidden: doors ask `may_see_book` first."""
    rows = StocktakeLine.objects.filter(stocktake=stocktake).select_related("place", "part")
    return rows.order_by("place__position", "place__code", "part__code", "position")


def left_to_count(stocktake: Stocktake) -> QuerySet[StocktakeLine]:
    """The lines that this round still waits for."""
    return stocktake_lines(stocktake).filter(state__in=_TO_COUNT, counted_round__lt=stocktake.round)


def progress_of(ids: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """Of each stocktake: lines, lines that its present round still waits for, lines to be counted again. One statement."""
    waiting = Q(state__in=_TO_COUNT, counted_round__lt=F("stocktake__round"))
    rows = StocktakeLine.objects.filter(stocktake_id__in=list(ids)).order_by().values_list("stocktake_id").annotate(
        every=Count("pk"), waiting=Count("pk", filter=waiting), again=Count("pk", filter=waiting & Q(state=StocktakeLine.State.RECOUNT))
    )
    return {pk: tuple(numbers) for pk, *numbers in rows}


def own_counts(stocktake: Stocktake, actor: Actor) -> dict[int, Decimal]:
    """What the actor himself counted in the present round, by line id."""
    rows = CountEntry.objects.filter(line__stocktake=stocktake, round=stocktake.round, counter=person_of(actor))
    return dict(rows.order_by("pk").values_list("line_id", "qty"))


def counts_of(line_ids: Iterable[int]) -> dict[int, list[CountEntry]]:
    """The counts of these lines, by round; of one person in one round only the last."""
    last: dict[tuple[int, int, str], CountEntry] = {}
    for entry in CountEntry.objects.filter(line_id__in=list(line_ids)).order_by("round", "pk"):
        last.pop((entry.line_id, entry.round, entry.counter), None)
        last[entry.line_id, entry.round, entry.counter] = entry
    found: dict[int, list[CountEntry]] = defaultdict(list)
    for entry in last.values():
        found[entry.line_id].append(entry)
    return found


def counters_of(stocktake: Stocktake) -> list[tuple[str, int]]:
    """Who has counted how many lines, by name."""
    rows = CountEntry.objects.filter(line__stocktake=stocktake).order_by().values_list("counter_name")
    return sorted(rows.annotate(lines=Count("line_id", distinct=True)))


def key_of(line: StocktakeLine) -> Key:
    """The key of the balance that a line counts."""
    return Key(line.place_id, line.part_id, line.condition, line.lot)


def book_at(points: Sequence[tuple[Key, dt.datetime]], *, zone_name: str) -> list[Decimal]:
    """What the books say lay at each key at its moment, as far as they know today.

    A move counts as before the moment when it happened before or at it, or stands on an earlier day: so a paper that is
    written late, of goods that had come or gone before the count, does not falsify it, and neither do moves afterwards.
    Worked out backwards, from what lies there now less the moves after the moment; the two are the same by the ledger.
    """
    if not points:
        return []
    places = {key.place_id for key, _at in points}
    since = min(at for _key, at in points)
    columns = ("place_id", "part_id", "condition", "lot", "on_hand_qty")
    now = {Key(*key): qty for *key, qty in Balance.objects.filter(place_id__in=places).values_list(*columns)}
    later: dict[Key, list[tuple[dt.datetime, dt.date, Decimal]]] = defaultdict(list)
    moves = StockMove.objects.filter(at__gt=since, day__gte=clock.local_day(since, zone_name)).order_by()
    for side, sign in (("to", 1), ("from", -1)):
        rows = moves.filter(**{f"{side}_place_id__in": places})
        for at, day, qty, *key in rows.values_list("at", "day", "qty", f"{side}_place_id", "part_id", f"{side}_condition", "lot"):
            later[Key(*key)].append((at, day, sign * qty))
    return [
        now.get(key, ZERO) - sum((qty for when, day, qty in later.get(key, ()) if when > at and day >= clock.local_day(at, zone_name)), ZERO)
        for key, at in points
    ]


def since_count(lines: Sequence[StocktakeLine]) -> dict[int, Decimal]:
    """What has come and gone at each line's key since the count that stands, by line id; only where it is not nothing."""
    columns = ("place_id", "part_id", "condition", "lot", "on_hand_qty")
    places = {line.place_id for line in lines}
    now = {Key(*key): qty for *key, qty in Balance.objects.filter(place_id__in=places).values_list(*columns)}
    moved = {line.pk: now.get(key_of(line), ZERO) - (line.expected_qty or ZERO) for line in lines}
    return {pk: qty for pk, qty in moved.items() if qty}


def found_elsewhere(lines: Iterable[StocktakeLine]) -> dict[int, Balance]:
    """Serial numbers found where the books do not know them, by line id, with the balance under which the books know them."""
    found = {(line.part_id, line.lot): line for line in lines if line.difference_qty and line.difference_qty > 0 and line.lot}
    if not found:
        return {}
    rows = Balance.objects.filter(
        is_serial=True, on_hand_qty__gt=0, part_id__in={part for part, _lot in found}, lot__in={lot for _part, lot in found}
    ).select_related("place")
    known = {(row.part_id, row.lot): row for row in rows}
    return {line.pk: known[key] for key, line in found.items() if key in known}


def value_per_unit(branch_id: int, lines: Iterable[StocktakeLine]) -> dict[int, Decimal]:
    """The moving average of each line's part, by line id; what carries no value (old and defective parts) is worth nothing."""
    lines = list(lines)
    costs = {row.part_id: average(row.qty, row.value_amount) for row in Cost.objects.filter(branch_id=branch_id)}
    return {line.pk: costs.get(line.part_id, ZERO) if line.condition in VALUED else ZERO for line in lines}


def holders_of(keys: Iterable[Key]) -> dict[Key, list[tuple[str, Decimal]]]:
    """To which documents goods at these keys are promised: (number, quantity), oldest first."""
    wanted = set(keys)
    rows = Reservation.objects.filter(
        qty__gt=0, place_id__in={key.place_id for key in wanted}, part_id__in={key.part_id for key in wanted}
    ).order_by("made_at", "pk")
    found: dict[Key, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in rows:
        key = Key(row.place_id, row.part_id, "good", row.lot)
        if key in wanted:
            found[key].append((row.source_number, row.qty))
    return found


def count_rule_of(branch_id: int) -> CountRule:
    """How the branch counts and classifies; the defaults where it has said nothing."""
    return CountRule.objects.filter(branch_id=branch_id).first() or CountRule(branch_id=branch_id)


def count_rules_of(branch_ids: Iterable[int]) -> dict[int, CountRule]:
    """The rules of these branches, the defaults where they have said nothing. One statement."""
    said = {rule.branch_id: rule for rule in CountRule.objects.filter(branch_id__in=list(branch_ids))}
    return {branch_id: said.get(branch_id) or CountRule(branch_id=branch_id) for branch_id in branch_ids}


def list_count_rules(actor: Actor) -> QuerySet[CountRule]:
    """The rules that branches have set."""
    return visible(CountRule, actor).select_related("branch").order_by("branch__number")


def due_by_place(places: Iterable[Place], *, today: dt.date) -> dict[int, dict[int, str]]:
    """Which parts that lie at each of these places, or in their bins, are due for the cycle count, with their class; by place id.

    Due are parts not counted there for as many days as the branch's rule says for their class, or never, in a stocktake that
    was settled. A part without class counts as C. Five statements, however many places.
    """
    places = {place.pk: place for place in places}
    branches = {place.branch_id for place in places.values()}
    rules, letters, zones = count_rules_of(branches), abc_of(branches), {pk: people.zone_of(pk) for pk in branches}
    lines = StocktakeLine.objects.filter(at_place(places), stocktake__status=StocktakeStatus.SETTLED).order_by()
    last: dict[tuple[int, int], dt.datetime] = {}
    for spot, parent, part, when in lines.values_list("place_id", "place__parent_id", "part_id").annotate(last=Max("counted_at")):
        for place in {spot, parent} & places.keys():
            last[place, part] = max(when, last.get((place, part), when))
    rows = Balance.objects.filter(at_place(places), on_hand_qty__gt=0).order_by()
    due: dict[int, dict[int, str]] = {pk: {} for pk in places}
    for spot, parent, part in rows.values_list("place_id", "place__parent_id", "part_id").distinct():
        for pk in {spot, parent} & places.keys():
            branch = places[pk].branch_id
            letter, rule = letters.get((branch, part), "C"), rules[branch]
            days: Mapping[str, int] = {"A": rule.cycle_a_days, "B": rule.cycle_b_days, "C": rule.cycle_c_days}
            counted = last.get((pk, part))
            if counted is None or (today - clock.local_day(counted, zones[branch])).days >= days[letter]:
                due[pk][part] = letter
    return due


def due_parts(place: Place, *, today: dt.date, abc: str = "") -> dict[int, str]:
    """Which parts of one place are due, with their class; with `abc` those of that class."""
    due = due_by_place([place], today=today)[place.pk]
    return {part: letter for part, letter in due.items() if abc in ("", letter)}
