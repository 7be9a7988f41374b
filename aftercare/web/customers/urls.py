from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.customers import flags, forms, views
from aftercare.web.customers.registers import CUSTOMERS
from aftercare.web.pages import edits, exports, lists

urlpatterns = [
    path("customers/", lists.view(CUSTOMERS), name="customers"),
    path("customers/export.xlsx", exports.view(CUSTOMERS), name="customers_export"),
    path("customers/new/", edits.view(forms.EDIT), name="customer_new"),
    path("customers/<str:key>/", views.show, name="customer"),
    path("customers/<str:key>/flag/", edits.view(flags.FLAG), name="customer_flag"),
    path("customers/<str:key>/flag/<int:flag>/lift/", views.lift, name="customer_lift"),
    path("customers/<str:key>/edit/", edits.view(forms.EDIT), name="customer_edit"),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "客户"), "/customers/", "users", (CUSTOMERS.permission,), jump="c"))
