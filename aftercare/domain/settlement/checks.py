"""What `aftercare check` proves about months: every locked one follows from its lines, every line from its explanation."""

from django.utils import translation

from aftercare.domain.settlement import queries
from aftercare.foundation.checks import register_check


@register_check("settlement.statements")
def check_statements() -> list[str]:
    """Locked months recomputed line by line."""
    problems = []
    with translation.override("en"):
        for statement in queries.list_locked():
            found = queries.recompute(statement).problems
            problems += [f"settlement: {statement.number}: {problem}" for problem in found]
    return problems


@register_check("settlement.rates")
def check_rates() -> list[str]:
    """No two rates with the same conditions share a day."""
    return [f"settlement: rates {one} and {two} overlap" for one, two in queries.find_overlapping_rates()]
