"""Every write of this room."""

from aftercare.domain.purchasing.actions.asking import answer, ask, cancel_enquiry, choose, create_enquiry
from aftercare.domain.purchasing.actions.invoicing import block, enter_invoice, match, post, release, reverse, void
from aftercare.domain.purchasing.actions.moving import (
    approve_transfer,
    cancel_transfer,
    receive_and_settle,
    receive_transfer,
    reject_transfer,
    request_transfer,
    settle,
    ship,
)
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
from aftercare.domain.purchasing.actions.returning import cancel_return, create_return, settle_return, ship_return
from aftercare.domain.purchasing.actions.terms import (
    create_level,
    create_price,
    create_tolerance,
    edit_level,
    edit_price,
    edit_tolerance,
)

__all__ = [
    "amend", "answer", "approve", "approve_transfer", "ask", "block", "cancel", "cancel_enquiry", "cancel_request",
    "cancel_return", "cancel_transfer", "choose", "close", "confirm", "create_enquiry", "create_level",
    "create_order", "create_price", "create_request", "create_return", "create_tolerance", "edit_level", "edit_order",
    "edit_price", "edit_request", "edit_tolerance", "enter_invoice", "finish", "inspect", "match", "post", "receive",
    "receive_and_settle", "receive_transfer", "reject", "reject_transfer", "release", "reopen", "request_transfer",
    "reverse", "send", "settle", "settle_return", "ship", "ship_return", "submit", "undo", "void", "withdraw",
]  # fmt: skip
