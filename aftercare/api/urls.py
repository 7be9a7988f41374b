"""Addresses of the API, each behind the same entrance."""

from collections import defaultdict

from django.urls import Resolver404, URLPattern, URLResolver, path, re_path
from django.urls.resolvers import RoutePattern
from django.views.generic import TemplateView

from aftercare.api import door
from aftercare.api.app import api


def _guarded(pattern: URLPattern) -> URLPattern:
    pattern.callback = door.entrance(pattern.callback)
    return pattern


class Shelves(URLResolver):
    """Addresses put by their first word, so that a call is held against a few of them instead of against hundreds."""

    def __init__(self, patterns: list[URLPattern]) -> None:
        super().__init__(RoutePattern(""), patterns)
        self._shelves: dict[str, list[URLPattern]] = defaultdict(list)
        for pattern in patterns:
            self._shelves[_first(str(pattern.pattern))].append(pattern)

    def resolve(self, path: str):
        for pattern in self._shelves.get(_first(path), ()):
            if match := pattern.resolve(path):
                return match
        raise Resolver404({"tried": [], "path": path})


def _first(path: str) -> str:
    return path.partition("/")[0]


_patterns, _app, _namespace = api.urls
# A literal segment wins over a parameter: `collections/remit` before `collections/<number>`.
_patterns = sorted(_patterns, key=lambda pattern: str(pattern.pattern).count("<"))

urlpatterns = [
    path("openapi.json", door.entrance(door.document), name="openapi"),
    path("docs", TemplateView.as_view(template_name="api/docs.html"), name="docs"),
    Shelves([_guarded(pattern) for pattern in _patterns]),
    re_path(r"^(?P<rest>.*)$", door.entrance(door.no_address)),
]
