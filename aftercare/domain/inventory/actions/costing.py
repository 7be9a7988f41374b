"""The moving average of each part in each branch, as goods cross the border of a valuation area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions import locking
from aftercare.domain.inventory.actions.locking import decimal, for_update
from aftercare.domain.inventory.models import Cost, Place
from aftercare.foundation.append_only import insert_once

ZERO = rules.ZERO


def _area(place: Place, condition: str) -> int | None:
    return place.branch_id if place.is_inside and condition in rules.VALUED else None


def value(steps: Sequence) -> dict[tuple[int, int], Cost]:
    """Fill in each step's unit cost; gives back the locked costs as they will be, by branch and part."""
    crossing = []
    for step in steps:
        out, into = _area(step.from_place, step.from_condition), _area(step.to_place, step.to_condition)
        if out != into:
            crossing.append((step, out, into))
        else:
            step.unit_cost = ZERO
    areas = sorted({(a, s.part_id) for s, out, into in crossing for a in (out, into) if a is not None})
    if not areas:
        return {}
    fresh = sorted({(into, s.part_id) for s, _out, into in crossing if into is not None})
    if fresh:
        insert_once([Cost(branch_id=branch_id, part_id=part_id) for branch_id, part_id in fresh])
    costs = _lock(areas)
    for step, out, into in crossing:
        unit = step.unit_cost
        if out is not None:
            row = costs[out, step.part_id]
            unit, row.qty, row.value_amount = rules.take_out(row.qty, row.value_amount, step.qty)
        if into is not None:
            row = costs[into, step.part_id]
            if unit is None:
                unit = rules.average(row.qty, row.value_amount)
            row.qty, row.value_amount = rules.put_in(row.qty, row.value_amount, step.qty, unit)
        step.unit_cost = (unit or ZERO).quantize(rules.COST_STEP)
    return costs


def lock_parts(branch_id: int, part_ids: Iterable[int]) -> None:
    """Lock the costs of these parts in the branch, for who will book them in several portions."""
    areas = [(branch_id, part_id) for part_id in sorted(part_ids)]
    if areas:
        insert_once([Cost(branch_id=branch_id, part_id=part_id) for branch_id, part_id in areas])
        _lock(areas)


def _lock(areas: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Cost]:
    """The costs of these areas, which come in the order that everybody keeps."""
    if len(areas) > locking.MOST:
        return {area: row for part in locking.portions(areas) for area, row in _lock(part).items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, branch_id, part_id, qty, value_amount FROM inventory_cost WHERE "
            + " OR ".join(["(branch_id = %s AND part_id = %s)"] * len(areas))
            + " ORDER BY branch_id, part_id" + for_update("inventory_cost"),
            [value for area in areas for value in area],
        )
        return {
            (branch_id, part_id): Cost(pk=pk, branch_id=branch_id, part_id=part_id, qty=decimal(qty), value_amount=decimal(value))
            for pk, branch_id, part_id, qty, value in cursor.fetchall()
        }


def write(costs: Mapping[tuple[int, int], Cost]) -> None:
    """Write the costs as they are now."""
    for rows in locking.portions(list(costs.values())):
        _write(rows)


def _write(rows: Sequence[Cost]) -> None:
    values: list = []
    for row in rows:
        values += [row.pk, row.qty, row.value_amount]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_cost AS c SET qty = d.column2, value_amount = d.column3 FROM (VALUES "
            + ", ".join(["(%s, CAST(%s AS NUMERIC), CAST(%s AS NUMERIC))"] * len(rows))
            + ") AS d WHERE c.id = d.column1",
            values,
        )
