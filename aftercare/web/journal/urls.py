from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.journal import views
from aftercare.web.journal.registers import JOURNAL
from aftercare.web.pages import exports, lists

urlpatterns = [
    path("journal/", lists.view(JOURNAL), name="journal"),
    path("journal/export.xlsx", exports.view(JOURNAL), name="journal_export"),
    path("journal/<str:key>/", views.show, name="fact"),
]

navigation.add(navigation.Entry(_("日志"), "/journal/", "history", (JOURNAL.permission,)))
