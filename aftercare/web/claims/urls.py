from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.claims import forms, views
from aftercare.web.claims.registers import AGREEMENTS, CLAIMS, LINES
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("claims/", lists.view(CLAIMS), name="claims"),
    path("claims/export.xlsx", exports.view(CLAIMS), name="claims_export"),
    path("claims/new/", edits.view(forms.CLAIM), name="claim_new"),
    path("claims/compare/", views.compare, name="claims_compare"),
    path("claims/<str:key>/", views.show, name="claim"),
    path("claims/<str:key>/file.xlsx", views.workbook, name="claim_file"),
    path("claims/<str:key>/file.json", views.as_json, name="claim_json"),
    path("claims/<str:key>/answer/", views.answer, name="claim_answer"),
    path("claims/<str:key>/answer-file", views.answer_file, name="claim_answer_file"),
    path("claims/<str:key>/lines/<int:line_id>/take-off", views.take_off, name="claim_take_off"),
    path("claims/<str:key>/moves/<slug:move>", moves.view(views.MOVES), name="claim_move"),
    path("claim-lines/", lists.view(LINES), name="claim_lines"),
    path("claim-lines/export.xlsx", exports.view(LINES), name="claim_lines_export"),
    path("claim-lines/<str:key>/", edits.view(forms.LINE), name="claim_line"),
    path("claim-agreements/", lists.view(AGREEMENTS), name="claim_agreements"),
    path("claim-agreements/export.xlsx", exports.view(AGREEMENTS), name="claim_agreements_export"),
    path("claim-agreements/new/", edits.view(forms.AGREEMENT), name="claim_agreement_new"),
    path("claim-agreements/<str:key>/edit/", edits.view(forms.AGREEMENT), name="claim_agreement_edit"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "供应商索赔"), "/claims/", "undo", (CLAIMS.permission,)),
    navigation.Entry(_("索赔与成本对比"), "/claims/compare/", "chart", (CLAIMS.permission,)),
    navigation.Entry(pgettext_lazy("list", "索赔明细"), "/claim-lines/", "list", (LINES.permission,)),
)
navigation.add(navigation.Entry(pgettext_lazy("list", "索赔约定"), "/claim-agreements/", "book", (AGREEMENTS.permission,)))
