from django.urls import path

from aftercare.web.portal import quotes, units

urlpatterns = [
    path("portal/quotes/<str:token>", quotes.show, name="portal_quote"),
    path("u/<str:token>/", units.scanned, name="unit_scanned"),
]
