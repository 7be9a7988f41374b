from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access
from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.stock import documents, forms, periods, places, requests, views
from aftercare.web.stock.registers import MOVES, REQUESTS, STOCK

urlpatterns = [
    path("stock/", lists.view(STOCK), name="stock"),
    path("stock/export.xlsx", exports.view(STOCK), name="stock_export"),
    path("stock/receive/", edits.view(forms.RECEIVE), name="stock_receive"),
    path("stock/transfer/", edits.view(forms.TRANSFER), name="stock_transfer"),
    path("stock/count/", edits.view(forms.COUNT), name="stock_count"),
    path("stock/limits/", edits.view(forms.LIMIT), name="stock_limits"),
    path("stock/periods/", periods.show, name="stock_periods"),
    path("stock/periods/close/", edits.view(periods.CLOSE), name="stock_close"),
    path("stock/rules/<str:key>/", edits.view(periods.RULE), name="stock_rule"),
    path("stock/day/", periods.show_day, name="stock_day"),
    path("stock/day/export.xlsx", periods.export_day, name="stock_day_export"),
    path("stock-documents/", lists.view(documents.DOCUMENTS), name="stock-documents"),
    path("stock-documents/export.xlsx", exports.view(documents.DOCUMENTS), name="stock-documents_export"),
    *(path(f"stock-documents/new/{kind}/", edits.view(form), name=f"stock_document_new_{kind}") for kind, form in documents.NEW.items()),
    path("stock-documents/<str:key>/", documents.show, name="stock_document"),
    path("stock-documents/<str:key>/edit/", edits.view(documents.EDIT), name="stock_document_edit"),
    path("stock-documents/<str:key>/print/", documents.print_sheet, name="stock_document_print"),
    path("stock-documents/<str:key>/moves/<slug:move>", moves.view(documents.DOOR), name="stock_document_move"),
    path("places/", lists.view(places.PLACES), name="places"),
    path("places/export.xlsx", exports.view(places.PLACES), name="places_export"),
    path("places/new/", edits.view(places.PLACE), name="place_new"),
    path("places/<str:key>/", places.show, name="place"),
    path("places/<str:key>/edit/", edits.view(places.PLACE), name="place_edit"),
    path("places/<str:key>/home/", edits.view(places.HOME), name="place_home"),
    path("moves/", lists.view(MOVES), name="moves"),
    path("moves/export.xlsx", exports.view(MOVES), name="moves_export"),
    path("moves/<str:key>/reverse/", edits.view(forms.REVERSE), name="move_reverse"),
    path("part-requests/", lists.view(REQUESTS), name="part-requests"),
    path("part-requests/export.xlsx", exports.view(REQUESTS), name="part-requests_export"),
    path("part-requests/<str:key>/", views.show, name="part_request"),
    path("part-requests/<str:key>/priority/", edits.view(requests.PRIORITY), name="part_request_priority"),
    path("part-requests/<str:key>/tell/", edits.view(requests.TELL), name="part_request_tell"),
    path("part-requests/<str:key>/instead", views.use_instead, name="part_request_instead"),
    path("part-requests/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="part_request_move"),
]

navigation.add(
    navigation.Entry(_("库存"), "/stock/", "box", (STOCK.permission,), jump="s"),
    navigation.Entry(_("出入库流水"), "/moves/", "swap", (STOCK.permission,)),
    navigation.Entry(pgettext_lazy("list", "缺件申请"), "/part-requests/", "warn", (STOCK.permission,)),
    navigation.Entry(_("出入库办理"), "/stock/transfer/", "truck", (access.MOVE,)),
    navigation.Entry(pgettext_lazy("list", "出入库单"), "/stock-documents/", "clip", (documents.DOCUMENTS.permission,), jump="d"),
    navigation.Entry(pgettext_lazy("list", "库位"), "/places/", "pin", (access.EDIT_PLACES,)),
    navigation.Entry(_("库存期间"), "/stock/periods/", "clock", (access.CLOSE_PERIOD,)),
)
