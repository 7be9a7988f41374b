from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.statements import views
from aftercare.web.statements.registers import ACCRUALS, STATEMENTS

urlpatterns = [
    path("statements/", lists.view(STATEMENTS), name="statements"),
    path("statements/export.xlsx", exports.view(STATEMENTS), name="statements_export"),
    path("statements/new/", edits.view(views.OPEN), name="statement_new"),
    path("statements/<str:key>/", views.show, name="statement"),
    path("statements/<str:key>/export.xlsx", views.export, name="statement_export"),
    path("statements/<str:key>/adjust/", edits.view(views.ADJUST), name="statement_adjust"),
    path("statements/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="statement_move"),
    path("accruals/", lists.view(ACCRUALS), name="accruals"),
    path("accruals/export.xlsx", exports.view(ACCRUALS), name="accruals_export"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "结算单"), "/statements/", "clip", (STATEMENTS.permission,)),
    navigation.Entry(_("提成明细"), "/accruals/", "rows", (STATEMENTS.permission,)),
)
