from aftercare.domain.purchasing.models.asking import Enquiry, EnquiryLine, Offer, OfferLine
from aftercare.domain.purchasing.models.buying import (
    ApprovalLevel,
    Order,
    OrderLine,
    Receipt,
    ReceiptLine,
    Request,
    RequestLine,
    Revision,
    SupplierPrice,
    Tolerance,
)
from aftercare.domain.purchasing.models.moving import Transfer, TransferLine, TransferLot
from aftercare.domain.purchasing.models.papers import PriceField
from aftercare.domain.purchasing.models.paying import Invoice, InvoiceLine, ReturnLine, SupplierReturn

__all__ = [
    "ApprovalLevel", "Enquiry", "EnquiryLine", "Invoice", "InvoiceLine", "Offer", "OfferLine", "Order", "OrderLine",
    "PriceField", "Receipt", "ReceiptLine", "Request", "RequestLine", "ReturnLine", "Revision", "SupplierPrice",
    "SupplierReturn", "Tolerance", "Transfer", "TransferLine", "TransferLot",
]  # fmt: skip
