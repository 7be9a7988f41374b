"""Addresses of the pages. Each subject keeps its own urls module; the root urls include this one at ''."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from aftercare.web import bundles
from aftercare.web.gallery import views as gallery

# One line a subject: its urls module also adds its entries to the navigation, whose order stands in `navigation.py`.
SUBJECTS: list[str] = [
    "aftercare.web.dashboard.urls",
    "aftercare.web.views.urls",
    "aftercare.web.desk.urls",
    "aftercare.web.board.urls",
    "aftercare.web.bench.urls",
    "aftercare.web.counter.urls",
    "aftercare.web.picking.urls",
    "aftercare.web.scanning.urls",
    "aftercare.web.labels.urls",
    "aftercare.web.field.urls",
    "aftercare.web.reports.urls",
    "aftercare.web.contacts.urls",
    "aftercare.web.work.urls",
    "aftercare.web.prices.urls",
    "aftercare.web.quotes.urls",
    "aftercare.web.portal.urls",
    "aftercare.web.custody.urls",
    "aftercare.web.files.urls",
    "aftercare.web.contracts.urls",
    "aftercare.web.claims.urls",
    "aftercare.web.callbacks.urls",
    "aftercare.web.customers.urls",
    "aftercare.web.assets.urls",
    "aftercare.web.branches.urls",
    "aftercare.web.employees.urls",
    "aftercare.web.regions.urls",
    "aftercare.web.calendars.urls",
    "aftercare.web.roles.urls",
    "aftercare.web.tokens.urls",
    "aftercare.web.products.urls",
    "aftercare.web.parts.urls",
    "aftercare.web.dictionary.urls",
    "aftercare.web.terms.urls",
    "aftercare.web.rights.urls",
    "aftercare.web.fleet.urls",
    "aftercare.web.rates.urls",
    "aftercare.web.imports.urls",
    "aftercare.web.stock.urls",
    "aftercare.web.purchasing.urls",
    "aftercare.web.suppliers.urls",
    "aftercare.web.sales.urls",
    "aftercare.web.transfers.urls",
    "aftercare.web.custody.own_urls",
    "aftercare.web.stocktakes.urls",
    "aftercare.web.classes.urls",
    "aftercare.web.cores.urls",
    "aftercare.web.bills.urls",
    "aftercare.web.cash.urls",
    "aftercare.web.statements.urls",
    "aftercare.web.journal.urls",
    "aftercare.web.deliveries.urls",
]

urlpatterns = [
    path("bundles/<str:hash>/<str:name>", bundles.serve, name="bundle"),
    path("language/", set_language, name="set_language"),
    *(path("", include(module)) for module in SUBJECTS),
]

if settings.DEBUG:
    urlpatterns += [
        path("gallery/", gallery.show, name="gallery"),
        path("gallery/<slug:page>/", gallery.show, name="gallery_page"),
    ]
