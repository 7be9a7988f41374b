from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.purchasing import access, queries
from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.purchasing import asking, forms, paying, performance, planning, views
from aftercare.web.purchasing.registers import ORDERS, RECEIPTS, REQUESTS

urlpatterns = [
    path("purchase-requests/", lists.view(REQUESTS), name="purchase-requests"),
    path("purchase-requests/export.xlsx", exports.view(REQUESTS), name="purchase-requests_export"),
    path("purchase-requests/new/", edits.view(forms.REQUEST), name="purchase_request_new"),
    path("purchase-requests/from-shortage", planning.request_shortage, name="purchase_request_shortage"),
    path("purchase-requests/<str:key>/", views.show_request, name="purchase_request"),
    path("purchase-requests/<str:key>/edit/", edits.view(forms.REQUEST), name="purchase_request_edit"),
    path("purchase-requests/<str:key>/cut/", edits.view(forms.CUT), name="purchase_request_cut"),
    path("purchase-requests/<str:key>/moves/<slug:move>", moves.view(views.REQUEST_DOOR), name="purchase_request_move"),
    path("to-buy/", planning.to_buy, name="to_buy"),
    path("to-buy/order", planning.order_lines, name="to_buy_order"),
    path("reorder/", planning.reorder, name="reorder"),
    path("reorder/request", planning.request_reorder, name="reorder_request"),
    path("supplier-performance/", performance.show, name="supplier_performance"),
    path("supplier-performance/export.xlsx", performance.export, name="supplier_performance_export"),
    path("enquiries/", lists.view(asking.ENQUIRIES), name="enquiries"),
    path("enquiries/export.xlsx", exports.view(asking.ENQUIRIES), name="enquiries_export"),
    path("enquiries/new/", edits.view(asking.NEW), name="enquiry_new"),
    path("enquiries/<str:key>/", asking.show, name="enquiry"),
    path("enquiries/<str:key>/offer/", edits.view(asking.OFFER), name="enquiry_offer"),
    path("enquiries/<str:key>/choose", asking.choose, name="enquiry_choose"),
    path("enquiries/<str:key>/moves/<slug:move>", moves.view(asking.DOOR), name="enquiry_move"),
    path("purchase-orders/", lists.view(ORDERS), name="purchase-orders"),
    path("purchase-orders/export.xlsx", exports.view(ORDERS), name="purchase-orders_export"),
    path("purchase-orders/new/", edits.view(forms.ORDER), name="purchase_order_new"),
    path("purchase-orders/<str:key>/", views.show_order, name="purchase_order"),
    path("purchase-orders/<str:key>/edit/", edits.view(forms.ORDER), name="purchase_order_edit"),
    path("purchase-orders/<str:key>/amend/", edits.view(forms.AMEND), name="purchase_order_amend"),
    path("purchase-orders/<str:key>/receive/", edits.view(forms.RECEIVE), name="purchase_order_receive"),
    path("purchase-orders/<str:key>/invoice/", edits.view(paying.INVOICE_PAGE), name="purchase_order_invoice"),
    path("purchase-orders/<str:key>/print/", views.print_order, name="purchase_order_print"),
    path("purchase-orders/<str:key>/moves/<slug:move>", moves.view(views.ORDER_DOOR), name="purchase_order_move"),
    path("receipts/", lists.view(RECEIPTS), name="receipts"),
    path("receipts/export.xlsx", exports.view(RECEIPTS), name="receipts_export"),
    path("receipts/<str:key>/", views.show_receipt, name="receipt"),
    path("receipts/<str:key>/inspect/", edits.view(forms.INSPECT), name="receipt_inspect"),
    path("receipts/<str:key>/return/", edits.view(paying.RETURN_PAGE), name="receipt_return"),
    path("receipts/<str:key>/print/", views.print_receipt, name="receipt_print"),
    path("receipts/<str:key>/moves/<slug:move>", moves.view(views.RECEIPT_DOOR), name="receipt_move"),
    path("supplier-invoices/", lists.view(paying.INVOICES), name="supplier-invoices"),
    path("supplier-invoices/export.xlsx", exports.view(paying.INVOICES), name="supplier-invoices_export"),
    path("supplier-invoices/<str:key>/", paying.show_invoice, name="supplier_invoice"),
    path("supplier-invoices/<str:key>/moves/<slug:move>", moves.view(paying.INVOICE_DOOR), name="supplier_invoice_move"),
    path("supplier-returns/", lists.view(paying.RETURNS), name="supplier-returns"),
    path("supplier-returns/export.xlsx", exports.view(paying.RETURNS), name="supplier-returns_export"),
    path("supplier-returns/<str:key>/", paying.show_return, name="supplier_return"),
    path("supplier-returns/<str:key>/print/", paying.print_return, name="supplier_return_print"),
    path("supplier-returns/<str:key>/moves/<slug:move>", moves.view(paying.RETURN_DOOR), name="supplier_return_move"),
]


def _waiting(actor):
    return queries.to_approve(actor).count() if actor.holds(access.APPROVE) else None


navigation.add(
    navigation.Entry(_("补货建议"), "/reorder/", "refresh", (access.REQUEST, access.ORDER)),
    navigation.Entry(pgettext_lazy("list", "采购申请"), "/purchase-requests/", "clip", (REQUESTS.permission,), count=_waiting),
    navigation.Entry(_("待订购"), "/to-buy/", "list", (access.ORDER,)),
    navigation.Entry(pgettext_lazy("list", "询价"), "/enquiries/", "search", (access.ORDER,)),
    navigation.Entry(pgettext_lazy("list", "采购订单"), "/purchase-orders/", "doc", (ORDERS.permission,), jump="p"),
    navigation.Entry(pgettext_lazy("list", "到货单"), "/receipts/", "inbox", (RECEIPTS.permission,)),
    navigation.Entry(pgettext_lazy("list", "供应商发票"), "/supplier-invoices/", "yen", (paying.INVOICES.permission,)),
    navigation.Entry(pgettext_lazy("list", "采购退货"), "/supplier-returns/", "undo", (paying.RETURNS.permission,)),
    navigation.Entry(_("供应商绩效"), "/supplier-performance/", "chart", (access.VIEW,)),
)
