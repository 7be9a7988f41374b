"""Addresses. Each door keeps its own `urls.py`; this file only says where a door stands."""

from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language

from aftercare.config import health


class LateDoor(URLResolver):
    """A door that is loaded with the first call below its address; its addresses have no names to be drawn by.

    The API is a seventh of a process's memory and a fifth of its start, and many a process is never called through it.
    """

    def _populate(self) -> None:
        language = get_language()
        self._reverse_dict[language], self._namespace_dict[language], self._app_dict[language] = MultiValueDict(), {}, {}
        self._populated = True


handler500 = "aftercare.web.policy.server_error"
urlpatterns = [
    path("health", health.health),
    path("metrics", health.metrics),
    path("accounts/", include("aftercare.web.sign_in.urls")),
    LateDoor(RoutePattern("api/v1/"), "aftercare.api.urls"),
    path("", include("aftercare.web.urls")),
]
