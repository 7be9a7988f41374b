"""What an order costs and who pays: labour, call-out, inspection by the fee schedule, parts by their lines."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import rules as cover
from aftercare.domain.people import queries as people
from aftercare.domain.quotes import queries as quotes
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import contract_use, lending, old_parts
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.money import ZERO, require_amount, rounded
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

# The payers that a decision names, in the words of a bill.
_PAYERS = {"maker": "warranty", "goodwill": "company"}
# Lines of fees that were added to a bill by hand begin with this; working the charges out anew keeps them.
_ADDED = "f"
# Fees that depend on the way, the time and the hour, as a bill names them; and the kind of charge each is.
_FURTHER = {
    "distance": lambda: _("远程费"), "time": lambda: _("超时工时费"), "holiday": lambda: _("节假日加价"), "night": lambda: _("夜间加价"),
}
_KINDS = {"distance": "travel", "time": "labour", "holiday": "labour", "night": "labour"}
# Results without a repair: the customer pays for the look, not for labour.
_ONLY_INSPECTED = {"unrepaired", "repairable", "end_of_life", "no_fault"}


def calculate_lines(order, materials: list, *, on: dt.date, fees: Iterable[Mapping] = ()) -> list[billing.ChargeLine]:
    """The charge lines of the order as it stands, in CNY; `fees` are further ones that were typed."""
    if order.quote.get("agreed") is False:
        return _only_inspection(order)
    payers = order.entitlement.get("payers") or {}
    wanted = _name_fees(order)
    found = catalog.price_job([*wanted, *_FURTHER] if "labour" in wanted else wanted, job_of(order, on))
    lines = [_fee(order, one, payers, wanted.get(fee)) for fee, one in found.items()]
    if order.quote.get("agreed"):
        lines = _as_agreed(order, lines)
    lines += [_part(order, row, payers.get("parts")) for row in materials if row.used_qty]
    typed = [_typed(index, fee) for index, fee in enumerate(fees)]
    named = {line.line for line in typed}
    # A typed fee takes the place of the one of the schedule.
    return [line for line in lines if line.line not in named] + typed


def _as_agreed(order, lines: list[billing.ChargeLine]) -> list[billing.ChargeLine]:
    """The fees at the prices that the customer agreed to, whatever the list says by now; further fees were not asked for."""
    quote = quotes.newest_of(Source.of(order))
    if quote is None or quote.status != "accepted" or quote.is_lump:
        return lines
    agreed = {(line.kind_of, line.name): line.price_amount for line in quotes.lines_of(quote)}
    return [
        line._replace(price=agreed.get((line.kind, line.name), line.price))
        for line in lines if line.line not in _FURTHER or (line.kind, line.name) in agreed
    ]


def _only_inspection(order) -> list[billing.ChargeLine]:
    """The customer did not agree to the price: he pays for the look, as the quote told him, and for nothing else."""
    fee = Decimal(order.quote.get("inspection") or 0)
    name, reason = wording.stored(lambda: _("检测费")), wording.stored(lambda: _("客户不同意报价"))
    return [billing.ChargeLine("inspection", "inspection", name, Decimal(1), fee, reason=reason)] if fee else []


def foresee(order, materials: Iterable | None = None, *, on: dt.date) -> list:
    """The charges as they would be if every part line were used as written, with typed fees; nothing is written."""
    planned = []
    for row in orders.materials_of(order) if materials is None else materials:
        row = copy.copy(row)
        row.used_qty = row.used_qty or row.qty
        planned.append(row)
    return bills.foresee(Source.of(order), calculate_lines(order, planned, on=on), keep=_ADDED)


def inspection_price(order, *, on: dt.date) -> Decimal | None:
    """The inspection fee of the schedule for the order; None where it has none."""
    found = catalog.price_job(["inspection"], job_of(order, on)).get("inspection")
    return rounded(found.amount) if found else None


def job_of(order, on: dt.date) -> catalog.Job:
    """What the schedule asks of the order: its work, place, customer, cover; the way, the time taken, when it began."""
    traits, began = orders.price_traits(order), None
    if order.arrived_at is not None and order.mode == "on_site":
        began = order.arrived_at.astimezone(clock.zone(people.zone_of(order.branch_id)))
    return catalog.Job(
        on, order.work_type_id, order.category_id, traits.region_code, traits.urban, traits.grade, traits.kind,
        order.service_class, order.distance_km if order.mode == "on_site" else None,
        order.minutes if order.finished_at else None, traits.standard,
        bool(began) and not people.working_clock(order.branch_id).hours_on(began.date()), began.time() if began else None,
    )


def _fee(order, fee: catalog.Fee, payers: Mapping, name: str | None) -> billing.ChargeLine:
    """The charge of one fee; what goes with the way is borne like travel, all else like labour."""
    side = "travel" if fee.fee in ("travel", "distance") else "labour"
    return billing.ChargeLine(
        line=fee.fee, kind=_KINDS.get(fee.fee, fee.fee), name=name or wording.stored(lambda: _FURTHER[fee.fee]()), qty=Decimal(fee.qty),
        price=rounded(fee.price), payer=_payer(payers.get(side)), reason=wording.stored(order.get_service_class_display),
        shares=shares_of(order, side),
    )


def _name_fees(order) -> dict[str, str]:
    """The fees that fit the order, by kind, as the bill names them."""
    wanted = {"labour": lambda: _("人工费")}
    if order.result in _ONLY_INSPECTED:
        wanted = {"inspection": lambda: _("检测费")}
    if order.mode == "on_site":
        wanted["travel"] = lambda: _("上门费")
    return {fee: wording.stored(say) for fee, say in wanted.items()}


def _part(order, row, payer: str | None) -> billing.ChargeLine:
    payer, reason = _payer(payer), wording.stored(order.get_service_class_display)
    shares = shares_of(order, "parts")
    if row.is_free:
        shares = ()
        payer, reason = (payer if payer != "customer" else "company"), row.free_reason
    elif (component := _component_line(order, row.part.name)) is not None:
        payer, shares = _payer(component.payer), _shares(order, component.shares_data())
    return billing.ChargeLine(
        line=f"m{row.pk}", kind="part", name=row.part.name, qty=row.used_qty, price=row.price_amount, payer=payer,
        reason=str(reason), shares=shares,
    )


def _payer(named: str | None) -> str:
    payer = _PAYERS.get(named or "customer", named or "customer")
    return payer if payer in billing.PAYERS else "customer"


def shares_of(order, kind: str) -> tuple[billing.Share, ...]:
    """How the decision who pays divides parts, labour or travel between several payers; none where one bears it all."""
    return _shares(order, (order.entitlement.get("shares") or {}).get(kind) or ())


def _shares(order, given: Iterable[Mapping]) -> tuple[billing.Share, ...]:
    parties = {"outlet": ("people.branch", order.outlet_id)} if order.outlet_id else {}
    found = []
    for data in given:
        share = billing.Share.from_data({**data, "payer": _payer(data.get("payer"))})
        found.append(share._replace(party=share.party or parties.get(share.payer)))
    return tuple(found) if len(found) > 1 else ()


def _typed(index: int, fee: Mapping) -> billing.ChargeLine:
    kind = fee.get("kind") or "other"
    return billing.ChargeLine(
        line=kind if kind in ("labour", "travel", "inspection") else f"x{index}", kind=kind,
        name=fee.get("name") or wording.stored(lambda: _("其他费用")), qty=Decimal(fee.get("qty") or 1), price=Decimal(fee["amount"]),
        payer=fee.get("payer") or "customer", reason=fee.get("reason") or "",
    )


def _component_line(order, part_name: str) -> cover.Line | None:
    """How a part comes out by the cover of the component that it is, where that is better than the unit's own."""
    if not order.entitlement.get("components"):
        return None
    decision = cover.Decision.from_data(order.entitlement)
    found = decision.line("parts", part_name)
    return found if found.percent > decision.line("parts").percent else None


