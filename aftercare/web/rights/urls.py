from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.rights import forms, views
from aftercare.web.rights.registers import CLAIMS, RULES

urlpatterns = [
    path("rights/", lists.view(RULES), name="rights"),
    path("rights/export.xlsx", exports.view(RULES), name="rights_export"),
    path("rights/new/", edits.view(forms.RULE), name="right_new"),
    path("rights/load/", views.load, name="rights_load"),
    path("rights/<str:key>/", views.show_rule, name="right"),
    path("rights/<str:key>/edit/", edits.view(forms.RULE), name="right_edit"),
    path("rights/<str:key>/moves/<slug:move>", moves.view(views.RULE_MOVES), name="right_move"),
    path("right-claims/", lists.view(CLAIMS), name="right_claims"),
    path("right-claims/export.xlsx", exports.view(CLAIMS), name="right_claims_export"),
    path("right-claims/new/", views.new_claim, name="right_claim_new"),
    path("right-claims/<str:key>/", views.show_claim, name="right_claim"),
    path("right-claims/<str:key>/moves/<slug:move>", moves.view(views.CLAIM_MOVES), name="right_claim_move"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "三包诉求"), "/right-claims/", "shield", (CLAIMS.permission,)))
navigation.add(navigation.Entry(pgettext_lazy("list", "三包规则"), "/rights/", "shield", ("entitlement.edit_right_rule",)))
