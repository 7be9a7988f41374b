"""One paper of supply of each kind, so that the table asks for pages that are there."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.parties import actions as parties
from aftercare.domain.purchasing import actions, queries
from tests.world import SYSTEM, World


def write(company: World, at: dt.datetime) -> dict[str, object]:
    """Numbers by the noun of their address."""
    given = {"actor": SYSTEM, "at": at}
    day = dt.date(2025, 1, 1)
    supplier = parties.create_supplier(name="东方制冷", **given)
    price = actions.create_price(supplier_id=supplier.pk, part_id=company.compressor.pk, price_amount=200, valid_from=day, **given)
    level = actions.create_level(name="不限", right="purchasing.approve", valid_from=day, **given)
    rule = actions.create_tolerance(valid_from=day, **given)
    lines = [{"part_id": company.compressor.pk, "qty": 2}]
    request = actions.create_request(place=company.depot, lines=lines, **given)
    order = actions.create_order(supplier=supplier, place=company.depot, lines=lines, **given)
    order = actions.send(order, **given)
    line, = queries.lines_of(order)
    order = actions.receive(order, lines=[{"line_id": line.pk, "qty": 1}], **given)
    judged = actions.receive(order, lines=[{"line_id": line.pk, "qty": 1}], **given).receipt_made
    judged = actions.inspect(judged, **given)
    came, = queries.receipt_lines_of(judged)
    goes_back = actions.create_return(judged, remedy="credit", lines=[{"line_id": came.pk, "qty": 1, "is_good": True, "reason": "坏"}], **given)
    invoice = actions.enter_invoice(order, invoice_number="1", invoice_on=day, lines=[{"line_id": line.pk, "qty": 2}], **given)
    shelf = inventory.ensure_outlet(company.outlet.pk, **given)
    transfer = actions.request_transfer(to_place=shelf, from_place=company.depot, lines=lines, **given)
    count = inventory.plan_stocktake(company.depot, scope="parts", parts=[company.capacitor.pk], **given)
    enquiry = actions.create_enquiry(place=company.depot, lines=lines, suppliers=[supplier], **given)
    return {
        "suppliers": supplier.number, "supplier-prices": price.pk, "approval-levels": level.pk, "tolerances": rule.pk,
        "purchase-requests": request.number, "purchase-orders": order.number, "receipts": order.receipt_made.number,
        "stocktakes": count.number, "count-rules": company.head.number, "cycle-counts": company.depot.code, "enquiries": enquiry.number, "transfers": transfer.number, "supplier-invoices": invoice.number, "supplier-returns": goes_back.number,
    }