def write(order, materials: list, *, fees: Iterable[Mapping] = (), actor: Actor, at: dt.datetime):
    """Put the charges of the order as it stands on its bill, and the customer's part on the order; gives back the bill."""
    lines = calculate_lines(order, materials, on=clock.local_day(at, actor.zone), fees=fees)
    lines = contract_use.settle_quota(order, materials, lines, actor=actor, at=at)
    bill = billing.set_charges(
        Source.of(order), lines=lines, keep=_ADDED, branch_id=order.branch_id, customer_id=order.customer_id,
        employee_id=order.engineer_id, actor=lending.for_bill(order, actor), at=at,
    )
    work.set_amount(order, amount=bill.due_amount, actor=actor, at=at)
    return bill


@whole()
def price(order, *, fees: Iterable[Mapping] = (), actor: Actor, at: dt.datetime):
    """Work the charges out anew, e.g. after the decision who pays was changed; refused once the bill is final."""
    rows = orders.read_materials(order)
    bill = write(order, rows, fees=fees, actor=actor, at=at)
    if any(row.used_qty for row in rows):
        old_parts.follow(order, rows, is_again=True, actor=actor, at=at)
    return bill


@whole()
def add_fee(
    order, *, name: str, amount: Decimal, payer: str = "customer", reason: str = "", actor: Actor, at: dt.datetime
):
    """Add a fee that no schedule knows to the order's bill, in CNY; the same name again changes it, 0 takes it off.

    Gives back the bill. Refuses an order without a bill (`no_bill`), an empty name, a final bill.
    """
    name = name.strip()[:120]
    if not name:
        raise RuleBroken(_("请写明费用名称"), code="name_missing", field="name")
    bill = _bill_of(order)
    charges = list(bills.charges_of(Source.of(order)))
    fee = require_amount(amount, field="amount")
    added = {row.name: row.line for row in charges if row.line.startswith(_ADDED)}
    last = max((int(line[1:]) for line in added.values()), default=0)
    line = added.get(name) or f"{_ADDED}{last + 1}"
    lines = [one for one in bills.as_lines(charges) if one.line != line]
    if fee:
        lines.append(billing.ChargeLine(line, "other", name, Decimal(1), fee, payer, reason=reason.strip()[:200]))
    bill = billing.charge(bill, lines=lines, actor=actor, at=at)
    work.set_amount(order, amount=bill.due_amount, actor=actor, at=at)
    return bill


