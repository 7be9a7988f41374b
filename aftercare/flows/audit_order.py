"""The audit: charges, commission, deductions and stock become final together; afterwards only reversal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.settlement import rules as commission
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import book_warranty, charging, consent, contract_use, old_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def audit(order, *, note: str = "", version: int | None = None, actor: Actor, at: dt.datetime):
    """Audit the order: never by its engineer. Charges are final, every commission line is booked with its explanation,
    overdue and repeat deductions among them; what stock was still promised is let go. Gives back the order.
    """
    order = work.audit(order, note=note, version=version, actor=actor, at=at)
    source = Source.of(order)
    inventory.release(source=source, actor=actor, at=at)
    inventory.cancel_requests(source=source, actor=actor, at=at)
    bill = bills.find_bill(source)
    if bill is None or contract_use.needs_new_price(order):
        bill = charging.write(order, contract_use.materials_of(order) if bill else [], actor=actor, at=at)
        old_parts.follow_again(order, actor=actor, at=at)  # who pays for a part may have changed
    billing.finalise(bill, actor=actor, at=at)
    consent.require(order)  # by the charges that became final; a refusal undoes all of it
    book_warranty.book(order, actor=actor, at=at)
    if order.engineer_id:
        settlement.accrue(audited_work(orders.with_names(order), at=at, zone=actor.zone), actor=actor, at=at)
    return order


def audited_work(order, *, at: dt.datetime, zone: str) -> commission.AuditedWork:
    """The order in the words of the commission rules, from what was recorded."""
    charges = bills.charges_of(Source.of(order))
    path = tuple(reversed(catalog.ancestry(order.category_id)))
    first = order.repeat_of if order.repeat_of_id else None
    late = 0
    if order.due_at and order.finished_at and order.finished_at > order.due_at:
        late = people.elapsed(order.branch_id, order.due_at, order.finished_at) // 60
    return commission.AuditedWork(
        source=Source.of(order), employee_id=order.engineer_id, branch_id=order.branch_id,
        audited_on=clock.local_day(at, zone), work_type_id=order.work_type_id, work_type_name=order.work_type.name,
        category_ids=path, category_name=order.category.name if order.category_id else "", mode=order.mode,
        grade=order.engineer.grade, labour_amount=_sum(charges, "labour"), part_amount=_sum(charges, "part"),
        finished_at=order.finished_at, due_at=order.due_at, overdue_minutes=late,
        repeat_of=Source.of(first) if first else None, repeat_finished_at=first.finished_at if first else None,
        round=order.audit_round,
    )


def _sum(charges, kind: str) -> Decimal:
    """What work of that kind came to, whoever pays for it; but nobody earns by what his own outlet has to bear."""
    return sum((c.amount for c in charges if c.kind_of == kind and c.payer != "outlet"), Decimal("0.00"))


@whole()
def reverse(order, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """Undo the audit by reversal entries: charges open again, every commission line taken back. Gives back the order."""
    order = work.reverse_audit(order, reason=reason, version=version, actor=actor, at=at)
    source = Source.of(order)
    settlement.reverse_accruals(source, actor=actor, at=at, reason=reason)
    billing.reverse_final(source, reason=reason, actor=actor, at=at)
    contract_use.give_back(order, actor=actor, at=at)
    book_warranty.take_back(order, reason=reason, actor=actor, at=at)
    return order


@whole()
def settle(order, *, owed_reason: str = "", version: int | None = None, actor: Actor, at: dt.datetime):
    """Nothing is owed for it any more; refuses (`unpaid`) while the customer owes, unless a reason is written."""
    order = work.settle(order, version=version, actor=actor, at=at)
    owed = charging.owed(order)
    if owed > 0 and not owed_reason.strip():
        raise RuleBroken(
            _("还有 %(owed)s 元未收，不能结算") % {"owed": owed}, code="unpaid", field="owed_reason", owed=str(owed)
        )
    return order


@whole()
def settle_all(actor: Actor, *, at: dt.datetime, limit: int = 500) -> list:
    """Settle every audited order of the actor's that owes nothing; gives back those settled."""
    waiting = list(orders.unsettled_orders(actor)[:limit])
    papers = bills.bills_of("work.workorder", [order.pk for order in waiting])
    clear = [order for order in waiting if order.pk in papers and papers[order.pk].due_amount <= papers[order.pk].paid_amount]
    return [work.settle(order, actor=actor, at=at) for order in clear]
