"""What happened to bills and to money collected. Amounts are in the bill's currency."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ChargesSet:
    """The charges of a document were written anew."""

    bill_id: int
    source_kind: str
    source_id: int
    due_amount: Decimal
    covered_amount: Decimal


@dataclass(frozen=True)
class ChargeWaived:
    """Part of a charge was let off."""

    bill_id: int
    line: str
    amount: Decimal


@dataclass(frozen=True)
class ChargeDivided:
    """A line of the bill was divided between payers by hand; none named: as the document says again."""

    bill_id: int
    line: str
    payers: tuple[str, ...]


@dataclass(frozen=True)
class BillFinalised:
    """The charges of a document stand and are booked."""

    bill_id: int
    source_kind: str
    source_id: int
    due_amount: Decimal
    covered_amount: Decimal
    paid_amount: Decimal
    round: int


@dataclass(frozen=True)
class BillReversed:
    """The booking of a bill was taken back, so that it may be made anew."""

    bill_id: int
    source_kind: str
    source_id: int
    round: int


@dataclass(frozen=True)
class MoneyCollected:
    """The customer paid."""

    collection_id: int
    bill_id: int
    source_kind: str
    source_id: int
    amount: Decimal
    method: str


@dataclass(frozen=True)
class MoneyRemitted:
    """Cash went from the engineer to the desk."""

    collection_id: int
    amount: Decimal


@dataclass(frozen=True)
class CollectionVoided:
    """A receipt was declared void; the money is owed again."""

    collection_id: int
    bill_id: int
    amount: Decimal


@dataclass(frozen=True)
class WaiverAsked:
    """Somebody asked that part of a charge be let off."""

    request_id: int
    bill_id: int
    line: str
    amount: Decimal


@dataclass(frozen=True)
class WaiverDecided:
    """Another person let it off, or did not."""

    request_id: int
    bill_id: int
    line: str
    amount: Decimal
    approved: bool


@dataclass(frozen=True)
class WaiverWithdrawn:
    """Who asked took the request back."""

    request_id: int
    bill_id: int