@whole()
def waive(order, *, line: str, amount: Decimal, reason: str, actor: Actor, at: dt.datetime):
    """Let off that much of a charge (in all), by who may; the order's amount follows. Gives back the bill."""
    bill = billing.waive(_bill_of(order), line=line, amount=amount, reason=reason, actor=actor, at=at)
    work.set_amount(order, amount=bill.due_amount, actor=actor, at=at)
    return bill


@whole()
def ask_waiver(order, *, line: str, amount: Decimal, reason: str, actor: Actor, at: dt.datetime):
    """Let it off where the actor may himself, else ask another to; gives back the request, None where it was let off."""
    limit = bills.waiver_limit(actor)
    bill = _bill_of(order)
    if bills.may_waive(actor, bill) and (limit is None or amount <= limit):
        waive(order, line=line, amount=amount, reason=reason, actor=actor, at=at)
        return None
    return billing.ask(bill, line=line, amount=amount, reason=reason, actor=lending.for_bill(order, actor), at=at)


@whole()
def approve_waiver(request, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Approve a request to let off; the amount of the order it is for follows. Gives back the request."""
    request = billing.approve(request, version=version, actor=actor, at=at)
    bill = bills.find_bill(Source(request.bill.source_kind, request.bill.source_id, request.bill.source_number))
    if bill.source_kind == "work.workorder":
        insider = lending.trusted(actor)
        work.set_amount(orders.get_order(bill.source_id, insider, joined=False), amount=bill.due_amount, actor=insider, at=at)
    return request


@whole()
def divide(order, *, line: str, shares: Iterable[Mapping], reason: str, actor: Actor, at: dt.datetime):
    """Divide a charge between payers by hand (payer with percent or amount); the order's amount follows.

    No shares: as the decision says again. Gives back the bill.
    """
    parties = {"outlet": ("people.branch", order.outlet_id)} if order.outlet_id else {}
    given = [billing.Share.from_data(share) for share in shares]
    given = [share._replace(party=share.party or parties.get(share.payer)) for share in given]
    bill = billing.divide(_bill_of(order), line=line, shares=given, reason=reason, actor=actor, at=at)
    if not given:
        return price(order, actor=actor, at=at)
    work.set_amount(order, amount=bill.due_amount, actor=actor, at=at)
    return bill


def _bill_of(order):
    bill = bills.find_bill(Source.of(order))
    if bill is None:
        raise NotFound(_("这张单据还没有账单"), code="no_bill", kind="billing.bill")
    return bill


def owed(order) -> Decimal:
    """What the customer still owes for the order; 0 without a bill."""
    bill = bills.find_bill(Source.of(order))
    return max(bill.due_amount - bill.paid_amount, ZERO) if bill else ZERO
