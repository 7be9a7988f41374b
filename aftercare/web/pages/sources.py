"""Links to documents that other rooms name by kind and number."""

from __future__ import annotations

from typing import Any

from aftercare.web.markup import format_html
from aftercare.web.pages.cells import EMPTY, Cell

# Whose pages are found by number.
PAGES = {
    "work.workorder": "/orders/", "cases.contact": "/contacts/", "parties.customer": "/customers/", "assets.asset": "/assets/",
    "custody.custody": "/custody/", "people.employee": "/employees/", "people.branch": "/branches/",
    "settlement.statement": "/statements/", "quotes.quote": "/quotes/", "billing.waiverrequest": "/waivers/", "inventory.partrequest": "/part-requests/",
    "parties.supplier": "/suppliers/", "purchasing.request": "/purchase-requests/", "purchasing.order": "/purchase-orders/",
    "purchasing.receipt": "/receipts/", "purchasing.transfer": "/transfers/",
    "purchasing.invoice": "/supplier-invoices/", "purchasing.supplierreturn": "/supplier-returns/",
    "purchasing.enquiry": "/enquiries/",
    "cores.corereturn": "/cores/", "cores.coreshipment": "/core-shipments/", "cores.corebill": "/core-bills/",
    "inventory.document": "/stock-documents/", "inventory.stocktake": "/stocktakes/", "orders.sale": "/sales/",
    "entitlement.servicecontract": "/contracts/", "entitlement.instalment": "/instalments/", "entitlement.supplierclaim": "/claims/",
    "entitlement.warrantyentry": "/warranty-entries/",
    "custody.loaner": "/loaners/", "custody.tool": "/tools/", "custody.paper": "/papers/", "custody.holding": "/holdings/",
}  # fmt: skip


def address_of(kind: str, number: Any) -> str:
    """The page of a document told by kind and number; empty when it has none."""
    return f"{PAGES[kind]}{number}/" if kind in PAGES and number else ""


def source(kind: str = "source_kind", number: str = "source_number") -> Cell:
    """The document a row was booked for, linked where it has a page."""

    def draw(row, shown):
        label = getattr(row, number)
        address = address_of(getattr(row, kind), label)
        if address:
            return format_html('<a class="link" href="{}">{}</a>', address, label)
        return format_html("{}", label) if label else EMPTY

    return draw
