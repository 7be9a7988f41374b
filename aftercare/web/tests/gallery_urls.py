"""The pages' addresses with the gallery, which the product serves in DEBUG only."""

from django.urls import path

from aftercare.web.gallery import views
from aftercare.web.urls import urlpatterns as pages

urlpatterns = [
    *pages,
    path("gallery/", views.show, name="gallery"),
    path("gallery/<slug:page>/", views.show, name="gallery_page"),
]
