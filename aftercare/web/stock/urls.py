from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access
from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.stock import forms, views
from aftercare.web.stock.registers import MOVES, REQUESTS, STOCK

urlpatterns = [
    path("stock/", lists.view(STOCK), name="stock"),
    path("stock/export.xlsx", exports.view(STOCK), name="stock_export"),
    path("stock/receive/", edits.view(forms.RECEIVE), name="stock_receive"),
    path("stock/transfer/", edits.view(forms.TRANSFER), name="stock_transfer"),
    path("stock/count/", edits.view(forms.COUNT), name="stock_count"),
    path("stock/limits/", edits.view(forms.LIMIT), name="stock_limits"),
    path("moves/", lists.view(MOVES), name="moves"),
    path("moves/export.xlsx", exports.view(MOVES), name="moves_export"),
    path("moves/<str:key>/reverse/", edits.view(forms.REVERSE), name="move_reverse"),
    path("part-requests/", lists.view(REQUESTS), name="part-requests"),
    path("part-requests/export.xlsx", exports.view(REQUESTS), name="part-requests_export"),
    path("part-requests/<str:key>/", views.show, name="part_request"),
    path("part-requests/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="part_request_move"),
]

navigation.add(
    2,
    navigation.Entry(_("库存"), "/stock/", "box", (STOCK.permission,), jump="s"),
    navigation.Entry(_("出入库流水"), "/moves/", "swap", (STOCK.permission,)),
    navigation.Entry(pgettext_lazy("list", "缺件申请"), "/part-requests/", "warn", (STOCK.permission,)),
    navigation.Entry(_("出入库办理"), "/stock/transfer/", "truck", (access.MOVE,)),
)
