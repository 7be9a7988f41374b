"""Debts follow the part lines of their document: made with the replacement, withdrawn when it is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aftercare.domain.assets import rules as serials
from aftercare.domain.cores import access, facts, queries, rules
from aftercare.domain.cores.actions.charging import lift_standing, reverse_charge
from aftercare.domain.cores.actions.papers import trusted
from aftercare.domain.cores.lifecycle import CORE, CoreStatus
from aftercare.domain.cores.models import CoreReturn
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import shown
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

ZERO = Decimal(0)


@dataclass(frozen=True)
class Demand:
    """What one part line of a document has replaced: how much in all, the old part's serial number where it is known.

    `is_wanted` is False where the old part need not come back (kept by the customer, or as the rules say).
    """

    line: str
    part: object
    qty: Decimal
    serial: str = ""
    is_wanted: bool = True
    rule: rules.RuleLine | None = None


def follow(
    source: Source, demands: Iterable[Demand], *, branch_id: int, employee_id: int | None, outlet_id: int | None = None,
    actor: Actor, at: dt.datetime,
) -> list[CoreReturn]:
    """Bring the document's debts in line with what its lines replaced; gives back the new ones. Twice changes nothing.

    What is owed too much is withdrawn, a charge for it taken back. What lies here already and is not asked for any more
    stays and is marked; it can be handed back or dealt with. No permission is asked: the document's move has asked.
    """
    with step():
        standing = queries.standing_of(source)
        made = []
        for demand in demands:
            rows = standing.get(demand.line, [])
            wanted = demand.qty if demand.is_wanted else ZERO
            same = [row for row in rows if row.part_id == demand.part.pk]
            for other in (row for row in rows if row.part_id != demand.part.pk):
                _drop(other, other.asked_qty, actor, at)
            lacking = _settle(same, wanted, actor, at)
            _tell_serial(same, demand.serial, actor, at)
            if lacking > 0:
                made.append(_owe(source, demand, lacking, max((row.piece for row in rows), default=0) + 1,
                                 branch_id, employee_id, outlet_id, actor, at))
        return made


def shrink(source: Source, line: str, qty: Decimal, *, actor: Actor, at: dt.datetime) -> None:
    """A replacement of that line was taken back in part or in all: at most `qty` is owed for it from now on."""
    with step():
        rows = queries.standing_of(source).get(line, [])
        if sum((row.asked_qty for row in rows), ZERO) > qty:
            _settle(rows, qty, actor, at)


def _settle(rows: Sequence[CoreReturn], wanted: Decimal, actor: Actor, at: dt.datetime) -> Decimal:
    """Take off what is too much, ask again for what lies here unasked; gives back what is lacking still."""
    # What is only owed goes first, the newest before the older; then what lies here, then what is gone already.
    order = {CoreStatus.OWED: 0, CoreStatus.WAIVED: 1, CoreStatus.RECEIVED: 2}
    asked = sorted((row for row in rows if row.asked_qty), key=lambda row: (order.get(row.status, 3), -row.pk))
    by_id = {row.pk: row for row in asked}
    taken, lacking = rules.portions([(row.pk, row.asked_qty) for row in asked], wanted)
    for pk, qty in taken:
        _drop(by_id[pk], qty, actor, at)
    for row in rows:
        again = min(lacking, row.surplus_qty) if row.status != CoreStatus.CANCELLED else ZERO
        if again:
            _mark(row, row.surplus_qty - again, actor, at)
            lacking -= again
    return lacking


def _drop(row: CoreReturn, qty: Decimal, actor: Actor, at: dt.datetime) -> None:
    """That much of the piece is not owed any more."""
    if not qty:
        return
    if row.status == CoreStatus.OWED and qty == row.qty:
        withdraw(row, actor=trusted(actor), at=at)
    elif row.status == CoreStatus.OWED:
        row = lift_standing(row, reason=row.source_number, actor=actor, at=at)
        revise(row, actor=trusted(actor), at=at, permission=access.FOLLOW, verb="cores.corereturn.lessen", qty=row.qty - qty,
               fact=facts.CoreWithdrawn(row.pk, shown(qty)))
    else:
        _mark(row, row.surplus_qty + qty, actor, at)


@CORE.move("withdraw")
def withdraw(core: CoreReturn, *, actor: Actor, at: dt.datetime):
    """The part was not used after all: nothing is owed, and what was charged for it is taken back."""
    reverse_charge(core, reason=core.source_number, actor=actor, at=at)
    revise(core, closed_at=at)
    return facts.CoreWithdrawn(core.pk, shown(core.qty))


def _mark(row: CoreReturn, surplus: Decimal, actor: Actor, at: dt.datetime) -> None:
    revise(row, actor=trusted(actor), at=at, permission=access.FOLLOW, verb="cores.corereturn.follow", surplus_qty=surplus,
           fact=facts.CoreFollowed(row.pk, shown(surplus)))


def _tell_serial(rows: Sequence[CoreReturn], serial: str, actor: Actor, at: dt.datetime) -> None:
    """The old part's number became known, or another one, before it was handed in."""
    key = serials.serial_key(serial)
    if not key or all(row.serial == key for row in rows):
        return
    # Read anew: what was owed may just have been withdrawn.
    owed = list(CoreReturn.objects.filter(pk__in=[row.pk for row in rows], status=CoreStatus.OWED))
    if len(owed) == 1 and owed[0].serial != key:
        revise(owed[0], actor=trusted(actor), at=at, permission=access.FOLLOW, verb="cores.corereturn.follow", serial=key,
               fact=facts.CoreFollowed(owed[0].pk, "0"))


def _owe(
    source: Source, demand: Demand, qty: Decimal, piece: int, branch_id: int, employee_id: int | None, outlet_id: int | None,
    actor: Actor, at: dt.datetime,
) -> CoreReturn:
    zone = people.zone_of(branch_id)
    decision = rules.Decision(True, demand.rule)
    due_on = clock.local_day(people.due_in_days(branch_id, at, decision.days), zone)
    rule = demand.rule or rules.RuleLine(0, 0, due_on)
    core = CoreReturn(
        number=numbering.take("OP", clock.local_day(at, zone)), branch_id=branch_id, employee_id=employee_id, outlet_id=outlet_id,
        source_kind=source.kind, source_id=source.id, source_number=source.number, line=demand.line, piece=piece, part=demand.part,
        qty=qty, serial=serials.serial_key(demand.serial), rule_id=rule.id or None, rule_version=rule.version, owed_at=at,
        due_on=due_on, charge_amount=rule.charge_amount, is_charge_lifted=rule.is_charge_lifted, blocking=rule.blocking,
        credit_expected_amount=rule.credit_amount,
    )
    return open_new(
        core, actor=trusted(actor), at=at, permission=access.FOLLOW, verb="cores.corereturn.owe",
        fact=lambda row: facts.CoreOwed(row.pk, row.number, row.part_id, shown(row.qty), row.due_on.isoformat()),
    )
