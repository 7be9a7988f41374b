"""Addresses. Each door keeps its own `urls.py`; this file only says where a door stands."""

from importlib.util import find_spec

from django.urls import include, path

from aftercare.config import health

urlpatterns = [
    path("health", health.health),
    path("metrics", health.metrics),
    path("accounts/", include("aftercare.web.sign_in.urls")),
]

for prefix, module in [("api/v1/", "aftercare.api.urls"), ("", "aftercare.web.urls")]:
    if find_spec(module.rpartition(".")[0]) and find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
