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


@dataclass(frozen=True)
class TransferRequested:
    """A store asks another one for goods."""

    transfer_id: int
    number: str


@dataclass(frozen=True)
class TransferDecided:
    """A store that was asked said yes or no."""

    transfer_id: int
    is_approved: bool
    reason: str = ""


@dataclass(frozen=True)
class TransferShipped:
    """Goods are on their way to another store."""

    transfer_id: int
    number: str


@dataclass(frozen=True)
class TransferReceived:
    """Goods of a transfer came; what is missing or damaged is open until somebody settles it."""

    transfer_id: int
    missing_qty: str


@dataclass(frozen=True)
class TransferSettled:
    """All that was sent is accounted for."""

    transfer_id: int
    reason: str = ""


@dataclass(frozen=True)
class TransferCancelled:
    """The goods are not wanted any more."""

    transfer_id: int
    reason: str


@dataclass(frozen=True)
class InvoiceEntered:
    """A supplier's invoice was entered."""

    invoice_id: int
    number: str
    invoice_number: str


@dataclass(frozen=True)
class InvoiceBlocked:
    """An invoice does not agree with order and receipt; the codes of its differences."""

    invoice_id: int
    differences: list[str]


@dataclass(frozen=True)
class InvoicePosted:
    """An invoice is payable; what it differs from the ordered price went to its own account."""

    invoice_id: int
    total_amount: str
    difference_amount: str


@dataclass(frozen=True)
class InvoiceEnded:
    """An invoice was voided or reversed."""

    invoice_id: int
    reason: str


@dataclass(frozen=True)
class ReturnWritten:
    """Goods shall go back to their supplier."""

    return_id: int
    number: str


@dataclass(frozen=True)
class ReturnShipped:
    """Goods went back to their supplier."""

    return_id: int
    number: str


@dataclass(frozen=True)
class ReturnSettled:
    """A supplier replaced or credited what went back."""

    return_id: int
    credit_amount: str


@dataclass(frozen=True)
class ReturnCancelled:
    """Goods that should go back stay."""

    return_id: int
    reason: str


@dataclass(frozen=True)
class PricesAsked:
    """Suppliers were asked for prices; how many in all."""

    enquiry_id: int
    number: str
    suppliers: int


@dataclass(frozen=True)
class OfferReceived:
    """A supplier gave prices for so many lines."""

    enquiry_id: int
    supplier_id: int
    lines: int


@dataclass(frozen=True)
class OffersChosen:
    """Suppliers were chosen, and why; the draft orders that came of it."""

    enquiry_id: int
    reason: str
    orders: list[str]


@dataclass(frozen=True)
class EnquiryCancelled:
    """Nothing is bought on an enquiry."""

    enquiry_id: int
    reason: str
