"""States and moves of the room's documents, one file per subject; terms and warranty lines have none."""

from aftercare.domain.entitlement.lifecycle.claims import CLAIM, ClaimStatus
from aftercare.domain.entitlement.lifecycle.contracts import (
    CONTRACT,
    COVERING,
    INSTALMENT,
    VISIT,
    ContractStatus,
    InstalmentStatus,
    VisitStatus,
)

__all__ = [
    "CLAIM", "CONTRACT", "COVERING", "INSTALMENT", "VISIT", "ClaimStatus", "ContractStatus", "InstalmentStatus", "VisitStatus",
]  # fmt: skip
