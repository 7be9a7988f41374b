"""Tables of custody: customers' goods with us, our own things with others, and the rules for both."""

from aftercare.domain.custody.models.goods import Custody, Reminder
from aftercare.domain.custody.models.holdings import Holding, HoldingSignature
from aftercare.domain.custody.models.keepings import Keeping
from aftercare.domain.custody.models.settings import CustodyRule
from aftercare.domain.custody.models.things import Calibration, Loaner, Paper, Tool

__all__ = ["Calibration", "Custody", "CustodyRule", "Holding", "HoldingSignature", "Keeping", "Loaner", "Paper", "Reminder", "Tool"]
