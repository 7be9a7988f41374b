"""Tables of the room, one file per subject."""

from aftercare.domain.entitlement.models.ledger import WarrantyEntry
from aftercare.domain.entitlement.models.terms import Term

__all__ = ["Term", "WarrantyEntry"]
