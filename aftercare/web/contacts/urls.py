from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.contacts import registers, views
from aftercare.web.contacts.registers import CONTACTS
from aftercare.web.pages import exports, lists, moves

urlpatterns = [
    path("contacts/", lists.view(CONTACTS), name="contacts"),
    path("contacts/export.xlsx", exports.view(CONTACTS), name="contacts_export"),
    path("contacts/<str:key>/", views.show, name="contact"),
    path("contacts/<str:key>/moves/<slug:move>", moves.view(views.MOVES), name="contact_move"),
    path("contacts/<str:key>/note", views.note, name="contact_note"),
    path("contacts/<str:key>/unmask", views.unmask, name="contact_unmask"),
]

navigation.add(
    navigation.Entry(
        pgettext_lazy("list", "来电登记"), "/contacts/", "call", (CONTACTS.permission,), jump="l",
        count=lambda actor: sum(registers.counts(actor).values()),
    ),
)  # fmt: skip
