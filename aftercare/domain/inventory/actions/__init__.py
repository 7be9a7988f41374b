"""Every write of this room. `book` in `booking` is the only writer of stock; all verbs end there."""

from aftercare.domain.inventory.actions.booking import Shortage
from aftercare.domain.inventory.actions.carrying import issue, return_unused
from aftercare.domain.inventory.actions.classing import classify, classify_all
from aftercare.domain.inventory.actions.documents import (
    cancel_document,
    open_document,
    post_document,
    reverse_document,
    rewrite,
)
from aftercare.domain.inventory.actions.keeping import (
    change_condition,
    count,
    post,
    receive,
    reverse,
    transfer,
    undo_booking,
)
from aftercare.domain.inventory.actions.lots import set_expiry
from aftercare.domain.inventory.actions.periods import close_period, keep_closed_stock, set_rule
from aftercare.domain.inventory.actions.places import (
    create_place,
    edit_place,
    ensure_depot,
    ensure_outlet,
    ensure_outside,
    ensure_van,
    set_home,
    set_limits,
)
from aftercare.domain.inventory.actions.promising import release, reserve
from aftercare.domain.inventory.actions.requesting import (
    cancel,
    cancel_requests,
    fill,
    fill_requests,
    request_parts,
    set_priority,
)
from aftercare.domain.inventory.actions.settling import (
    approve_stocktake,
    cancel_stocktake,
    recalculate,
    reverse_stocktake,
    send_back_stocktake,
    set_count_rule,
)
from aftercare.domain.inventory.actions.stocktakes import (
    CountLine,
    close_round,
    finish_round,
    plan_stocktake,
    record_counts,
    submit_stocktake,
)
from aftercare.domain.inventory.actions.supplying import announce_arrival, ensure_quarantine, ensure_transit
from aftercare.domain.inventory.actions.using import consume, take_back
from aftercare.domain.inventory.models import Reason
from aftercare.domain.inventory.rules import MoveLine, ReceiveLine, ReserveLine, UseLine

__all__ = [
    "CountLine", "MoveLine", "Reason", "ReceiveLine", "ReserveLine", "Shortage", "UseLine", "announce_arrival",
    "approve_stocktake", "cancel", "cancel_document", "cancel_requests", "cancel_stocktake", "change_condition", "classify", "classify_all",
    "close_period", "close_round", "consume", "count", "create_place", "edit_place", "ensure_depot", "ensure_outlet",
    "ensure_outside", "ensure_quarantine", "ensure_transit", "ensure_van", "fill", "fill_requests", "finish_round", "issue",
    "keep_closed_stock", "open_document", "plan_stocktake", "post", "post_document", "recalculate", "receive",
    "record_counts", "release", "request_parts", "reserve", "return_unused", "reverse", "reverse_document",
    "reverse_stocktake", "rewrite", "send_back_stocktake", "set_count_rule", "set_expiry", "set_home", "set_limits",
    "set_priority", "set_rule", "submit_stocktake", "take_back", "transfer", "undo_booking",
]  # fmt: skip
