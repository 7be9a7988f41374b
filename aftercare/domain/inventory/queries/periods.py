"""Closed periods, and what lay where on a past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection
from django.db.models import Max, Q, QuerySet

from aftercare.domain.inventory import access
from aftercare.domain.inventory.models import BranchRule, Period, Place
from aftercare.domain.inventory.queries.blind import hidden_keys
from aftercare.foundation import kept, quantity
from aftercare.foundation.access import Actor, visible

ZERO = Decimal(0)


def closed_to(branch_ids: Iterable[int]) -> dt.date | None:
    """The last closed day of any of these branches, by its own closing or by one of the whole company."""
    closed = kept.setting("inventory.closed_to", _closed_days)
    return max((closed[branch] for branch in (None, *branch_ids) if branch in closed), default=None)


def _closed_days() -> dict[int | None, dt.date]:
    # Kept with the settings: a closing renews their mark, and who began before it has ended when it is written down.
    return dict(Period.objects.order_by().values_list("branch_id").annotate(last=Max("closed_to")))


def list_periods(actor: Actor) -> QuerySet[Period]:
    """What was closed, newest first."""
    return visible(Period, actor).select_related("branch").order_by("-closed_to", "-pk")


def rule_of(branch_id: int) -> BranchRule:
    """The rules of the branch for its stock documents; the defaults where it has none."""
    return BranchRule.objects.filter(branch_id=branch_id).first() or BranchRule(branch_id=branch_id)


def list_rules(actor: Actor) -> QuerySet[BranchRule]:
    """The rules that branches have set."""
    return visible(BranchRule, actor).select_related("branch").order_by("branch__number")


# What lay somewhere at a day's end: the last snapshot not later than it, and the moves since; without a snapshot, what
# lies there now less the moves after the day.
_SINCE = """
SELECT place_id, part_id, condition, lot, ROUND(SUM(qty), 3) FROM (
  SELECT place_id, part_id, condition, lot, qty FROM {table} WHERE {base}
  UNION ALL SELECT to_place_id, part_id, to_condition, lot, {plus}qty FROM inventory_stockmove WHERE {span} AND {to}
  UNION ALL SELECT from_place_id, part_id, from_condition, lot, {minus}qty FROM inventory_stockmove WHERE {span} AND {out}
) AS rows GROUP BY place_id, part_id, condition, lot HAVING ROUND(SUM(qty), 3) <> 0
ORDER BY part_id, place_id, condition, lot"""
_BALANCES = "(SELECT place_id, part_id, condition, lot, on_hand_qty AS qty FROM inventory_balance) AS now"


def stock_on(
    day: dt.date, *, actor: Actor, place_ids: Iterable[int] | None = None, part_id: int | None = None
) -> list[tuple[int, int, str, str, Decimal]]:
    """What lay where at the end of that day: (place_id, part_id, condition, lot, qty), nothing at zero.

    Moves count by the day they stand on in the books. Only places the actor may see; `place_ids` and `part_id` narrow. What is
    counted blind now is left out for its counters: yesterday's quantity tells today's.
    """
    seen = visible(Place, actor).exclude(kind_of__in=Place.OUTSIDE)
    if place_ids is not None:
        seen = seen.filter(Q(pk__in=list(place_ids)) | Q(parent_id__in=list(place_ids)))
    places = dict(seen.values_list("pk", "branch_id"))
    if not places:
        return []
    kept = _kept_before(day, set(places.values()))
    with connection.cursor() as cursor:
        cursor.execute(*_statement(day, kept, sorted(places), part_id))
        found = [(*key, Decimal(str(qty)).quantize(quantity.STEP)) for *key, qty in cursor.fetchall()]
    hidden = hidden_keys(actor)
    return [row for row in found if (row[0], row[1]) not in hidden] if hidden else found


def _kept_before(day: dt.date, branches: set[int]) -> dt.date | None:
    """The newest day up to this one on which all these branches' stock was written down together."""
    rows = Period.objects.filter(branch=None, is_kept=True, closed_to__lte=day)
    if len(branches) == 1:
        rows = Period.objects.filter(Q(branch=None) | Q(branch_id__in=branches), is_kept=True, closed_to__lte=day)
    return rows.aggregate(last=Max("closed_to"))["last"]


def _statement(day: dt.date, kept: dt.date | None, places: list[int], part_id: int | None) -> tuple[str, list]:
    day, kept = (one and connection.ops.adapt_datefield_value(one) for one in (day, kept))
    marks = ", ".join(["%s"] * len(places))
    one_part, of_part = (" AND part_id = %s", [part_id]) if part_id is not None else ("", [])
    if kept is None:
        table, base, span = _BALANCES, "1 = 1", "day > %s"
        base_values: list = []
        days: list = [day]
        plus, minus = "-", ""
    else:
        table, base, span = "inventory_snapshot", "day = %s", "day > %s AND day <= %s"
        base_values, days, plus, minus = [kept], [kept, day], "", "-"
    sql = _SINCE.format(
        table=table, base=f"{base} AND place_id IN ({marks}){one_part}", plus=plus, minus=minus, span=span,
        to=f"to_place_id IN ({marks}){one_part}", out=f"from_place_id IN ({marks}){one_part}",
    )
    moves = [*days, *places, *of_part]
    return sql, [*base_values, *places, *of_part, *moves, *moves]


def may_close(actor: Actor, branch_id: int | None) -> bool:
    """Whether the actor may close periods of that branch, or (None) of the whole company."""
    reach = actor.reach(access.CLOSE_PERIOD)
    return bool(reach) and (reach.everywhere if branch_id is None else actor.may(access.CLOSE_PERIOD, branch_id=branch_id))
