"""Every write of bills, of money collected, and of what is let off."""

from aftercare.domain.billing.actions.bills import (
    PAYERS,
    ChargeLine,
    Share,
    charge,
    collect,
    divide,
    finalise,
    remit,
    reverse_final,
    set_charges,
    void,
    waive,
)
from aftercare.domain.billing.actions.waivers import approve, ask, refuse, set_limit, withdraw

__all__ = [
    "PAYERS", "ChargeLine", "Share", "approve", "ask", "charge", "collect", "divide", "finalise", "refuse", "remit",
    "reverse_final", "set_charges", "set_limit", "void", "waive", "withdraw",
]  # fmt: skip
