"""Parts that leave the store for somebody: sold at the counter, ordered first, supplied; and what comes back. Stock and money together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.ledger import actions as ledger
from aftercare.domain.orders import access, rules
from aftercare.domain.orders import actions as orders
from aftercare.domain.orders import queries as sales
from aftercare.domain.people import queries as people
from aftercare.flows import finding, refunding
from aftercare.foundation import clock, money, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)


def price_lines(lines: Iterable[Mapping[str, Any]], *, branch_id: int, actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """Lines with their parts found and their prices of today; another price only for who may set prices."""
    rows = finding.find_parts(lines)
    today = clock.local_day(at, people.zone_of(branch_id))
    prices = catalog.part_prices([row["part"] for row in rows], today)
    told = []
    for row in rows:
        usual = prices[row["part"].pk]
        asked = row.get("price_amount")
        if asked is not None and Decimal(asked) != usual:
            actor.require(access.SET_PRICE, branch_id=branch_id)
        told.append({"part_id": row["part"].pk, "qty": row["qty"], "serial": row.get("serial") or "",
                     "price_amount": Decimal(asked) if asked is not None else usual})
    return told


@whole()
def open_sale(*, place, lines: Iterable[Mapping[str, Any]], kind: str = "retail", actor: Actor, at: dt.datetime, **head: Any):
    """Write a sale from that store, priced by the schedule, with its bill where somebody pays."""
    if not place.is_store:
        raise RuleBroken(_("只能从配件库、网点库或随车库出库"), code="not_a_store", field="place")
    priced = price_lines(lines, branch_id=place.branch_id, actor=actor, at=at)
    sale = orders.open_sale(kind=kind, branch_id=place.branch_id, place_id=place.pk, place_name=place.name, lines=priced, actor=actor,
                            at=at, **head)
    _charge(sale, actor, at)
    return sale


@whole()
def rewrite(sale, *, lines: Iterable[Mapping[str, Any]] | None = None, version: int | None = None, actor: Actor, at: dt.datetime, **head):
    """Change a sale that nothing was promised to yet; its bill follows."""
    if lines is not None:
        head["lines"] = price_lines(lines, branch_id=sale.branch_id, actor=actor, at=at)
    sale = orders.rewrite(sale, version=version, actor=actor, at=at, **head)
    _charge(sale, actor, at)
    return sale


@whole()
def place_order(sale, *, deposit: Decimal = ZERO, method: str = "cash", version: int | None = None, actor: Actor, at: dt.datetime):
    """The customer orders: what is there is promised to him, what lacks is requested; a deposit is taken and receipted."""
    deposit = Decimal(deposit or 0)
    sale = orders.place_order(sale, deposit=deposit, version=version, actor=actor, at=at)
    if deposit:
        _collect(sale, deposit, method, actor, at, deposit=True)
    _promise(sale, actor, at, request_short=True)
    return _arrive_when_ready(sale, actor, at)


@whole()
def serve(sale, request, *, actor: Actor, at: dt.datetime) -> bool:
    """Goods came that a sale waits for: promise them and close the request; False while there is not enough."""
    row = next((one for one in sales.lines_of(sale) if rules.key_of(one.pk) == request.line), None)
    if row is None or sale.status not in ("ordered", "arrived"):
        inventory.cancel(request, actor=actor, at=at)
        return False
    try:
        inventory.reserve(source=Source.of(sale), lines=[_wish(sale, row)], actor=actor, at=at)
    except inventory.Shortage:
        return False
    inventory.fill(request, actor=actor, at=at)
    _arrive_when_ready(sale, actor, at)
    return True


@whole()
def hand_out(
    sale, *, amount: Decimal | None = None, method: str = "cash", version: int | None = None, actor: Actor, at: dt.datetime
):
    """The goods leave: out of stock, cost and revenue into the books, the rest collected at the desk (`amount`).

    Refuses as a whole: `short_stock`; a retail customer without a name must pay at once (`unpaid_stranger`).
    """
    _promise(sale, actor, at, request_short=False)
    sale = orders.hand_out(sale, version=version, actor=actor, at=at)
    source, way = Source.of(sale), rules.WAYS[sale.kind_of]
    if way.cost:
        inventory.consume(source=source, reason=way.reason, actor=actor, at=at)
        _book_cost(sale, way, stock.cost_of(source), f"cost:{sale.version}", actor, at)
    else:
        _supply(sale, actor, at)
    inventory.cancel_requests(source=source, actor=actor, at=at)
    if way.payer:
        billing.finalise(source, actor=orders.trusted(actor), at=at)
        if amount:
            _collect(sale, Decimal(amount), method, actor, at)
        owed = bills.find_bill(source).open_amount
        if owed > 0 and not sale.customer_id:
            raise RuleBroken(_("散客须当场付清 %(owed)s") % {"owed": owed}, code="unpaid_stranger", field="amount")
    return sale


@whole()
def cancel(sale, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """Give a sale up: promises and requests go, the deposit is paid back."""
    source = Source.of(sale)
    sale = orders.cancel(sale, reason=reason, version=version, actor=actor, at=at)
    inventory.release(source=source, actor=actor, at=at)
    inventory.cancel_requests(source=source, actor=actor, at=at, reason=reason)
    refunding.pay_back(source, ZERO, reason, actor, at)
    bill = bills.find_bill(source)
    if bill is not None:
        billing.charge(bill, lines=[], actor=orders.trusted(actor), at=at)
    return sale


@whole()
def take_back(
    sale, *, lines: Mapping[int, Decimal], reason: str, is_as_new: bool = False, version: int | None = None, actor: Actor, at: dt.datetime
):
    """Sold parts come back: into stock to be inspected (good at once when `is_as_new`), money paid back, cost taken back.

    What an outlet was supplied comes out of its store, with its value, and goes off its account.
    """
    lines = {int(pk): Decimal(qty) for pk, qty in lines.items()}
    source, way = Source.of(sale), rules.WAYS[sale.kind_of]
    if way.party == "engineer":
        raise RuleBroken(_("工程师的退料请用移库单"), code="not_sold", field="lines")
    if way.party == "outlet":
        return _take_back_supply(sale, lines, reason, is_as_new, version, actor, at)
    before = stock.cost_of(source)
    sale = orders.take_back(sale, lines=lines, reason=reason, version=version, actor=actor, at=at)
    rows = sales.lines_of(sale)
    moves = inventory.consume(source=source, actor=actor, at=at, lines=[
        inventory.UseLine(rules.key_of(row.pk), row.part_id, row.qty - row.returned_qty, sale.place_id, row.serial)
        for row in rows if row.pk in lines
    ])
    if not is_as_new:
        _to_inspection(source, moves, actor, at)
    _book_cost(sale, way, stock.cost_of(source) - before, f"cost:{sale.version}", actor, at)
    if way.payer:
        _refund(sale, rows, reason, actor, at)
    return sale


def _take_back_supply(
    sale, lines: Mapping[int, Decimal], reason: str, is_as_new: bool, version: int | None, actor: Actor, at: dt.datetime
):
    source, owed = Source.of(sale), sale.amount
    sale = orders.take_back(sale, lines=lines, reason=reason, version=version, actor=actor, at=at)
    shelf = inventory.ensure_outlet(sale.outlet_id, actor=actor, at=at)
    sent = [move for move in stock.moves_of(source) if shelf.pk in (move.from_place_id, move.to_place_id)]
    condition = "good" if is_as_new else "inspection"
    moves = [
        inventory.MoveLine(row.part_id, qty, shelf.pk, sale.place_id, to_condition=condition, lot=lot, line=rules.key_of(row.pk))
        for row in sales.lines_of(sale) if row.pk in lines for lot, qty in _lots_there(sent, shelf.pk, row, lines[row.pk])
    ]
    inventory.post(source=source, key=f"back:{sale.version}", lines=moves, actor=actor, at=at, reason=rules.WAYS[sale.kind_of].reason, memo=reason)
    _charge_outlet(sale, sale.amount - owed, f"back:{sale.version}", actor, at)
    return sale


def _lots_there(moves: Iterable, shelf_id: int, row, qty: Decimal) -> list[tuple[str, Decimal]]:
    """Of which lots of the line so much comes back: those that were sent, the newest first."""
    there: dict[str, Decimal] = {}
    for move in moves:
        if move.line == rules.key_of(row.pk):
            there[move.lot] = there.get(move.lot, ZERO) + (move.qty if move.to_place_id == shelf_id else -move.qty)
    chosen = []
    for lot, left in reversed(there.items()):
        part_of = min(left, qty)
        if part_of > 0:
            chosen.append((lot, part_of))
            qty -= part_of
    return chosen


def _charge_outlet(sale, amount: Decimal, key: str, actor: Actor, at: dt.datetime) -> None:
    """What the outlet owes for its supply changes by so much."""
    if amount:
        ledger.post(source=Source.of(sale), key=key, at=at, actor=actor, branch_id=sale.branch_id, memo=sale.number,
                    lines=[("outlet_account", ("people.branch", sale.outlet_id), amount), ("supply_clearing", None, -amount)])


def _wish(sale, row) -> inventory.ReserveLine:
    return inventory.ReserveLine(rules.key_of(row.pk), row.part_id, sale.place_id, row.qty, row.serial)


def _promise(sale, actor: Actor, at: dt.datetime, *, request_short: bool) -> None:
    """Promise all lines; with `request_short` what lacks is requested line by line instead of refused."""
    source, rows = Source.of(sale), sales.lines_of(sale)
    try:
        inventory.reserve(source=source, lines=[_wish(sale, row) for row in rows], actor=actor, at=at)
        return
    except inventory.Shortage:
        if not request_short:
            raise
    lacking = []
    for row in rows:
        try:
            inventory.reserve(source=source, lines=[_wish(sale, row)], actor=actor, at=at)
        except inventory.Shortage:
            lacking.append((rules.key_of(row.pk), row.part_id, sale.place_id, row.qty))
    inventory.request_parts(source=source, branch_id=sale.branch_id, lines=lacking, actor=actor, at=at)


def _arrive_when_ready(sale, actor: Actor, at: dt.datetime):
    held: dict[str, Decimal] = {}
    for one in stock.reservations_of(Source.of(sale)):
        held[one.line] = held.get(one.line, ZERO) + one.qty
    ready = all(held.get(rules.key_of(row.pk), ZERO) >= row.qty for row in sales.lines_of(sale))
    return orders.arrive(sale, actor=actor, at=at) if ready and sale.status == "ordered" else sale


def _charge(sale, actor: Actor, at: dt.datetime) -> None:
    way = rules.WAYS[sale.kind_of]
    if way.payer:
        billing.set_charges(Source.of(sale), lines=_charges(sale, sales.lines_of(sale)), branch_id=sale.branch_id,
                            customer_id=sale.customer_id, actor=orders.trusted(actor), at=at)


def _charges(sale, rows) -> list[billing.ChargeLine]:
    payer, why = rules.WAYS[sale.kind_of].payer, wording.stored(sale.get_kind_of_display)
    return [
        billing.ChargeLine(rules.key_of(row.pk), "part", row.part.name, row.qty - row.returned_qty, row.price_amount, payer, reason=why)
        for row in rows if row.qty > row.returned_qty
    ]


def _collect(sale, amount: Decimal, method: str, actor: Actor, at: dt.datetime, *, deposit: bool = False) -> None:
    billing.collect(Source.of(sale), amount=amount, method=method, collected_by_id=actor.employee_id, at_desk=True, deposit=deposit,
                    actor=orders.trusted(actor), at=at)


def _refund(sale, rows, reason: str, actor: Actor, at: dt.datetime) -> None:
    source, trusted = Source.of(sale), orders.trusted(actor)
    bill = billing.reverse_final(source, reason=reason, actor=trusted, at=at)
    bill = billing.charge(bill, lines=_charges(sale, rows), actor=trusted, at=at)
    refunding.pay_back(source, bill.due_amount, reason, actor, at)
    billing.finalise(source, actor=trusted, at=at)


def _book_cost(sale, way: rules.Way, cost: Decimal, key: str, actor: Actor, at: dt.datetime) -> None:
    amount = money.rounded(cost)
    if amount:
        ledger.post(source=Source.of(sale), key=key, at=at, actor=actor, branch_id=sale.branch_id, memo=sale.number,
                    lines=[(way.cost, None, amount), ("stock", ("people.branch", sale.branch_id), -amount)])


def _supply(sale, actor: Actor, at: dt.datetime) -> None:
    """Goods that stay the company's go to the outlet's store or the engineer's van; an outlet is charged on its account."""
    source = Source.of(sale)
    if sale.kind_of == "outlet":
        goal = inventory.ensure_outlet(sale.outlet_id, actor=actor, at=at)
    else:
        goal = inventory.ensure_van(sale.engineer_id, branch_id=sale.branch_id, actor=actor, at=at)
    inventory.issue(source=source, to_place_id=goal.pk, reason=rules.WAYS[sale.kind_of].reason, actor=actor, at=at)
    inventory.release(source=source, actor=actor, at=at)
    if sale.kind_of == "outlet":
        _charge_outlet(sale, sale.amount, "supply", actor, at)


def _to_inspection(source: Source, moves, actor: Actor, at: dt.datetime) -> None:
    """What came back is not sold again before somebody has looked at it."""
    for move in moves:
        if not move.from_place.is_inside:
            inventory.post(source=source, key=f"inspect:{move.pk}", reason="state", actor=actor, at=at, lines=[
                inventory.MoveLine(move.part_id, move.qty, move.to_place_id, move.to_place_id, to_condition="inspection", lot=move.lot)
            ])
