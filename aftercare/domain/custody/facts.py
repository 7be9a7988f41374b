"""What happened to a customer's thing in our hands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemReceived:
    """A thing came in; the customer has a receipt."""

    custody_id: int
    number: str
    item: str


@dataclass(frozen=True)
class ItemMoved:
    """A thing lies elsewhere now."""

    custody_id: int
    place: str


@dataclass(frozen=True)
class ItemReturned:
    """A thing went back; `without_receipt` tells why no receipt was asked for."""

    custody_id: int
    returned_to: str
    without_receipt: str = ""


@dataclass(frozen=True)
class ReceiptVoided:
    """A receipt was written by mistake, or the thing never came in."""

    custody_id: int
    reason: str
