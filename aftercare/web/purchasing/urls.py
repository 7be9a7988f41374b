from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.purchasing import access, queries
from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.purchasing import forms, planning, views
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
    path("purchase-orders/", lists.view(ORDERS), name="purchase-orders"),
    path("purchase-orders/export.xlsx", exports.view(ORDERS), name="purchase-orders_export"),
    path("purchase-orders/new/", edits.view(forms.ORDER), name="purchase_order_new"),
    path("purchase-orders/<str:key>/", views.show_order, name="purchase_order"),
    path("purchase-orders/<str:key>/edit/", edits.view(forms.ORDER), name="purchase_order_edit"),
    path("purchase-orders/<str:key>/amend/", edits.view(forms.AMEND), name="purchase_order_amend"),
    path("purchase-orders/<str:key>/receive/", edits.view(forms.RECEIVE), name="purchase_order_receive"),
    path("purchase-orders/<str:key>/print/", views.print_order, name="purchase_order_print"),
    path("purchase-orders/<str:key>/moves/<slug:move>", moves.view(views.ORDER_DOOR), name="purchase_order_move"),
    path("receipts/", lists.view(RECEIPTS), name="receipts"),
    path("receipts/export.xlsx", exports.view(RECEIPTS), name="receipts_export"),
    path("receipts/<str:key>/", views.show_receipt, name="receipt"),
    path("receipts/<str:key>/inspect/", edits.view(forms.INSPECT), name="receipt_inspect"),
    path("receipts/<str:key>/print/", views.print_receipt, name="receipt_print"),
    path("receipts/<str:key>/moves/<slug:move>", moves.view(views.RECEIPT_DOOR), name="receipt_move"),
]


def _waiting(actor):
    return queries.to_approve(actor).count() if actor.holds(access.APPROVE) else None


navigation.add(
    2,
    navigation.Entry(_("补货建议"), "/reorder/", "refresh", (access.REQUEST, access.ORDER)),
    navigation.Entry(pgettext_lazy("list", "采购申请"), "/purchase-requests/", "clip", (REQUESTS.permission,), count=_waiting),
    navigation.Entry(_("待订购"), "/to-buy/", "list", (access.ORDER,)),
    navigation.Entry(pgettext_lazy("list", "采购订单"), "/purchase-orders/", "doc", (ORDERS.permission,)),
    navigation.Entry(pgettext_lazy("list", "到货单"), "/receipts/", "inbox", (RECEIPTS.permission,)),
)
