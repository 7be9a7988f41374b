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
from aftercare.domain.entitlement.lifecycle.rights import RIGHT, RIGHT_RULE, RightStatus, RuleStatus

__all__ = [
    "CLAIM", "CONTRACT", "COVERING", "INSTALMENT", "RIGHT", "RIGHT_RULE", "VISIT", "ClaimStatus", "ContractStatus",
    "InstalmentStatus", "RightStatus", "RuleStatus", "VisitStatus",
]  # fmt: skip
