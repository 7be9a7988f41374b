from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.parts import forms, structure, views
from aftercare.web.parts.registers import PARTS

urlpatterns = [
    path("parts/", lists.view(PARTS), name="parts"),
    path("parts/export.xlsx", exports.view(PARTS), name="parts_export"),
    path("parts/new/", edits.view(forms.PART), name="part_new"),
    path("parts/<str:key>/", views.show, name="part"),
    path("parts/<str:key>/edit/", edits.view(forms.PART), name="part_edit"),
    path("parts/<str:key>/pack/", edits.view(structure.PACK), name="part_pack"),
    path("parts/<str:key>/substitute/", edits.view(structure.SUBSTITUTE), name="part_substitute"),
    path("parts/<str:key>/fitting/", edits.view(structure.FITTING), name="part_fitting"),
    path("parts/<str:key>/codes/", edits.view(structure.CODES), name="part_codes"),
    path("parts/<str:key>/codes/remove/", structure.remove_code, name="part_code_remove"),
    path("parts/<str:key>/price/", edits.view(forms.PRICE), name="part_price_new"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "配件"), "/parts/", "part", (PARTS.permission,)))
