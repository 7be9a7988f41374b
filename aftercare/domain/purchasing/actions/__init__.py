"""Every write of this room."""

from aftercare.domain.purchasing.actions.ordering import amend, cancel, close, confirm, create_order, edit_order, send
from aftercare.domain.purchasing.actions.receiving import inspect, receive, undo
from aftercare.domain.purchasing.actions.requesting import (
    approve,
    cancel_request,
    create_request,
    edit_request,
    finish,
    reject,
    reopen,
    submit,
    withdraw,
)
from aftercare.domain.purchasing.actions.terms import (
    create_level,
    create_price,
    create_tolerance,
    edit_level,
    edit_price,
    edit_tolerance,
)

__all__ = [
    "amend", "approve", "cancel", "cancel_request", "close", "confirm", "create_level", "create_order", "create_price",
    "create_request", "create_tolerance", "edit_level", "edit_order", "edit_price", "edit_request", "edit_tolerance", "finish",
    "inspect", "receive", "reject", "reopen", "send", "submit", "undo", "withdraw",
]  # fmt: skip
