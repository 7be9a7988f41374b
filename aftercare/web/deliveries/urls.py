from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.journal import access
from aftercare.web import navigation
from aftercare.web.deliveries import views
from aftercare.web.pages import buttons

urlpatterns = [
    path("deliveries/", views.browse, name="deliveries"),
    path(
        "deliveries/<int:delivery>/revive/",
        buttons.view(access.OPERATE, "revive", views.revive, done=_("已重新排队")),
        name="delivery_revive",
    ),
]

navigation.add(navigation.Entry(_("后台任务"), "/deliveries/", "refresh", (access.OPERATE,)))
