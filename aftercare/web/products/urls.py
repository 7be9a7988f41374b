from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.products import card, forms, merging, structure, views
from aftercare.web.products.registers import PRODUCTS

urlpatterns = [
    path("categories/", views.categories, name="categories"),
    path("categories/new/", edits.view(forms.CATEGORY), name="category_new"),
    path("categories/<str:key>/edit/", edits.view(forms.CATEGORY), name="category_edit"),
    path("categories/<str:key>/merge/", edits.view(merging.CATEGORY), name="category_merge"),
    path("codes/<str:key>/merge/", edits.view(merging.CODE), name="code_merge"),
    path("parts/<str:key>/merge/", edits.view(merging.PART), name="part_merge"),
    path("products/", lists.view(PRODUCTS), name="products"),
    path("products/export.xlsx", exports.view(PRODUCTS), name="products_export"),
    path("products/new/", edits.view(forms.PRODUCT), name="product_new"),
    path("products/<str:key>/edit/", edits.view(forms.PRODUCT), name="product_edit"),
    path("products/<str:key>/", card.show, name="product"),
    path("products/<str:key>/peek/", card.peek, name="product_peek"),
    path("products/<str:key>/merge/", edits.view(merging.PRODUCT), name="product_merge"),
    path("products/<str:key>/codes/", edits.view(structure.CODES), name="product_codes"),
    path("products/<str:key>/codes/remove/", structure.remove_code, name="product_code_remove"),
    path("products/<str:key>/parts/", edits.view(structure.FITTINGS), name="product_parts"),
    path("products/<str:key>/parts/copy/", edits.view(structure.COPY), name="product_parts_copy"),
    path("products/<str:key>/parts.xlsx", structure.export, name="product_parts_export"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "品类"), "/categories/", "list", (PRODUCTS.permission,)),
    navigation.Entry(pgettext_lazy("list", "产品"), "/products/", "box", (PRODUCTS.permission,)),
)
