"""Tables of the room: where things lie, what moved, what is promised."""

from aftercare.domain.inventory.models.documents import Document, DocumentLine
from aftercare.domain.inventory.models.periods import BranchRule, Period, Snapshot
from aftercare.domain.inventory.models.places import Home, Place
from aftercare.domain.inventory.models.promises import PartRequest, Reservation
from aftercare.domain.inventory.models.stock import Balance, Condition, Cost, Lot, Reason, StockMove

__all__ = [
    "Balance", "BranchRule", "Condition", "Cost", "Document", "DocumentLine", "Home", "Lot", "PartRequest", "Period", "Place",
    "Reason", "Reservation", "Snapshot", "StockMove",
]  # fmt: skip
