"""Permissions and row scope of this room, one file per subject."""

from aftercare.domain.entitlement.access.contracts import (
    BILL_CONTRACT,
    KEEP_CLAIM,
    KEEP_CONTRACT,
    VIEW_CLAIM,
    VIEW_CONTRACT,
)
from aftercare.domain.entitlement.access.warranty import EDIT_TERM, OVERRIDE, REGISTER, VIEW, entries, terms

__all__ = [
    "BILL_CONTRACT", "EDIT_TERM", "KEEP_CLAIM", "KEEP_CONTRACT", "OVERRIDE", "REGISTER", "VIEW", "VIEW_CLAIM", "VIEW_CONTRACT",
    "entries", "terms",
]  # fmt: skip
