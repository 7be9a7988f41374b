"""Every read of old parts that others may use."""

from aftercare.domain.cores.queries.bills import (
    explain,
    get_bill,
    last_billed_months,
    lines_of_bill,
    list_bills,
    open_bill_moves,
    search_bills,
    unbilled_charges,
)
from aftercare.domain.cores.queries.figures import Total, overdue_of, policy_of, total_of, totals
from aftercare.domain.cores.queries.pieces import (
    charges_of,
    due_to_charge,
    due_to_remind,
    expected_serial,
    find_for_scan,
    find_to_box,
    get_core,
    last_piece,
    list_charges,
    list_cores,
    of_source,
    open_core_moves,
    overdue,
    search_cores,
    standing_of,
)
from aftercare.domain.cores.queries.shipments import (
    ShipmentFigures,
    figures_of,
    get_shipment,
    list_shipments,
    open_shipment_moves,
    pieces_of,
    search_shipments,
)
from aftercare.domain.cores.queries.terms import decide, get_rule, list_rules, may_be_owed, overlapping_rules, rule_line

__all__ = [
    "ShipmentFigures", "Total", "charges_of", "decide", "due_to_charge", "due_to_remind", "expected_serial", "explain", "figures_of",
    "find_for_scan", "find_to_box", "get_bill", "get_core", "get_rule", "get_shipment", "last_billed_months", "last_piece", "lines_of_bill", "list_bills",
    "list_charges", "list_cores", "list_rules", "list_shipments", "may_be_owed", "of_source", "open_bill_moves", "open_core_moves",
    "open_shipment_moves", "overdue", "overdue_of", "overlapping_rules", "pieces_of", "policy_of", "rule_line", "search_bills",
    "search_cores", "search_shipments", "standing_of", "total_of", "totals", "unbilled_charges",
]  # fmt: skip
