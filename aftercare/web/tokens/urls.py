from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import access
from aftercare.web import navigation
from aftercare.web.pages import buttons
from aftercare.web.tokens import views

urlpatterns = [
    path("tokens/", views.browse, name="tokens"),
    path(
        "tokens/<int:token>/revoke/",
        buttons.view(access.MAKE_TOKEN, "token_revoke", views.revoke, done=_("已撤销")),
        name="token_revoke",
    ),
]

navigation.add(navigation.Entry(_("接口令牌"), "/tokens/", "lock", (access.MAKE_TOKEN,)))
