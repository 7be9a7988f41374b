"""Every write of this room."""

from aftercare.domain.cores.actions.billing import answer_dispute, collect, dispute, draw_bills, reopen_bill, waive_bill
from aftercare.domain.cores.actions.charging import charge, charge_overdue, lift_charge, remind
from aftercare.domain.cores.actions.following import Demand, follow, shrink
from aftercare.domain.cores.actions.processing import refurbish, scrap
from aftercare.domain.cores.actions.receiving import hand_back, receive, reclaim, undo_receive, waive
from aftercare.domain.cores.actions.shipping import (
    add,
    answer,
    cancel_shipment,
    credit,
    open_shipment,
    post_shipment,
    refuse,
    remove,
    reopen,
    reverse_shipment,
    revise_shipment,
)
from aftercare.domain.cores.actions.terms import create_rule, edit_rule
from aftercare.domain.cores.actions.warning import warn_statement

__all__ = [
    "Demand", "add", "answer", "answer_dispute", "cancel_shipment", "charge", "charge_overdue", "collect", "create_rule", "credit",
    "dispute", "draw_bills", "edit_rule", "follow", "hand_back", "lift_charge", "open_shipment", "post_shipment", "receive",
    "reclaim", "refurbish", "refuse", "remind", "remove", "reopen", "reopen_bill", "reverse_shipment", "revise_shipment", "scrap",
    "shrink", "undo_receive", "waive", "waive_bill", "warn_statement",
]  # fmt: skip
