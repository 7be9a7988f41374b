from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.suppliers import forms, views
from aftercare.web.suppliers.registers import LEVELS, PRICES, SUPPLIERS, TOLERANCES

urlpatterns = [
    path("suppliers/", lists.view(SUPPLIERS), name="suppliers"),
    path("suppliers/export.xlsx", exports.view(SUPPLIERS), name="suppliers_export"),
    path("suppliers/new/", edits.view(forms.SUPPLIER), name="supplier_new"),
    path("suppliers/<str:key>/", views.show, name="supplier"),
    path("suppliers/<str:key>/edit/", edits.view(forms.SUPPLIER), name="supplier_edit"),
    path("supplier-prices/", lists.view(PRICES), name="supplier-prices"),
    path("supplier-prices/export.xlsx", exports.view(PRICES), name="supplier-prices_export"),
    path("supplier-prices/new/", edits.view(forms.PRICE), name="supplier_price_new"),
    path("supplier-prices/<str:key>/edit/", edits.view(forms.PRICE), name="supplier_price_edit"),
    path("approval-levels/", lists.view(LEVELS), name="approval-levels"),
    path("approval-levels/export.xlsx", exports.view(LEVELS), name="approval-levels_export"),
    path("approval-levels/new/", edits.view(forms.LEVEL), name="approval_level_new"),
    path("approval-levels/<str:key>/edit/", edits.view(forms.LEVEL), name="approval_level_edit"),
    path("tolerances/", lists.view(TOLERANCES), name="tolerances"),
    path("tolerances/export.xlsx", exports.view(TOLERANCES), name="tolerances_export"),
    path("tolerances/new/", edits.view(forms.TOLERANCE), name="tolerance_new"),
    path("tolerances/<str:key>/edit/", edits.view(forms.TOLERANCE), name="tolerance_edit"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "供应商"), "/suppliers/", "users", (SUPPLIERS.permission,)),
    navigation.Entry(pgettext_lazy("list", "供应价"), "/supplier-prices/", "tag", (PRICES.permission,)),
    navigation.Entry(pgettext_lazy("list", "采购审批级别"), "/approval-levels/", "check", (LEVELS.permission,)),
    navigation.Entry(pgettext_lazy("list", "收货与发票允差"), "/tolerances/", "gauge", (TOLERANCES.permission,)),
)
