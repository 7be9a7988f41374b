"""Tables of the room: where things lie, what moved, what is promised."""

from aftercare.domain.inventory.models.places import Home, Place
from aftercare.domain.inventory.models.promises import PartRequest, Reservation
from aftercare.domain.inventory.models.stock import Balance, Condition, Cost, Lot, Reason, StockMove

__all__ = ["Balance", "Condition", "Cost", "Home", "Lot", "PartRequest", "Place", "Reason", "Reservation", "StockMove"]
