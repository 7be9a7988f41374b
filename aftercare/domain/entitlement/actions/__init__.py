"""Every write of warranty terms and of the units' warranty ledger."""

from aftercare.domain.entitlement.actions.deciding import override
from aftercare.domain.entitlement.actions.ledger import (
    add_repair_days,
    grant_goodwill,
    register_base,
    register_cover,
    reverse_entry,
)
from aftercare.domain.entitlement.actions.terms import create_term, edit_term

__all__ = [
    "add_repair_days",
    "create_term",
    "edit_term",
    "grant_goodwill",
    "override",
    "register_base",
    "register_cover",
    "reverse_entry",
]
