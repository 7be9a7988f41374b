from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement import access
from aftercare.web import navigation
from aftercare.web.fleet import views

urlpatterns = [
    path("fleet/", views.show, name="fleet"),
    path("fleet/export.xlsx", views.export, name="fleet_export"),
]

navigation.add(navigation.Entry(_("保修总览"), "/fleet/", "shield", (access.VIEW,)))
