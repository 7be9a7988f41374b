from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.domain.feedback import queries
from aftercare.foundation import clock
from aftercare.web import navigation
from aftercare.web.callbacks import views
from aftercare.web.callbacks.registers import CALLBACKS
from aftercare.web.pages import exports, lists, moves

urlpatterns = [
    path("callbacks/", lists.view(CALLBACKS), name="callbacks"),
    path("callbacks/export.xlsx", exports.view(CALLBACKS), name="callbacks_export"),
    path("callbacks/<str:key>/", views.show, name="callback"),
    path("callbacks/<str:key>/moves/<slug:move>", moves.view(views.MOVES), name="callback_move"),
]

navigation.add(
    navigation.Entry(
        pgettext_lazy("list", "回访"), "/callbacks/", "phone", (CALLBACKS.permission,),
        count=lambda actor: queries.list_queue(actor, due_until=clock.now()).count(),
    ),
)  # fmt: skip
