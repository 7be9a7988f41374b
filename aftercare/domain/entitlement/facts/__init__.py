"""What happens to warranties, in the past tense; one file per subject."""

from aftercare.domain.entitlement.facts.claims import (
    AgreementSet,
    ClaimAnswered,
    ClaimCancelled,
    ClaimClosed,
    ClaimOpened,
    ClaimReimbursed,
    ClaimSent,
)
from aftercare.domain.entitlement.facts.contracts import (
    ContractActivated,
    ContractChanged,
    ContractDrafted,
    ContractEnded,
    ContractExpired,
    ContractRenewed,
    ContractResumed,
    ContractSuspended,
    ContractWithdrawn,
    InstalmentChanged,
    NoticeGiven,
    QuotaGivenBack,
    QuotaUsed,
    VisitChanged,
    VisitsPlanned,
)
from aftercare.domain.entitlement.facts.ledger import CoverRegistered, CoverReversed, DecisionOverridden
from aftercare.domain.entitlement.facts.rights import (
    RightClaimed,
    RightDone,
    RightGranted,
    RightRefused,
    RightRuleChecked,
    RightRuleSet,
    RightWithdrawn,
)
from aftercare.domain.entitlement.facts.terms import TermCreated

__all__ = [
    "AgreementSet", "ClaimAnswered", "ClaimCancelled", "ClaimClosed", "ClaimOpened", "ClaimReimbursed", "ClaimSent",
    "ContractActivated", "ContractChanged", "ContractDrafted", "ContractEnded", "ContractExpired", "ContractRenewed",
    "ContractResumed", "ContractSuspended", "ContractWithdrawn", "CoverRegistered", "CoverReversed", "DecisionOverridden",
    "InstalmentChanged", "NoticeGiven", "QuotaGivenBack", "QuotaUsed", "RightClaimed", "RightDone", "RightGranted",
    "RightRefused", "RightRuleChecked", "RightRuleSet", "RightWithdrawn", "TermCreated", "VisitChanged", "VisitsPlanned",
]  # fmt: skip
