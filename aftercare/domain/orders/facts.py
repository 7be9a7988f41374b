"""What happened to sales of parts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SaleHandedOut:
    """Goods of a sale left the store."""

    sale_id: int
    kind: str
    amount: Decimal


@dataclass(frozen=True)
class SaleOrdered:
    """A customer ordered parts; what lacks is requested."""

    sale_id: int
    deposit_amount: Decimal


@dataclass(frozen=True)
class SaleArrived:
    """All that a customer ordered lies ready for him."""

    sale_id: int


@dataclass(frozen=True)
class CustomerNotified:
    """A customer was told about a document: of what, by which way, for which time."""

    source_kind: str
    source_id: int
    about: str
    channel: str
    count: int


@dataclass(frozen=True)
class SaleTakenBack:
    """Sold parts came back."""

    sale_id: int
    amount: Decimal


@dataclass(frozen=True)
class SaleCancelled:
    """A sale was given up before goods left."""

    sale_id: int
