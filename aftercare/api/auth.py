"""Who calls: an API token (`Authorization: Bearer …`), or the session of our own pages with its CSRF token."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from aftercare.api.problems import Asked
from aftercare.domain.people import actions as people_actions
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

VIA = "api"


def client_address(request: HttpRequest) -> str:
    """The network address the call came from."""
    return request.META.get("REMOTE_ADDR", "")[:45]


class BearerToken(HttpBearer):
    """A token made on the tokens page or by `aftercare token`; it acts for its employee within its scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        address = client_address(request)
        actor = people_actions.use_token(token, at=clock.now(), address=address) if 0 < len(token) <= 200 else None
        if actor is None:
            raise Asked(401, "token_invalid", _("令牌无效、已过期或已撤销"),
                        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return actor


class SessionCookie(APIKeyCookie):
    """The session of a signed-in person; writes need the `X-CSRFToken` header of our own pages."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        if not key or not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise Asked(403, "csrf_failed", _("页面已过期，请刷新后再试"))
        account = people.find_account(request.user.pk)
        if account is None or account.employee is None:
            return None
        return people.actor_for(account.employee, via=VIA, address=client_address(request))


CALLERS = [BearerToken(), SessionCookie()]
