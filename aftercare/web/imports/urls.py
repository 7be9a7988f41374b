from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.flows import uploads
from aftercare.web import navigation
from aftercare.web.imports import views

urlpatterns = [
    path("imports/", views.start, name="imports"),
    path("imports/files/<str:token>/", views.check, name="import_check"),
    path("imports/jobs/<int:key>/", views.job, name="import_job"),
    path("imports/jobs/<int:key>/errors.csv", views.errors, name="import_errors"),
]

navigation.add(navigation.Entry(_("导入登记簿"), "/imports/", "down", (uploads.IMPORT,)))
