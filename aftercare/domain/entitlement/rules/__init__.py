"""Pure rules of warranties, one file per subject. No database, no clock, no Django."""

from aftercare.domain.entitlement.rules.dates import add_months, cover_end
from aftercare.domain.entitlement.rules.deciding import SUSPICIOUS, decide, flags_of, lengthened, overridden, reason
from aftercare.domain.entitlement.rules.terms import covers_by_terms, start_of
from aftercare.domain.entitlement.rules.values import (
    ADMINISTRATIVE,
    CLASSES,
    CONTRACT,
    KINDS,
    PAID,
    PAYERS,
    WARRANTY,
    Cover,
    Decision,
    TermLine,
    Unit,
)

__all__ = [
    "ADMINISTRATIVE",
    "CLASSES",
    "CONTRACT",
    "KINDS",
    "PAID",
    "PAYERS",
    "SUSPICIOUS",
    "WARRANTY",
    "Cover",
    "Decision",
    "TermLine",
    "Unit",
    "add_months",
    "cover_end",
    "covers_by_terms",
    "decide",
    "flags_of",
    "lengthened",
    "overridden",
    "reason",
    "start_of",
]
