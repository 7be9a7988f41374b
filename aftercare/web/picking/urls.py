from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory import access
from aftercare.web import navigation
from aftercare.web.picking import views

urlpatterns = [
    path("picking/", views.show, name="picking"),
    path("picking/print/", views.print_sheet, name="picking_print"),
]

navigation.add(navigation.Entry(_("拣货单"), "/picking/", "part", (access.RECEIVE,)))
