from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.work import access
from aftercare.domain.work.lifecycle import Status
from aftercare.web import navigation
from aftercare.web.board import views
from aftercare.web.work import registers as orders

urlpatterns = [
    path("board/", views.show, name="board"),
    path("board/assign", views.assign, name="board_assign"),
    path("board/undo", views.undo, name="board_undo"),
    path("board/suggest/<int:key>", views.suggest, name="board_suggest"),
]

navigation.add(
    navigation.Entry(
        _("派工看板"), "/board/", "board", (access.DISPATCH,), jump="b",
        count=lambda actor: orders.counts(actor)[Status.PENDING],
    ),
)  # fmt: skip
