from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.prices import forms, views
from aftercare.web.prices.registers import PART_PRICES, PRICES

urlpatterns = [
    path("prices/", lists.view(PRICES), name="prices"),
    path("prices/export.xlsx", exports.view(PRICES), name="prices_export"),
    path("prices/new/", edits.view(forms.PRICE), name="price_new"),
    path("prices/print/", views.public, name="prices_print"),
    path("prices/check/", views.check, name="prices_check"),
    path("prices/import/", views.take, name="prices_import"),
    path("prices/<str:key>/end/", edits.view(forms.END), name="price_end"),
    path("part-prices/", lists.view(PART_PRICES), name="part-prices"),
    path("part-prices/export.xlsx", exports.view(PART_PRICES), name="part-prices_export"),
]

navigation.add(
    navigation.Entry(_("收费标准"), "/prices/", "tag", (PRICES.permission,)),
    navigation.Entry(_("配件价格"), "/part-prices/", "tag", (PRICES.permission,)),
    navigation.Entry(_("价格核对"), "/prices/check/", "search", (PRICES.permission,)),
    navigation.Entry(_("导入收费标准"), "/prices/import/", "down", (forms.access.EDIT_PRICE,)),
    navigation.Entry(_("公示价目表"), "/prices/print/", "print", (PRICES.permission,)),
)
