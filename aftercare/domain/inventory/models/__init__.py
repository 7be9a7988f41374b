"""Tables of the room: where things lie, what moved, what is promised, what is counted."""

from aftercare.domain.inventory.models.classes import Classification, PartClass
from aftercare.domain.inventory.models.documents import Document, DocumentLine
from aftercare.domain.inventory.models.periods import BranchRule, Period, Snapshot
from aftercare.domain.inventory.models.places import Home, Place
from aftercare.domain.inventory.models.promises import PartRequest, Reservation
from aftercare.domain.inventory.models.stock import Balance, Condition, Cost, Lot, Reason, StockMove
from aftercare.domain.inventory.models.stocktakes import CountEntry, CountRule, Stocktake, StocktakeLine

__all__ = [
    "Balance", "BranchRule", "Classification", "Condition", "Cost", "CountEntry", "CountRule", "Document", "DocumentLine", "Home",
    "Lot", "PartClass", "PartRequest", "Period", "Place", "Reason", "Reservation", "Snapshot", "StockMove", "Stocktake",
    "StocktakeLine",
]  # fmt: skip
