"""What `aftercare check` proves about the journal."""

from aftercare.domain.journal import sealing
from aftercare.foundation.checks import register_check


@register_check("journal")
def check_chain() -> list[str]:
    """Every digest and every link of the chain."""
    return sealing.verify()
