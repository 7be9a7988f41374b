"""Every read of supply that others may use."""

from aftercare.domain.purchasing.queries.enquiries import (
    compare,
    enquiry_lines_of,
    get_enquiry,
    list_enquiries,
    offers_of,
    open_enquiry_moves,
    search_enquiries,
)
from aftercare.domain.purchasing.queries.invoices import (
    blocked_invoices,
    get_invoice,
    get_return,
    invoice_lines_of,
    invoices_of,
    list_invoices,
    list_returns,
    open_invoice_moves,
    open_return_moves,
    return_lines_of,
    returns_of,
)
from aftercare.domain.purchasing.queries.orders import (
    awaiting_inspection,
    get_order,
    get_receipt,
    lines_of,
    list_orders,
    list_receipts,
    on_order,
    open_order_moves,
    open_receipt_moves,
    overdue,
    receipt_lines_of,
    receipts_of,
    revisions_of,
    search_orders,
    supply_of,
    to_inspect,
)
from aftercare.domain.purchasing.queries.performance import judged, paid, promises
from aftercare.domain.purchasing.queries.requests import (
    get_lines,
    get_request,
    lines_to_order,
    list_requests,
    open_request_moves,
    request_lines_of,
    requested,
    requested_shortages,
    requests_for,
    search_requests,
    source_of,
    to_approve,
)
from aftercare.domain.purchasing.queries.terms import (
    get_level,
    get_price,
    get_tolerance,
    list_levels,
    list_prices,
    list_tolerances,
    may_approve,
    prices_on,
    required_right,
    tolerance_on,
)
from aftercare.domain.purchasing.queries.transfers import (
    get_transfer,
    in_transit,
    list_transfers,
    open_transfer_moves,
    search_transfers,
    superior_depot,
    to_send,
    transfer_lines_of,
    transfer_lots_of,
)

__all__ = [
    "awaiting_inspection", "blocked_invoices", "compare", "enquiry_lines_of", "get_enquiry", "get_invoice",
    "get_level", "get_lines", "get_order", "get_price", "get_receipt", "get_request", "get_return", "get_tolerance",
    "get_transfer", "in_transit", "invoice_lines_of", "invoices_of", "judged", "lines_of", "lines_to_order",
    "list_enquiries", "list_invoices", "list_levels", "list_orders", "list_prices", "list_receipts", "list_requests",
    "list_returns", "list_tolerances", "list_transfers", "may_approve", "offers_of", "on_order", "open_enquiry_moves",
    "open_invoice_moves", "open_order_moves", "open_receipt_moves", "open_request_moves", "open_return_moves",
    "open_transfer_moves", "overdue", "paid", "prices_on", "promises", "receipt_lines_of", "receipts_of",
    "request_lines_of", "requested", "requested_shortages", "requests_for", "required_right", "return_lines_of",
    "returns_of", "revisions_of", "search_enquiries", "search_orders", "search_requests", "search_transfers",
    "source_of", "superior_depot", "supply_of", "to_approve", "to_inspect", "to_send", "tolerance_on",
    "transfer_lines_of", "transfer_lots_of",
]  # fmt: skip
