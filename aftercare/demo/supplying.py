"""Buying and sending on in the last weeks: suppliers, prices, requests, orders in every state, an enquiry, invoices, transfers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from aftercare.demo import words
from aftercare.demo.company import SYSTEM, ZONE, Company
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.parties import actions as parties
from aftercare.domain.purchasing import actions as purchasing
from aftercare.domain.purchasing import queries as supply
from aftercare.flows import propose_supply
from aftercare.foundation.clock import local_day

# name, contact, telephone, lead time, days of payment
SUPPLIERS = (
    ("宁波恒达制冷配件有限公司", "施经理", "0574-87650001", 5, 30), ("佛山联创电机有限公司", "黄小姐", "0757-82340002", 8, 45),
    ("苏州净源滤芯科技有限公司", "陆先生", "0512-66780003", 4, 30),
)  # fmt: skip
LEVELS = (("五千元以内", "5000", "purchasing.approve"), ("五万元以内", "50000", "purchasing.approve_large"), ("五万元以上", None, "purchasing.approve_top"))


class Supplying:
    """Who buys for whom, and when."""

    def __init__(self, company: Company, now: dt.datetime) -> None:
        self.company, self.now = company, now
        self.buyer, self.manager, self.accountant = (company.by(role, "HQ") for role in ("buyer", "manager", "accountant"))
        self.keeper = company.by("keeper", "SH")
        self.depot = company.catalogue.depots["SH"]
        self.stocked = [row for row in words.PARTS if row[5]]
        self.suppliers: list[Any] = []

    def at(self, who, days: float) -> dict[str, Any]:
        """That person, so many days ago."""
        return {"actor": who, "at": self.now - dt.timedelta(days=days)}

    def part(self, code: str) -> int:
        """Its id."""
        return self.company.catalogue.parts[code].pk

    def ordered(self, supplier: Any, lines: list[tuple[str, int, str]], days: float) -> Any:
        """Requested by the keeper, approved by the manager, sent by the buyer."""
        request = purchasing.create_request(place=self.depot, **self.at(self.keeper, days + 2), lines=[
            {"part_id": self.part(code), "qty": qty, "price_amount": price} for code, qty, price in lines])
        request = purchasing.submit(request, **self.at(self.keeper, days + 2))
        request = purchasing.approve(request, **self.at(self.manager, days + 1))
        order = purchasing.create_order(supplier=supplier, place=self.depot, **self.at(self.buyer, days), lines=[
            {"part_id": row.part_id, "qty": row.qty, "price_amount": row.price_amount, "request_line_id": row.pk}
            for row in supply.request_lines_of(request)])
        return purchasing.send(order, **self.at(self.buyer, days))

    def received(self, order: Any, qty: list[int], days: float, note: str) -> Any:
        """What came of its lines."""
        lines = [{"line_id": line.pk, "qty": n, "noted_qty": n} for line, n in zip(supply.lines_of(order), qty, strict=False) if n]
        return purchasing.receive(order, lines=lines, delivery_note=note, **self.at(self.keeper, days)).receipt_made


def stock_up(company: Company, now: dt.datetime) -> None:
    """The last weeks of buying."""
    play = Supplying(company, now)
    _agree_terms(play)
    _buy(play)
    _ask_prices(play)
    _send_on(play)


def _agree_terms(play: Supplying) -> None:
    long_ago = play.at(SYSTEM, 300)
    day = local_day(long_ago["at"], ZONE)
    for name, contact, phone, lead, days in SUPPLIERS:
        play.suppliers.append(parties.create_supplier(name=name, contact=contact, phone=phone, lead_days=lead, payment_days=days, **long_ago))
    for number, (code, _name, _category, _price, cost, _kept) in enumerate(play.stocked):
        for supplier, factor in ((play.suppliers[number % 3], "1"), (play.suppliers[(number + 1) % 3], "1.06")):
            purchasing.create_price(supplier_id=supplier.pk, part_id=play.part(code), price_amount=(Decimal(cost) * Decimal(factor)).quantize(Decimal("0.01")),
                                    pack_qty=Decimal(5), valid_from=day, **long_ago)
    for name, up_to, right in LEVELS:
        purchasing.create_level(name=name, right=right, up_to_amount=Decimal(up_to) if up_to else None, valid_from=day, **long_ago)
    purchasing.create_tolerance(over_percent=Decimal(5), price_percent=Decimal(1), price_amount=Decimal("10.00"), valid_from=day, **long_ago)


def _buy(play: Supplying) -> None:
    first, second, third = play.suppliers
    done = play.ordered(first, [("KT-001", 40, "12"), ("KT-003", 20, "40")], 40)
    purchasing.inspect(play.received(done, [40, 20], 36, "HD-20871"), **play.at(play.keeper, 36))
    lines = [{"line_id": line.pk, "qty": line.qty} for line in supply.lines_of(done)]
    bill = {"invoice_on": local_day(play.now - dt.timedelta(days=34), ZONE)}
    purchasing.enter_invoice(done, invoice_number="25312000087132", lines=lines, **bill, **play.at(play.accountant, 33))
    torn = play.ordered(second, [("KT-002", 20, "82"), ("YYJ-001", 10, "118")], 20)
    receipt = play.received(torn, [20, 10], 11, "LC-5530")
    row = supply.receipt_lines_of(receipt)[0]
    receipt = purchasing.inspect(receipt, verdicts=[{"line_id": row.pk, "rejected_qty": 2, "reason": "轴承异响，端盖破损"}], **play.at(play.keeper, 10))
    back = purchasing.create_return(receipt, remedy="replace", lines=[{"line_id": row.pk, "qty": 2}], **play.at(play.buyer, 9))
    purchasing.ship_return(back, **play.at(play.keeper, 8))
    line = supply.lines_of(torn)[1]
    bill = {"invoice_on": local_day(play.now - dt.timedelta(days=6), ZONE)}
    purchasing.enter_invoice(torn, invoice_number="25442000019806", lines=[{"line_id": line.pk, "qty": 10, "price_amount": Decimal(126)}],
                             **bill, **play.at(play.accountant, 5))
    waiting = play.ordered(third, [("JSQ-001", 30, "78"), ("JSQ-003", 10, "95")], 5)
    play.received(waiting, [20, 10], 0.2, "JY-1196")
    play.ordered(first, [("BX-001", 20, "34"), ("BX-002", 20, "38")], 12)  # overdue: nothing came
    purchasing.create_order(supplier=second, place=play.depot, lines=[{"part_id": play.part("XYJ-001"), "qty": 10, "price_amount": 52}],
                            **play.at(play.buyer, 0.3))
    for code, least in (("RSQ-002", 60), ("RSQ-003", 40), ("XYJ-003", 50)):
        inventory.set_limits(play.depot, part_id=play.part(code), min_qty=Decimal(least), max_qty=Decimal(least * 2), **play.at(play.keeper, 30))
    for request in propose_supply.request_proposals(branch_id=play.depot.branch_id, **play.at(play.keeper, 1))[:2]:
        purchasing.submit(request, **play.at(play.keeper, 1))


def _ask_prices(play: Supplying) -> None:
    enquiry = purchasing.create_enquiry(
        place=play.depot, suppliers=play.suppliers, answer_by=local_day(play.now + dt.timedelta(days=2), ZONE), remark="旺季备货",
        lines=[{"part_id": play.part(code), "qty": qty} for code, qty in (("KT-009", 10), ("KT-008", 15))], **play.at(play.buyer, 3))
    one, two = supply.enquiry_lines_of(enquiry)
    valid = local_day(play.now + dt.timedelta(days=20), ZONE)
    for supplier, prices, lead in ((play.suppliers[0], ("548", "176"), 6), (play.suppliers[1], ("562", "165"), 9)):
        enquiry = purchasing.answer(enquiry, supplier=supplier, prices={one.pk: prices[0], two.pk: prices[1]}, lead_days=lead, valid_until=valid,
                                    **play.at(play.buyer, 1))


def _send_on(play: Supplying) -> None:
    outlet = play.company.by("outlet", "W1")
    shelf = play.company.catalogue.depots["W1"]

    def asked(days: float, *lines: tuple[str, int]) -> Any:
        return purchasing.request_transfer(to_place=shelf, from_place=play.depot, **play.at(outlet, days),
                                           lines=[{"part_id": play.part(code), "qty": qty} for code, qty in lines])

    way = purchasing.ship(purchasing.approve_transfer(asked(6, ("KT-001", 4), ("RSQ-002", 3)), **play.at(play.keeper, 5)), **play.at(play.keeper, 4))
    first, _second = supply.transfer_lots_of(way)
    purchasing.receive_and_settle(way, lines=[{"lot_id": first.pk, "received_qty": 3, "damaged_qty": 1, "reason": "外箱压坏"}], **play.at(outlet, 2))
    asked(0.4, ("JSQ-001", 2), ("BX-001", 2))
