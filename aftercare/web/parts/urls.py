from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.parts import forms, views
from aftercare.web.parts.registers import PARTS

urlpatterns = [
    path("parts/", lists.view(PARTS), name="parts"),
    path("parts/export.xlsx", exports.view(PARTS), name="parts_export"),
    path("parts/new/", edits.view(forms.PART), name="part_new"),
    path("parts/<str:key>/", views.show, name="part"),
    path("parts/<str:key>/edit/", edits.view(forms.PART), name="part_edit"),
    path("parts/<str:key>/price/", edits.view(forms.PRICE), name="part_price_new"),
]

navigation.add(3, navigation.Entry(pgettext_lazy("list", "配件"), "/parts/", "part", (PARTS.permission,)))
