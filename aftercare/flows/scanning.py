"""What a scanned code is: one answer for every label and paper of the house, a loud refusal for the unknown."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import access as catalog_access
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.custody import queries as custodies
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.orders import queries as sales
from aftercare.domain.people import queries as people
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.work import queries as orders
from aftercare.flows import scan_codes
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, NotFound


@dataclass(frozen=True)
class Scanned:
    """What a code stands for. `pack` and `per_qty` tell a pack of a part: one scan means that many base units.

    A maker's GS1 code tells lot, serial number and last day of an article besides.
    """

    kind: str
    id: int
    number: str
    name: str
    url: str
    pack: str = ""
    per_qty: Decimal = Decimal(1)
    lot: str = ""
    serial: str = ""
    expires_on: dt.date | None = None

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def resolve(code: str, *, actor: Actor) -> Scanned:
    """What that code is, as far as the actor may see it; refuses an unknown one (`unknown_code`).

    A link printed as a QR code is told by its last part or its `q`.
    """
    gs1 = scan_codes.read_gs1(code)
    if gs1 is not None:
        return _told_by_maker(gs1, actor)
    text = _bare(code)
    for find in FINDERS:
        try:
            found = find(text, actor)
        except (NotFound, NotAllowed):
            found = None
        if found is not None:
            return found
    raise NotFound(_("无法识别「%(code)s」，请核对后重新扫描") % {"code": text or code.strip()}, code="unknown_code", kind="scan")


def _told_by_maker(gs1: scan_codes.Gs1, actor: Actor) -> Scanned:
    found = next((one for code in gs1.article_codes() if (one := _article(code, actor)) is not None), None)
    if found is None:
        raise NotFound(_("无法识别「%(code)s」，请核对后重新扫描") % {"code": gs1.gtin}, code="unknown_code", kind="scan")
    return replace(found, lot=gs1.lot, serial=gs1.serial, expires_on=gs1.expires_on)


def _bare(code: str) -> str:
    # A hand scanner types into whatever is on: with a Chinese input method letters and digits come full-width.
    text = unicodedata.normalize("NFKC", "".join(sign for sign in code if sign.isprintable())).strip()
    if re.match(r"https?://", text):
        parts = urlsplit(text)
        asked = parse_qs(parts.query).get("q")
        text = asked[0] if asked else parts.path.rstrip("/").rpartition("/")[2]
    return text[:120]


def _article(text: str, actor: Actor) -> Scanned | None:
    if not actor.holds(catalog_access.VIEW):
        return None
    found = catalog.find_barcode(text)
    if found is None:
        return None
    where = "parts" if found.kind == "part" else "products"
    return Scanned(f"catalog.{found.kind}", found.id, found.code, found.name, f"/{where}/{found.id}/", found.pack, found.per_qty)


def _place(text: str, actor: Actor) -> Scanned | None:
    rows = stock.list_places(actor)
    row = rows.filter(code=text).first() or rows.filter(code__iexact=text).first()
    return Scanned("inventory.place", row.pk, row.code, row.name, f"/places/{row.pk}/") if row else None


def _stocked_serial(text: str, actor: Actor) -> Scanned | None:
    if not actor.holds(stock_access.VIEW_STOCK):
        return None
    row = stock.balances(actor).filter(lot=text).order_by("-is_serial", "pk").first()
    if row is None:
        return None
    kind = "inventory.serial" if row.is_serial else "inventory.lot"
    return Scanned(kind, row.part_id, row.lot, f"{row.part.name} · {row.place.name}", f"/parts/{row.part_id}/")


def _by_number(kind: str, get: Callable, url: str, name: str) -> Callable[[str, Actor], Scanned | None]:
    def find(text: str, actor: Actor) -> Scanned | None:
        row = get(text.upper(), actor)
        if row is None:
            return None
        told = getattr(row, name)
        return Scanned(kind, row.pk, row.number, str(told() if callable(told) else told), url.format(row.number))

    return find


def _by_prefix(prefix: str, *known) -> Callable[[str, Actor], Scanned | None]:
    """As `_by_number`, asked only for numbers that begin so: no statement for all others."""
    find = _by_number(*known)
    return lambda text, actor: find(text, actor) if text.upper().startswith(prefix) and text[len(prefix):].isdigit() else None


def _asset(text: str, actor: Actor) -> Scanned | None:
    row = assets.list_assets(actor).filter(serial__iexact=text).first() or assets.list_assets(actor).filter(number=text).first()
    return Scanned("assets.asset", row.pk, row.number, str(row), f"/assets/{row.number}/") if row else None


def _employee(text: str, actor: Actor) -> Scanned | None:
    row = people.list_employees(actor).filter(number__iexact=text).first()
    return Scanned("people.employee", row.pk, row.number, row.name, f"/employees/{row.number}/") if row else None


def _paper(text: str, actor: Actor) -> Scanned | None:
    row = custodies.list_papers(actor).filter(number__iexact=text).first()
    return Scanned("custody.paper", row.pk, row.number, row.title, f"/papers/{row.number}/") if row else None


# In this order: what hangs on a shelf before what is written on paper, papers before customers' things.
FINDERS: list[Callable[[str, Actor], Scanned | None]] = [
    _article,
    _place,
    _stocked_serial,
    _by_number("inventory.document", stock.get_document, "/stock-documents/{}/", "get_kind_of_display"),
    _by_number("inventory.stocktake", stock.get_stocktake, "/stocktakes/{}/", "place"),
    _by_number("inventory.partrequest", stock.get_request, "/part-requests/{}/", "part"),
    _by_number("work.workorder", lambda key, actor: orders.list_orders(actor).filter(number=key).first(), "/orders/{}/", "title"),
    _by_number("purchasing.order", supply.get_order, "/purchase-orders/{}/", "supplier"),
    _by_number("purchasing.receipt", supply.get_receipt, "/receipts/{}/", "supplier"),
    _by_number("purchasing.transfer", supply.get_transfer, "/transfers/{}/", "to_place"),
    _by_number("purchasing.supplierreturn", supply.get_return, "/supplier-returns/{}/", "supplier"),
    _by_number("orders.sale", sales.get_sale, "/sales/{}/", "get_kind_of_display"),
    _by_number("custody.custody", custodies.get_custody, "/custody/{}/", "item"),
    *(_by_prefix(*one) for one in (
        ("BY", "custody.loaner", custodies.get_loaner, "/loaners/{}/", "product"), ("GJ", "custody.tool", custodies.get_tool, "/tools/{}/", "name"),
        *((prefix, "custody.holding", custodies.get_holding, "/holdings/{}/", "item") for prefix in ("JY", "LY", "JZ")),
        ("OP", "cores.corereturn", old_parts.get_core, "/cores/{}/", "part"),
        ("OS", "cores.coreshipment", old_parts.get_shipment, "/core-shipments/{}/", "get_status_display"),
    )),
    _asset,
    _employee,
    _paper,
]
