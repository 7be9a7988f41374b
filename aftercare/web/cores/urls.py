from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.cores import bills, forms, handin, shipments, views
from aftercare.web.cores.registers import BILLS, CORES, RULES, SHIPMENTS
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("cores/", lists.view(CORES), name="cores"),
    path("cores/export.xlsx", exports.view(CORES), name="cores_export"),
    path("cores/hand-in/", handin.show, name="core_hand_in"),
    path("cores/hand-in/new/", handin.begin_anew, name="core_hand_in_new"),
    path("cores/totals/", views.totals, name="core_totals"),
    path("cores/tags/", views.tags, name="core_tags"),
    path("cores/<str:key>/", views.show, name="core"),
    path("cores/<str:key>/tag/", views.tag, name="core_tag"),
    path("cores/<str:key>/refurbish/", edits.view(forms.REFURBISH), name="core_refurbish"),
    path("cores/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="core_move"),
    path("core-shipments/", lists.view(SHIPMENTS), name="core_shipments"),
    path("core-shipments/export.xlsx", exports.view(SHIPMENTS), name="core_shipments_export"),
    path("core-shipments/new/", edits.view(forms.SHIPMENT), name="core_shipment_new"),
    path("core-shipments/<str:key>/", shipments.show, name="core_shipment"),
    path("core-shipments/<str:key>/edit/", edits.view(forms.SHIPMENT), name="core_shipment_edit"),
    path("core-shipments/<str:key>/answer/", edits.view(forms.ANSWER), name="core_shipment_answer"),
    path("core-shipments/<str:key>/print/", shipments.print_sheet, name="core_shipment_print"),
    path("core-shipments/<str:key>/remove/<str:core>", shipments.take_out, name="core_shipment_remove"),
    path("core-shipments/<str:key>/moves/<slug:move>", moves.view(shipments.DOOR), name="core_shipment_move"),
    path("core-bills/", lists.view(BILLS), name="core_bills"),
    path("core-bills/export.xlsx", exports.view(BILLS), name="core_bills_export"),
    path("core-bills/<str:key>/", bills.show, name="core_bill"),
    path("core-bills/<str:key>/moves/<slug:move>", moves.view(bills.DOOR), name="core_bill_move"),
    path("core-rules/", lists.view(RULES), name="core_rules"),
    path("core-rules/export.xlsx", exports.view(RULES), name="core_rules_export"),
    path("core-rules/new/", edits.view(forms.RULE), name="core_rule_new"),
    path("core-rules/<str:key>/edit/", edits.view(forms.RULE), name="core_rule_edit"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "旧件返还"), "/cores/", "undo", (CORES.permission,)),
    navigation.Entry(pgettext_lazy("list", "旧件寄厂"), "/core-shipments/", "box", (SHIPMENTS.permission,)),
    navigation.Entry(pgettext_lazy("list", "网点旧件扣款"), "/core-bills/", "yen", (BILLS.permission,)),
)
navigation.add(navigation.Entry(pgettext_lazy("list", "旧件返还规则"), "/core-rules/", "undo", (RULES.permission,)))
