"""Pure rules of warranties, one file per subject. No database, no clock, no Django."""

from aftercare.domain.entitlement.rules.dates import add_months, cover_end
from aftercare.domain.entitlement.rules.deciding import decide, explain, overridden, reason
from aftercare.domain.entitlement.rules.judging import (
    STATES,
    SUSPICIOUS,
    Finding,
    flags_of,
    is_used_up,
    judge,
    lengthened,
)
from aftercare.domain.entitlement.rules.shares import shares_of
from aftercare.domain.entitlement.rules.terms import (
    STAND_INS,
    Considered,
    TermBook,
    cover_of,
    covers_by_terms,
    inherited,
    replacement_cover,
    start_of,
)
from aftercare.domain.entitlement.rules.values import (
    ADMINISTRATIVE,
    CLASSES,
    CONTRACT,
    FOR_CUSTOMER,
    KINDS,
    PAID,
    PAYERS,
    VERDICTS,
    WARRANTY,
    Cover,
    Decision,
    Job,
    Line,
    TermLine,
    Unit,
)

__all__ = [
    "ADMINISTRATIVE", "CLASSES", "CONTRACT", "FOR_CUSTOMER", "KINDS", "PAID", "PAYERS", "STAND_INS", "STATES",
    "SUSPICIOUS", "VERDICTS", "WARRANTY", "Considered", "Cover", "Decision", "Finding", "Job", "Line", "TermBook", "TermLine", "Unit",
    "add_months", "cover_end", "cover_of", "covers_by_terms", "decide", "explain", "flags_of", "inherited", "is_used_up", "judge",
    "lengthened", "overridden", "reason", "replacement_cover", "shares_of", "start_of",
]
