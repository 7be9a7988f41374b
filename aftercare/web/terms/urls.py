from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.terms import forms, views
from aftercare.web.terms.registers import TERMS

urlpatterns = [
    path("terms/", lists.view(TERMS), name="terms"),
    path("terms/export.xlsx", exports.view(TERMS), name="terms_export"),
    path("terms/try/", views.try_out, name="terms_try"),
    path("terms/new/", edits.view(forms.TERM), name="term_new"),
    path("terms/<str:key>/edit/", edits.view(forms.TERM), name="term_edit"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "保修条款"), "/terms/", "shield", (TERMS.permission,)))
