from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.transfers import forms, views
from aftercare.web.transfers.registers import TRANSFERS

urlpatterns = [
    path("transfers/", lists.view(TRANSFERS), name="transfers"),
    path("transfers/export.xlsx", exports.view(TRANSFERS), name="transfers_export"),
    path("transfers/new/", edits.view(forms.NEW), name="transfer_new"),
    path("transfers/<str:key>/", views.show, name="transfer"),
    path("transfers/<str:key>/approve/", edits.view(forms.APPROVE), name="transfer_approve"),
    path("transfers/<str:key>/ship/", edits.view(forms.SHIP), name="transfer_ship"),
    path("transfers/<str:key>/receive/", edits.view(forms.RECEIVE), name="transfer_receive"),
    path("transfers/<str:key>/settle/", edits.view(forms.SETTLE), name="transfer_settle"),
    path("transfers/<str:key>/print/", views.print_sheet, name="transfer_print"),
    path("transfers/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="transfer_move"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "要货与调拨"), "/transfers/", "truck", (TRANSFERS.permission,), jump="t"))
