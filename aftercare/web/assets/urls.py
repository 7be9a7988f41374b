from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.assets import doings, forms, views
from aftercare.web.assets.registers import ASSETS
from aftercare.web.pages import edits, exports, lists

urlpatterns = [
    path("assets/", lists.view(ASSETS), name="assets"),
    path("assets/export.xlsx", exports.view(ASSETS), name="assets_export"),
    path("assets/new/", edits.view(forms.EDIT), name="asset_new"),
    path("assets/labels/", views.labels, name="asset_labels"),
    path("assets/<str:key>/", views.show, name="asset"),
    path("assets/<str:key>/edit/", edits.view(forms.EDIT), name="asset_edit"),
    path("assets/<str:key>/label/", views.label, name="asset_label"),
    path("assets/<str:key>/do/<slug:name>/", doings.do, name="asset_do"),
    path("warranty-entries/<str:key>/", doings.entry_of, name="warranty_entry"),
    path("assets/<str:key>/warranty/<int:entry>/<slug:name>/", doings.on_entry, name="asset_entry"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "设备档案"), "/assets/", "box", (ASSETS.permission,)))
