from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.domain.entitlement import queries
from aftercare.web import navigation
from aftercare.web.contracts import forms, views
from aftercare.web.contracts.moves import MOVES, VISIT_MOVES
from aftercare.web.contracts.registers import CONTRACTS, NOTICES, VISITS
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("contracts/", lists.view(CONTRACTS), name="contracts"),
    path("contracts/export.xlsx", exports.view(CONTRACTS), name="contracts_export"),
    path("contracts/new/", edits.view(forms.CONTRACT), name="contract_new"),
    path("contracts/<str:key>/", views.show, name="contract"),
    path("contracts/<str:key>/edit/", edits.view(forms.CONTRACT), name="contract_edit"),
    path("contracts/<str:key>/end/", views.end, name="contract_end"),
    path("contracts/<str:key>/print/", views.printed, name="contract_print"),
    path("contracts/<str:key>/scopes/new/", edits.view(forms.SCOPE), name="contract_scope"),
    path("contracts/<str:key>/scopes/<int:scope_id>/remove", views.remove_scope, name="contract_scope_remove"),
    path("contracts/<str:key>/plans/new/", edits.view(forms.PLAN), name="contract_plan"),
    path("contracts/<str:key>/plans/<int:rule_id>/stop", views.stop_plan, name="contract_plan_stop"),
    path("contracts/<str:key>/instalments/", edits.view(forms.SHARES), name="contract_instalments"),
    path("contracts/<str:key>/moves/<slug:move>", moves.view(MOVES), name="contract_move"),
    path("instalments/<int:instalment_id>/bill", views.bill, name="instalment_bill"),
    path("instalments/<str:key>/", views.instalment, name="instalment"),
    path("visits/", lists.view(VISITS), name="planned_visits"),
    path("visits/export.xlsx", exports.view(VISITS), name="planned_visits_export"),
    path("visits/<str:key>/", views.visit, name="planned_visit"),
    path("visits/<str:key>/moves/<slug:move>", moves.view(VISIT_MOVES), name="planned_visit_move"),
    path("contract-notices/", lists.view(NOTICES), name="contract_notices"),
    path("contract-notices/export.xlsx", exports.view(NOTICES), name="contract_notices_export"),
    path("contract-notices/<str:key>/told/", edits.view(forms.TOLD), name="contract_told"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "维保合同"), "/contracts/", "shield", (CONTRACTS.permission,)),
    navigation.Entry(pgettext_lazy("list", "计划保养"), "/visits/", "calendar", (VISITS.permission,)),
    navigation.Entry(pgettext_lazy("list", "到期提醒"), "/contract-notices/", "bell", (NOTICES.permission,), count=lambda actor: queries.list_notices(actor).count(),
                     hot=True),
)
