from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access
from aftercare.web import navigation
from aftercare.web.pages import buttons, edits
from aftercare.web.regions import forms, views

urlpatterns = [
    path("regions/", views.browse, name="regions"),
    path("regions/<str:key>/", views.show, name="region"),
    path(
        "regions/<str:key>/switch/",
        buttons.view(access.EDIT_REGION, "region_switch", views.switch, done=_("已切换")),
        name="region_switch",
    ),
    path(
        "regions/<str:key>/confirm/",
        buttons.view(access.EDIT_REGION, "region_confirm", views.confirm, done=_("已确认")),
        name="region_confirm",
    ),
    path("regions/<str:key>/new/", edits.view(forms.OWN), name="region_new"),
    path("regions/<str:key>/coverage/", edits.view(forms.COVERAGE), name="coverage_new"),
    path(
        "regions/<str:key>/coverage/<int:coverage>/remove/",
        buttons.view(access.EDIT_REGION, "coverage_remove", views.uncover, done=_("已删除")),
        name="coverage_remove",
    ),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "服务区域"), "/regions/", "pin", (access.VIEW_BRANCH,)))
