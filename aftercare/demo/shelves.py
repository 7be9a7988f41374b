"""The store's own papers in the demo: bins, lots, documents, a closed period, sales at the counter and an order that waits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.demo import words
from aftercare.demo.company import CENTRES, SYSTEM, Company
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.catalog import queries as parts_of
from aftercare.domain.inventory import actions as inventory
from aftercare.flows import prepare_parts, sell_parts

DAY = dt.timedelta(days=1)


def fill(company: Company, now: dt.datetime) -> None:
    """Give the first service centre a store worth looking at; done once, at the end."""
    centre = next(iter(CENTRES))
    depot = company.catalogue.depots[centre]
    given = {"actor": SYSTEM, "at": now - 2 * DAY}
    codes = [row[0] for row in words.PARTS if row[5]][:8]
    parts = parts_of.parts_by_code(codes)
    bins = [
        inventory.create_place(code=f"{depot.code}-A{n:02}", name=f"A 排 {n} 号", kind="bin", branch_id=None, parent=depot, **given)
        for n in range(1, 7)
    ]
    for spot, code in zip(bins, codes, strict=False):
        inventory.set_home(spot, part_id=parts[code].pk, **given)
    first, second, *_rest = (parts[code] for code in codes)
    catalog.set_pack(first, name="盒", per_qty=Decimal(10), **given)
    catalog.set_substitute(first, substitute=second, is_mutual=True, note="规格相同", **given)
    _papers(depot, bins, [parts[code] for code in codes], centre, company, now)
    _sales(depot, [parts[code] for code in codes], company, now)
    _to_pick(depot, [parts[code] for code in codes], company, now)


def _papers(depot, bins, parts, centre: str, company: Company, now: dt.datetime) -> None:
    keeper = company.by("keeper", centre)
    today = now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    inventory.set_rule(depot.branch_id, two_person_amount=Decimal(5000), back_days=3, actor=SYSTEM, at=now - 3 * DAY)
    lines = [
        {"part_id": part.pk, "qty": Decimal(12), "unit_cost": part.price_amount / 2, "bin_id": spot.pk, "lot": f"L26{n:02}",
         "expires_on": today + dt.timedelta(days=200 + 90 * n)}
        for n, (part, spot) in enumerate(zip(parts[:3], bins[:3], strict=True))
    ]
    paper = inventory.open_document(kind="receipt", dated_on=today - DAY, to_place=depot, memo="厂家直发", lines=lines, actor=keeper,
                                    at=now - DAY)
    inventory.post_document(paper, actor=SYSTEM, at=now - DAY)
    inventory.open_document(kind="scrap", dated_on=today, from_place=depot, memo="运输压坏，待批", actor=keeper, at=now,
                            lines=[{"part_id": parts[0].pk, "qty": Decimal(1), "note": "外壳开裂"}])


def _to_pick(depot, parts, company: Company, now: dt.datetime) -> None:
    """A visit of today whose parts lie promised in the bins: what the keeper picks with his scanner."""
    from aftercare.domain.work import queries as orders

    dispatcher = company.by("dispatcher", next(iter(CENTRES)))
    waiting = orders.list_orders(dispatcher).filter(branch_id=depot.branch_id, status="accepted", mode="on_site", service_class="C")
    order = waiting.order_by("pk").first()
    if order is not None:
        lines = [{"part": part, "qty": Decimal(qty), "place_id": depot.pk} for part, qty in zip(parts, (2, 1, 3), strict=False)]
        prepare_parts.add(order, lines=lines, request_short=False, actor=dispatcher, at=now)


def _sales(depot, parts, company: Company, now: dt.datetime) -> None:
    from aftercare.domain.parties import queries as parties

    buyer = parties.list_customers(SYSTEM).filter(branch_id=depot.branch_id).order_by("pk").first()
    sold = sell_parts.open_sale(place=depot, lines=[{"part": parts[0], "qty": Decimal(2)}, {"part": parts[1], "qty": Decimal(1)}],
                                memo="柜台", actor=SYSTEM, at=now - DAY)
    sell_parts.hand_out(sold, amount=sold.amount, method="wechat", actor=SYSTEM, at=now - DAY)
    if buyer is None:
        return
    ordered = sell_parts.open_sale(place=depot, customer_id=buyer.pk, lines=[{"part": parts[4], "qty": Decimal(500)}], actor=SYSTEM,
                                   memo="批量预订", at=now - DAY)
    sell_parts.place_order(ordered, deposit=Decimal(100), method="wechat", actor=SYSTEM, at=now - DAY)
