"""Addresses of the pages. Subjects add their own below; the root urls include this module at ''."""

from django.conf import settings
from django.urls import path
from django.views.i18n import set_language

from aftercare.web import assets
from aftercare.web.gallery import views as gallery

urlpatterns = [
    path("assets/<str:hash>/<str:name>", assets.serve, name="asset"),
    path("language/", set_language, name="set_language"),
]

if settings.DEBUG:
    urlpatterns += [
        path("gallery/", gallery.show, name="gallery"),
        path("gallery/<slug:page>/", gallery.show, name="gallery_page"),
    ]
