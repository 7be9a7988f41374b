"""Tables of the room, one file per subject."""

from aftercare.domain.entitlement.models.claims import ClaimAgreement, ClaimLine, SupplierClaim
from aftercare.domain.entitlement.models.contracts import (
    ContractJob,
    ContractNotice,
    ContractPause,
    ContractScope,
    Instalment,
    PlannedVisit,
    QuotaBalance,
    QuotaEntry,
    QuotaKind,
    ServiceContract,
    VisitRule,
)
from aftercare.domain.entitlement.models.ledger import BY_HAND, WarrantyEntry
from aftercare.domain.entitlement.models.promises import Bearer
from aftercare.domain.entitlement.models.rights import RightClaim, RightRule
from aftercare.domain.entitlement.models.terms import Term

__all__ = [
    "BY_HAND", "Bearer", "ClaimAgreement", "ClaimLine", "ContractJob", "ContractNotice", "ContractPause", "ContractScope",
    "Instalment", "PlannedVisit", "QuotaBalance", "QuotaEntry", "QuotaKind", "RightClaim", "RightRule",
    "ServiceContract", "SupplierClaim", "Term", "VisitRule", "WarrantyEntry",
]  # fmt: skip
