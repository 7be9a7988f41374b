"""Old parts follow the order that replaced them: owed when the new part is used, withdrawn when its use is taken back.

The moment is the use itself (finished on site or on the bench), not the audit: from then on the old part is in the
engineer's hands. Done again after it was sent back, the debts follow what is used in the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as units
from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.cores import actions as cores
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.cores import rules
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.work import queries as orders
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)
ORDER_KIND = "work.workorder"


def follow(order, rows: Iterable, *, is_again: bool = False, actor: Actor, at: dt.datetime) -> None:
    """Bring the order's debts in line with its part lines `rows` as used. Costs nothing where no part comes back.

    `is_again` says that parts were used for it before, so that debts may stand.
    """
    rows, source = list(rows), Source.of(order)
    if not old_parts.may_be_owed(row.part for row in rows if row.used_qty) and not (is_again and old_parts.standing_of(source)):
        return
    swaps = units.standing_swaps(units.swaps_of(source.kind, source.id)) if order.asset_id else []
    old = {swap.new.serial: swap for swap in swaps}
    paid = _paid_lines(source)
    path = tuple(catalog.ancestry(order.category_id))
    day = clock.local_day(at, people.zone_of(order.branch_id))
    uses = [rules.Use(row.part_id, row.part.is_returnable, _line(row) in paid, day, category_ids=path) for row in rows]
    demands = []
    for row, decision in zip(rows, old_parts.decide(uses, branch_id=order.branch_id), strict=True):
        swap = old.get(row.new_serial) if row.new_serial else None
        kept = swap is not None and swap.is_old_kept
        serial = row.old_serial or (swap.old.serial if swap is not None else "")
        demands.append(cores.Demand(_line(row), row.part, row.used_qty, serial, decision.is_owed and not kept, decision.rule))
    cores.follow(
        source, demands, branch_id=order.branch_id, employee_id=order.engineer_id, outlet_id=order.outlet_id, actor=actor, at=at,
    )


def _line(row) -> str:
    """The name of a part line in the stock ledger, on the bill and here."""
    return f"m{row.pk}"


def _paid_lines(source: Source) -> set[str]:
    """The part lines that the customer pays for alone."""
    payers: dict[str, set[str]] = {}
    for charge in bills.charges_of(source):
        if charge.kind_of == "part":
            payers.setdefault(charge.base_line or charge.line, set()).add(charge.payer)
    return {line for line, who in payers.items() if who == {"customer"}}


def follow_again(order, *, actor: Actor, at: dt.datetime) -> None:
    """The same from what is written, after payers, serial numbers or a swap of a finished order changed."""
    rows = orders.read_materials(order)
    if any(row.used_qty for row in rows):
        follow(order, rows, is_again=True, actor=actor, at=at)


def follow_reversal(fact, *, at: dt.datetime) -> None:
    """A reaction: moves of stock were taken back; debts of order lines that used them follow the ledger. Safe to run twice."""
    actor = Actor.system("reactions")
    moves = [stock.get_move(pk, actor) for pk in fact.data["move_ids"]]
    for source in {Source(m.source_kind, m.source_id, m.source_number) for m in moves if m.source_kind == ORDER_KIND}:
        used = stock.used_lines(source.kind, [source.id])
        for line, part_id in {(m.line, m.part_id) for m in moves if m.source_id == source.id}:
            cores.shrink(source, line, used.get((source.id, line, part_id), ZERO), actor=actor, at=at)


@whole()
def lock_statement(statement, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Lock an engineer's month, unless the rules of his overdue old parts forbid it (`cores_overdue`).

    Where they only ask for a warning it is locked, and the warning stands on the month's timeline.
    """
    late = overdue_of(statement, at=at)
    policy = old_parts.policy_of(late)
    if policy == "block":
        blocking = [core for core in late if core.blocking == "block"]
        raise RuleBroken(told(blocking), code="cores_overdue", tags=[core.number for core in blocking[:50]])
    statement = settlement.lock_statement(statement, version=version, actor=actor, at=at)
    if policy == "warn":
        cores.warn_statement(statement, late, actor=actor, at=at)
    return statement


def overdue_of(statement, *, at: dt.datetime) -> list:
    """The overdue old parts that touch this engineer's month; none once it is locked."""
    if statement.status == "locked":
        return []
    day = clock.local_day(at, people.zone_of(statement.branch_id))
    return old_parts.overdue_of(day=day, employee_id=statement.employee_id)


def told(late: list) -> str:
    """What is overdue, in the user's words."""
    return _("有 %(count)s 件旧件逾期未交，最早应于 %(day)s 交：%(tags)s") % {
        "count": len(late), "day": min(core.due_on for core in late).isoformat(),
        "tags": _("、").join(core.number for core in late[:5]),
    }
