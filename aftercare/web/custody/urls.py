from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.custody import views
from aftercare.web.custody.registers import CUSTODY
from aftercare.web.pages import exports, lists, moves

urlpatterns = [
    path("custody/", lists.view(CUSTODY), name="custodies"),
    path("custody/export.xlsx", exports.view(CUSTODY), name="custodies_export"),
    path("custody/<str:key>/", views.show, name="custody"),
    path("custody/<str:key>/print/", views.receipt, name="custody_receipt"),
    path("custody/<str:key>/print/return/", views.returned, name="custody_returned"),
    path("custody/<str:key>/moves/<slug:move>", moves.view(views.MOVES), name="custody_move"),
]

navigation.add(1, navigation.Entry(_("客户商品"), "/custody/", "inbox", (CUSTODY.permission,)))
