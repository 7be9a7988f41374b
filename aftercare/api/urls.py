"""Addresses of the API, each behind the same entrance."""

from django.urls import URLPattern, path, re_path
from django.views.generic import TemplateView

from aftercare.api import door
from aftercare.api.app import api


def _guarded(pattern: URLPattern) -> URLPattern:
    pattern.callback = door.entrance(pattern.callback)
    return pattern


_patterns, _app, _namespace = api.urls
# A literal segment wins over a parameter: `collections/remit` before `collections/<number>`.
_patterns = sorted(_patterns, key=lambda pattern: str(pattern.pattern).count("<"))

urlpatterns = [
    path("openapi.json", door.entrance(door.document), name="openapi"),
    path("docs", TemplateView.as_view(template_name="api/docs.html"), name="docs"),
    path("", ([_guarded(pattern) for pattern in _patterns], _app, _namespace)),
    re_path(r"^(?P<rest>.*)$", door.entrance(door.no_address)),
]
