from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access
from aftercare.web import navigation
from aftercare.web.calendars import forms, views
from aftercare.web.pages import buttons, edits

_drop = buttons.view(access.EDIT_CALENDAR, "calendar_day_remove", views.drop_day, done=_("已删除"))
_drop_official = buttons.view(access.EDIT_CALENDAR, "official_day_remove", views.drop_official, done=_("已删除"))

urlpatterns = [
    path("calendars/", views.browse, name="calendars"),
    path("calendars/new/", edits.view(forms.CALENDAR), name="calendar_new"),
    path("calendars/years/<int:year>/", views.year, name="calendar_year"),
    path("calendars/years/<str:key>/edit/", edits.view(forms.YEAR), name="calendar_year_edit"),
    path("calendars/years/new/", edits.view(forms.YEAR), name="calendar_year_new"),
    path("calendars/days/new/", edits.view(forms.OFFICIAL_DAY), name="official_day_new"),
    path("calendars/days/<str:day>/remove/", _drop_official, name="official_day_remove"),
    path("calendars/<str:key>/", views.show, name="calendar"),
    path("calendars/<str:key>/edit/", edits.view(forms.CALENDAR), name="calendar_edit"),
    path("calendars/<str:key>/days/new/", edits.view(forms.DAY), name="calendar_day_new"),
    path("calendars/<int:key>/days/<str:day>/remove/", _drop, name="calendar_day_remove"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "工作日历"), "/calendars/", "calendar", (access.VIEW_BRANCH,)))
