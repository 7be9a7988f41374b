"""Every write of this room: one verb per function, each move of the lifecycle among them."""

from aftercare.domain.work.actions.card import write_card
from aftercare.domain.work.actions.closing import (
    audit,
    backfill,
    cancel,
    close,
    inspect,
    reverse_audit,
    send_back,
    settle,
)
from aftercare.domain.work.actions.dispatching import accept, dispatch, recall, refuse, schedule, take
from aftercare.domain.work.actions.figures import fold_figures, rebuild_figures, set_amount
from aftercare.domain.work.actions.materials import (
    add_material,
    add_materials,
    change_material,
    note_parts_arrived,
    note_stock,
    remove_material,
)
from aftercare.domain.work.actions.merged import take_over_orders
from aftercare.domain.work.actions.noting import note
from aftercare.domain.work.actions.opening import edit_order, open_order, stamp_entitlement
from aftercare.domain.work.actions.quoting import (
    accept_quote,
    answered,
    asked,
    lapse_quote,
    refuse_quote,
    request_quote,
    stamp_quote,
)
from aftercare.domain.work.actions.working import (
    arrive,
    complete,
    escalate,
    finish_repair,
    hand_over,
    restart,
    resume,
    set_out,
    start,
    wait_for_part,
)

__all__ = [
    "accept", "accept_quote", "add_material", "add_materials", "answered", "arrive", "asked", "audit", "backfill", "cancel",
    "change_material", "close", "complete", "dispatch", "edit_order", "escalate", "finish_repair", "fold_figures",
    "hand_over", "inspect", "lapse_quote", "note", "note_parts_arrived", "note_stock", "open_order", "rebuild_figures", "recall", "refuse", "refuse_quote",
    "remove_material", "request_quote", "restart", "resume", "reverse_audit", "schedule", "send_back", "set_amount",
    "set_out", "settle", "stamp_entitlement", "stamp_quote", "start", "take", "take_over_orders", "wait_for_part", "write_card",
]  # fmt: skip
