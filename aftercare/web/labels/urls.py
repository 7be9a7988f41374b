from django.urls import path

from aftercare.web.labels import views

urlpatterns = [
    path("labels/parts/", views.parts, name="labels_parts"),
    path("labels/places/", views.places, name="labels_places"),
    path("labels/custody/", views.custody, name="labels_custody"),
    path("labels/things/", views.things, name="labels_things"),
    path("labels/commands/", views.commands, name="labels_commands"),
    path("labels/receipts/<str:key>/", views.receipt, name="labels_receipt"),
    *(path(f"{slug}/bulk", views.bulk, {"slug": slug}, name=f"{slug}_bulk") for slug in views.BULK),
]
