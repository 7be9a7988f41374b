"""Permissions and row scope of this room, one file per subject."""

from aftercare.domain.entitlement.access.contracts import (
    BILL_CONTRACT,
    KEEP_CLAIM,
    KEEP_CONTRACT,
    VIEW_CLAIM,
    VIEW_CONTRACT,
)
from aftercare.domain.entitlement.access.rights import CLAIM_RIGHT, DECIDE_RIGHT, EDIT_RIGHT_RULE, VIEW_RIGHT
from aftercare.domain.entitlement.access.warranty import (
    EDIT_TERM,
    OVERRIDE,
    REGISTER,
    SELL,
    SET_END,
    VIEW,
    entries,
    terms,
)

__all__ = [
    "BILL_CONTRACT", "CLAIM_RIGHT", "DECIDE_RIGHT", "EDIT_RIGHT_RULE", "EDIT_TERM", "KEEP_CLAIM", "KEEP_CONTRACT",
    "OVERRIDE", "REGISTER", "SELL", "SET_END", "VIEW", "VIEW_CLAIM", "VIEW_CONTRACT", "VIEW_RIGHT", "entries",
    "terms",
]  # fmt: skip
