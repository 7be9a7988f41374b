from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.domain.orders import access, queries
from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.sales import forms, views
from aftercare.web.sales.registers import SALES
from aftercare.web.sales.telling import DUE, NOTICES, TELL_DUTY

urlpatterns = [
    path("sales/", lists.view(SALES), name="sales"),
    path("sales/export.xlsx", exports.view(SALES), name="sales_export"),
    path("notices/", lists.view(NOTICES), name="notices"),
    path("notices/export.xlsx", exports.view(NOTICES), name="notices_export"),
    path("due-notices/", lists.view(DUE), name="due_notices"),
    path("due-notices/export.xlsx", exports.view(DUE), name="due_notices_export"),
    path("due-notices/<str:key>/", edits.view(TELL_DUTY), name="duty_tell"),
    path("sales/new/", edits.view(forms.SALE), name="sale_new"),
    path("sales/<str:key>/", views.show, name="sale"),
    path("sales/<str:key>/edit/", edits.view(forms.SALE), name="sale_edit"),
    path("sales/<str:key>/back/", edits.view(forms.BACK), name="sale_back"),
    path("sales/<str:key>/print/", views.receipt, name="sale_print"),
    path("sales/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="sale_move"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "配件出库"), "/sales/", "coins", (SALES.permission,)),
               navigation.Entry(pgettext_lazy("list", "待通知客户"), "/due-notices/", "bell", (access.NOTIFY,), count=queries.count_duties),
               navigation.Entry(pgettext_lazy("list", "客户通知"), "/notices/", "msg", (NOTICES.permission,)))
