from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory import access
from aftercare.web import navigation
from aftercare.web.scanning import views

urlpatterns = [
    path("scan/", views.start, name="scan"),
    path("scan/<slug:job>/<str:number>/", views.show, name="scan_job"),
    path("scan/<slug:job>/<str:number>/step", views.step, name="scan_step"),
    path("scan/<slug:job>/<str:number>/finish", views.finish, name="scan_finish"),
]

navigation.add(navigation.Entry(_("扫码作业"), "/scan/", "scan", (access.MOVE, access.RECEIVE, access.COUNT)))
