from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.classes import views
from aftercare.web.classes.registers import PART_CLASSES
from aftercare.web.pages import exports, lists

urlpatterns = [
    path("part-classes/", lists.view(PART_CLASSES), name="part-classes"),
    path("part-classes/export.xlsx", exports.view(PART_CLASSES), name="part-classes_export"),
    path("part-classes/matrix/", views.matrix, name="class_matrix"),
    path("part-classes/compute", views.compute, name="class_compute"),
    path("reports/slow-movers/", views.idle, name="slow_movers"),
    path("reports/slow-movers/export.xlsx", views.idle_export, name="slow_movers_export"),
    path("reports/stock-turnover/", views.turnover, name="stock_turnover"),
    path("reports/stock-turnover/export.xlsx", views.turnover_export, name="stock_turnover_export"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "配件分类"), "/part-classes/matrix/", "board", (PART_CLASSES.permission,)),
    navigation.Entry(_("呆滞与死库存"), "/reports/slow-movers/", "warn", (PART_CLASSES.permission,)),
    navigation.Entry(_("库存周转"), "/reports/stock-turnover/", "refresh", (PART_CLASSES.permission,)),
)
