from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.sales.telling import TELL_ORDER
from aftercare.web.work import bulk, carrying, charges, lines, prints, summary, swaps, views
from aftercare.web.work.moves import MOVES
from aftercare.web.work.registers import ORDERS

urlpatterns = [
    path("orders/", lists.view(ORDERS), name="orders"),
    path("orders/export.xlsx", exports.view(ORDERS), name="orders_export"),
    path("orders/summary/", summary.show, name="orders_summary"),
    path("orders/summary/export.xlsx", summary.export, name="orders_summary_export"),
    path("orders/bulk", bulk.run, name="orders_bulk"),
    path("orders/<str:key>/", views.show, name="order"),
    path("orders/<str:key>/peek/", views.peek, name="order_peek"),
    path("orders/<str:key>/edit/", edits.view(views.EDIT), name="order_edit"),
    path("orders/<str:key>/card/", views.card, name="order_card"),
    path("orders/<str:key>/moves/<slug:move>", moves.view(MOVES), name="order_move"),
    path("orders/<str:key>/lines", lines.change, name="order_lines"),
    path("orders/<str:key>/parts", lines.offer, name="order_parts"),
    path("orders/<str:key>/collect", views.collect, name="order_collect"),
    path("orders/<str:key>/waive", charges.waive, name="order_waive"),
    path("orders/<str:key>/divide", charges.divide, name="order_divide"),
    path("orders/<str:key>/fee", charges.add, name="order_fee"),
    path("orders/<str:key>/carry", carrying.carry, name="order_carry"),
    path("orders/<str:key>/note", views.note, name="order_note"),
    path("orders/<str:key>/cover", views.judge, name="order_cover"),
    path("orders/<str:key>/swap/", swaps.swap, name="order_swap"),
    path("orders/<str:key>/swap/<int:swap>/undo/", swaps.undo, name="order_swap_undo"),
    path("orders/<str:key>/unmask", views.unmask, name="order_unmask"),
    path("orders/<str:key>/signature.png", views.signature, name="order_signature"),
    path("orders/<str:key>/tell/", edits.view(TELL_ORDER), name="order_tell"),
    path("orders/<str:key>/print/<slug:sheet>/", prints.show, name="order_print"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "服务单"), "/orders/", "doc", (ORDERS.permission,), jump="o"))
