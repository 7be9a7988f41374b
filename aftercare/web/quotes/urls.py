from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists, moves
from aftercare.web.quotes import forms, views
from aftercare.web.quotes.registers import QUOTES

urlpatterns = [
    path("quotes/", lists.view(QUOTES), name="quotes"),
    path("quotes/export.xlsx", exports.view(QUOTES), name="quotes_export"),
    path("quotes/rules/", forms.rules, name="quote_rules"),
    path("quotes/rules/new/", edits.view(forms.POLICY), name="quote_rule_new"),
    path("quotes/rules/<str:key>/", edits.view(forms.POLICY), name="quote_rule"),
    path("quotes/<str:key>/", views.show, name="quote"),
    path("quotes/<str:key>/print/", views.printed, name="quote_print"),
    path("quotes/<str:key>/sign", views.sign, name="quote_sign"),
    path("quotes/<str:key>/signature.png", views.signature, name="quote_signature"),
    path("quotes/<str:key>/moves/<slug:move>", moves.view(views.MOVES), name="quote_move"),
    path("orders/<str:key>/quote/", forms.new, name="quote_new"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "报价单"), "/quotes/", "yen", (QUOTES.permission,)))
navigation.add(navigation.Entry(_("报价规则"), "/quotes/rules/", "tag", (forms.access.SET_POLICY,)))
