from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.reports import access
from aftercare.web import navigation
from aftercare.web.reports import views

urlpatterns = [
    path("reports/", views.index, name="reports"),
    path("reports/engineer-day/", views.engineer, name="engineer_day"),
    path("reports/engineer-day/print/", views.engineer_print, name="engineer_day_print"),
    path("reports/engineer-day/export.xlsx", views.engineer_export, name="engineer_day_export"),
    path("reports/engineer-day/sign", views.engineer_sign, name="engineer_day_sign"),
    path("reports/director-day/", views.director, name="director_day"),
    path("reports/director-day/print/", views.director_print, name="director_day_print"),
    path("reports/director-day/export.xlsx", views.director_export, name="director_day_export"),
    path("reports/director-day/sign", views.director_sign, name="director_day_sign"),
    path("reports/service-level/", views.level, name="service_level"),
    path("reports/service-level/export.xlsx", views.level_export, name="service_level_export"),
]

navigation.add(
    navigation.Entry(
        _("报表"), "/reports/", "chart",
        (access.VIEW_ENGINEER_DAY, access.VIEW_DIRECTOR_DAY, access.VIEW_SERVICE, "work.perform"),
    ),
)  # fmt: skip
