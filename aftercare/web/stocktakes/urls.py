from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.stocktakes import counting, forms, views
from aftercare.web.stocktakes.registers import STOCKTAKES

urlpatterns = [
    path("stocktakes/", lists.view(STOCKTAKES), name="stocktakes"),
    path("stocktakes/export.xlsx", exports.view(STOCKTAKES), name="stocktakes_export"),
    path("stocktakes/new/", edits.view(forms.PLAN), name="stocktake_new"),
    path("stocktakes/due/", views.due, name="stocktakes_due"),
    path("stocktakes/rules/<str:key>/", edits.view(forms.RULE), name="count_rule"),
    path("stocktakes/<str:key>/", views.show, name="stocktake"),
    path("stocktakes/<str:key>/count/", counting.count, name="stocktake_count"),
    path("stocktakes/<str:key>/review/", views.review, name="stocktake_review"),
    path("stocktakes/<str:key>/blind/", views.print_blind, name="stocktake_blind"),
    path("stocktakes/<str:key>/result/", views.print_result, name="stocktake_result"),
    path("stocktakes/<str:key>/export.xlsx", views.export, name="stocktake_export"),
    path("stocktakes/<str:key>/moves/<slug:move>", moves.view(views.DOOR), name="stocktake_move"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "盘点单"), "/stocktakes/", "check", (STOCKTAKES.permission,)))
