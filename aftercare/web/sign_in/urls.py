"""Addresses under /accounts/: those of allauth, less what makes no sense without registration and mail."""

from django.http import Http404
from django.urls import include, path, re_path

from aftercare.web.policy import page
from aftercare.web.sign_in import first_start


@page(public=True)
def closed(request, **kwargs):
    """Nobody registers himself, and no mail is sent: passwords are given by an administrator."""
    raise Http404


urlpatterns = [
    re_path(r"^(?:signup|email|confirm-email|password/reset|password/set|login/code|3rdparty|social)(?:/.*)?$", closed),
    path("setup/", first_start.found, name="first_start"),
    path("", include("allauth.urls")),
]
