from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.products import forms, views
from aftercare.web.products.registers import PRODUCTS

urlpatterns = [
    path("categories/", views.categories, name="categories"),
    path("categories/new/", edits.view(forms.CATEGORY), name="category_new"),
    path("categories/<str:key>/edit/", edits.view(forms.CATEGORY), name="category_edit"),
    path("products/", lists.view(PRODUCTS), name="products"),
    path("products/export.xlsx", exports.view(PRODUCTS), name="products_export"),
    path("products/new/", edits.view(forms.PRODUCT), name="product_new"),
    path("products/<str:key>/edit/", edits.view(forms.PRODUCT), name="product_edit"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "品类"), "/categories/", "list", (PRODUCTS.permission,)),
    navigation.Entry(pgettext_lazy("list", "产品"), "/products/", "box", (PRODUCTS.permission,)),
)
