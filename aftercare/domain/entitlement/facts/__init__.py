"""What happens to warranties, in the past tense; one file per subject."""

from aftercare.domain.entitlement.facts.ledger import CoverRegistered, CoverReversed, DecisionOverridden
from aftercare.domain.entitlement.facts.terms import TermCreated

__all__ = ["CoverRegistered", "CoverReversed", "DecisionOverridden", "TermCreated"]
