"""What happened to the papers of supply."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PurchaseRequested:
    """Somebody wants parts bought."""

    request_id: int
    number: str


@dataclass(frozen=True)
class RequestSubmitted:
    """A request waits for who approves its amount (CNY, as text)."""

    request_id: int
    total_amount: str
    right: str


@dataclass(frozen=True)
class RequestDecided:
    """A request was approved or rejected."""

    request_id: int
    is_approved: bool
    reason: str = ""


@dataclass(frozen=True)
class RequestEnded:
    """A request is finished, withdrawn or cancelled."""

    request_id: int
    reason: str = ""


@dataclass(frozen=True)
class OrderDrafted:
    """An order to a supplier was written."""

    order_id: int
    number: str
    supplier_id: int


@dataclass(frozen=True)
class OrderSent:
    """An order went to its supplier; its prices are frozen."""

    order_id: int
    supplier_id: int
    expected_on: str


@dataclass(frozen=True)
class OrderAmended:
    """A sent order was changed; the older version is kept."""

    order_id: int
    revision: int
    reason: str


@dataclass(frozen=True)
class DeliveryConfirmed:
    """The supplier told when he delivers."""

    order_id: int
    expected_on: str


@dataclass(frozen=True)
class OrderEnded:
    """An order is closed or cancelled; what had not come does not come any more."""

    order_id: int
    reason: str = ""


@dataclass(frozen=True)
class DeliveryReceived:
    """A supplier brought goods; they wait for inspection."""

    order_id: int
    receipt_id: int
    number: str


@dataclass(frozen=True)
class DeliveryInspected:
    """Goods were judged: how many lines had something to reject."""

    receipt_id: int
    number: str
    rejected_lines: int


@dataclass(frozen=True)
class DeliveryUndone:
    """A receipt was booked by mistake."""

    receipt_id: int
    reason: str
