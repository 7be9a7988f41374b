from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.reports import dashboards
from aftercare.web import navigation
from aftercare.web.dashboard import views

urlpatterns = [path("", views.show, name="home")]

_WIDE = tuple(needed for code, (_label, needed, _panel) in dashboards.ROLES.items() if code != "engineer")
navigation.add(navigation.Entry(_("仪表盘"), "/", "gauge", _WIDE, jump="h"))
