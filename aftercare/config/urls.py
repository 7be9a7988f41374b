"""Addresses. Each door keeps its own `urls.py`; this file only says where a door stands."""

from django.urls import include, path

from aftercare.config import health

urlpatterns = [
    path("health", health.health),
    path("metrics", health.metrics),
    path("accounts/", include("aftercare.web.sign_in.urls")),
    path("api/v1/", include("aftercare.api.urls")),
    path("", include("aftercare.web.urls")),
]
