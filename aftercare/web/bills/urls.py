from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.bills import views, waivers
from aftercare.web.bills.registers import BILLS, COLLECTIONS
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("bills/", lists.view(BILLS), name="bills"),
    path("bills/export.xlsx", exports.view(BILLS), name="bills_export"),
    path("bills/<str:key>/", views.show_bill, name="bill"),
    path("bills/<str:key>/collect/", edits.view(views.COLLECT), name="bill_collect"),
    path("bills/<str:key>/moves/<slug:move>", moves.view(views.BILL_DOOR), name="bill_move"),
    path("waivers/", lists.view(waivers.WAIVERS), name="waivers"),
    path("waivers/export.xlsx", exports.view(waivers.WAIVERS), name="waivers_export"),
    path("waivers/limits/", waivers.limits, name="waiver_limits"),
    path("waivers/limits/set/", edits.view(waivers.LIMIT), name="waiver_limit_set"),
    path("waivers/<str:key>/", waivers.show, name="waiver"),
    path("waivers/<str:key>/moves/<slug:move>", moves.view(waivers.MOVES), name="waiver_move"),
    path("collections/", lists.view(COLLECTIONS), name="collections"),
    path("collections/export.xlsx", exports.view(COLLECTIONS), name="collections_export"),
    path("collections/bulk", views.bulk, name="collections_bulk"),
    path("collections/<str:key>/", views.show_receipt, name="collection"),
    path("collections/<str:key>/moves/<slug:move>", moves.view(views.RECEIPT_DOOR), name="collection_move"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "账单"), "/bills/", "yen", (BILLS.permission,)),
    navigation.Entry(pgettext_lazy("list", "收款"), "/collections/", "coins", (BILLS.permission,)),
    navigation.Entry(pgettext_lazy("list", "减免申请"), "/waivers/", "down", (BILLS.permission,)),
)
