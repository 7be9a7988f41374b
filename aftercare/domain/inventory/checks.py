"""What `aftercare check` proves about stock: balances, promises and costs are what moves and reservations say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.models import Balance, Cost, Period, Place, Reservation, Snapshot, StockMove
from aftercare.foundation import quantity
from aftercare.foundation.checks import register_check

ZERO = Decimal(0)


@register_check("inventory.balances")
def check_balances() -> list[str]:
    """What lies anywhere is what came less what went."""
    rebuilt: dict[tuple, Decimal] = defaultdict(Decimal)
    for side, sign in (("to", 1), ("from", -1)):
        key = (f"{side}_place_id", "part_id", f"{side}_condition", "lot")
        inside = StockMove.objects.exclude(**{f"{side}_place__kind_of__in": Place.OUTSIDE}).order_by()
        for *one, total in inside.values_list(*key).annotate(total=quantity.summed("qty")):
            rebuilt[tuple(one)] += sign * total
    kept = {tuple(row): qty for *row, qty in Balance.objects.values_list("place_id", "part_id", "condition", "lot", "on_hand_qty")}
    return list(_differences("on hand", kept, rebuilt))


@register_check("inventory.reservations")
def check_reservations() -> list[str]:
    """What is promised anywhere is the sum of what documents were promised."""
    sums = Reservation.objects.order_by().values_list("place_id", "part_id", "lot").annotate(total=quantity.summed("qty"))
    rebuilt = {(place, part, rules.GOOD, lot): total for place, part, lot, total in sums}
    kept = {tuple(row): qty for *row, qty in Balance.objects.values_list("place_id", "part_id", "condition", "lot", "reserved_qty")}
    return list(_differences("reserved", kept, rebuilt))


@register_check("inventory.costs")
def check_costs() -> list[str]:
    """The moving averages replayed from the first move on equal the ones kept."""
    totals: dict[tuple[int, int], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    areas = {place.pk: place.branch_id if place.is_inside else None for place in Place.objects.all()}
    columns = ("part_id", "qty", "unit_cost", "from_place_id", "from_condition", "to_place_id", "to_condition")
    for part, qty, unit, here, condition, there, condition_there in (
        StockMove.objects.order_by("pk").values_list(*columns).iterator(chunk_size=5000)
    ):
        out = areas[here] if condition in rules.VALUED else None
        into = areas[there] if condition_there in rules.VALUED else None
        if out == into:
            continue
        if out is not None:
            _unit, left, value = rules.take_out(*totals[out, part], qty)
            totals[out, part] = left, value
        if into is not None:
            totals[into, part] = rules.put_in(*totals[into, part], qty, unit)
    kept = {(row.branch_id, row.part_id): (row.qty, row.value_amount) for row in Cost.objects.all()}
    return [
        f"cost of part {part} in branch {branch} is {kept.get((branch, part))}, its moves say {totals.get((branch, part))}"
        for branch, part in sorted(kept.keys() | totals.keys())
        if kept.get((branch, part), (ZERO, ZERO)) != totals.get((branch, part), (ZERO, ZERO))
    ]


@register_check("inventory.serials")
def check_serials() -> list[str]:
    """A serial number lies in one place at most."""
    rows = Balance.objects.filter(is_serial=True, on_hand_qty__gt=0).order_by().values_list("part_id", "lot")
    return [f"serial {lot} of part {part} lies in {n} places" for part, lot, n in rows.annotate(n=Count("pk")).filter(n__gt=1)]


@register_check("inventory.snapshots")
def check_snapshots() -> list[str]:
    """What was kept of a closed day is what the moves up to that day say."""
    found = []
    for day, branch_id in Period.objects.filter(is_kept=True).order_by("closed_to").values_list("closed_to", "branch_id"):
        places = Place.objects.exclude(kind_of__in=Place.OUTSIDE)
        if branch_id is not None:
            places = places.filter(branch_id=branch_id)
        inside = set(places.values_list("pk", flat=True))
        rebuilt: dict[tuple, Decimal] = defaultdict(Decimal)
        for side, sign in (("to", 1), ("from", -1)):
            key = (f"{side}_place_id", "part_id", f"{side}_condition", "lot")
            rows = StockMove.objects.filter(day__lte=day).order_by().values_list(*key).annotate(total=quantity.summed("qty"))
            for *one, total in rows:
                if one[0] in inside:
                    rebuilt[tuple(one)] += sign * total
        rows = Snapshot.objects.filter(day=day).values_list("place_id", "part_id", "condition", "lot", "qty")
        kept = {tuple(row): qty for *row, qty in rows if row[0] in inside}
        found += _differences(f"on hand at the end of {day}", kept, rebuilt)
    return found


def _differences(what: str, kept: dict[tuple, Decimal], rebuilt: dict[tuple, Decimal]) -> Iterator[str]:
    for place, part, condition, lot in sorted(kept.keys() | rebuilt.keys()):
        one = (place, part, condition, lot)
        if kept.get(one, ZERO) != rebuilt.get(one, ZERO):
            yield (
                f"{what} of part {part} {condition} {lot} at place {place} is {kept.get(one, ZERO)}, "
                f"the rows say {rebuilt.get(one, ZERO)}"
            )
