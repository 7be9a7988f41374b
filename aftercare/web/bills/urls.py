from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.bills import views
from aftercare.web.bills.registers import BILLS, COLLECTIONS
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("bills/", lists.view(BILLS), name="bills"),
    path("bills/export.xlsx", exports.view(BILLS), name="bills_export"),
    path("bills/<str:key>/", views.show_bill, name="bill"),
    path("bills/<str:key>/collect/", edits.view(views.COLLECT), name="bill_collect"),
    path("bills/<str:key>/moves/<slug:move>", moves.view(views.BILL_DOOR), name="bill_move"),
    path("collections/", lists.view(COLLECTIONS), name="collections"),
    path("collections/export.xlsx", exports.view(COLLECTIONS), name="collections_export"),
    path("collections/bulk", views.bulk, name="collections_bulk"),
    path("collections/<str:key>/", views.show_receipt, name="collection"),
    path("collections/<str:key>/moves/<slug:move>", moves.view(views.RECEIPT_DOOR), name="collection_move"),
]

navigation.add(
    2,
    navigation.Entry(pgettext_lazy("list", "账单"), "/bills/", "yen", (BILLS.permission,)),
    navigation.Entry(pgettext_lazy("list", "收款"), "/collections/", "coins", (BILLS.permission,)),
)
