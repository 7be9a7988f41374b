from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.rates import forms
from aftercare.web.rates.registers import DEDUCTIONS, RATES

urlpatterns = [
    path("rates/", lists.view(RATES), name="rates"),
    path("rates/export.xlsx", exports.view(RATES), name="rates_export"),
    path("rates/new/", edits.view(forms.RATE), name="rate_new"),
    path("rates/<str:key>/edit/", edits.view(forms.RATE), name="rate_edit"),
    path("deductions/", lists.view(DEDUCTIONS), name="deductions"),
    path("deductions/export.xlsx", exports.view(DEDUCTIONS), name="deductions_export"),
    path("deductions/new/", edits.view(forms.DEDUCTION), name="deduction_new"),
    path("deductions/<str:key>/edit/", edits.view(forms.DEDUCTION), name="deduction_edit"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "提成标准"), "/rates/", "coins", (RATES.permission,)),
    navigation.Entry(pgettext_lazy("list", "扣费规则"), "/deductions/", "coins", (RATES.permission,)),
)
