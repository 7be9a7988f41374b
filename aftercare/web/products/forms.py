from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage


class CategoryForm(fields.RowForm):
    """A node of the tree of categories."""

    name = fields.text(_("品类"), 80, required=True)
    code = fields.text(_("编码"), 40, help_text=_("留空自动编号"))
    parent_id = fields.row(_("上级"), help_text=_("改上级就是把它连同下级一起移走"))
    needs_certificate = fields.yes(_("须持证上岗"), help_text=_("派工时只给有证书的工程师"))
    is_active = fields.yes(_("启用"), initial=True)

    def fit(self):
        rows = queries.list_categories(self.actor).filter(merged_into=None).order_by("name")
        self.fields["parent_id"].queryset = rows.exclude(pk__in=queries.subtree(self.row.pk)) if self.row else rows
        if not self.row:
            del self.fields["is_active"]


class ProductForm(fields.RowForm):
    """A product; aliases are other names by which people ask for it."""

    name = fields.text(_("产品"), 160, required=True)
    code = fields.text(_("型号"), 80)
    brand = fields.text(_("品牌"), 120)
    maker = fields.text(_("生产厂家"), 120)
    category_id = fields.row(_("品类"))
    unit = fields.text(_("单位"), 10, required=True, initial="台")
    gtin = fields.text(_("商品条码"), 14, help_text=_("EAN-8、UPC-12、EAN-13 或 14 位箱码，核对校验位"))
    aliases = fields.text(_("别名"), 1000, rows=3, help_text=_("一行一个"))
    is_active = fields.yes(_("启用"))
    is_new = fields.yes(_("新词条"), help_text=_("去掉勾选即确认为正式词条"))

    def start(self):
        return super().start() | {"aliases": "\n".join(self.row.aliases)} if self.row else {"unit": "台"}

    def fit(self):
        self.fields["category_id"].queryset = queries.list_categories(self.actor).filter(merged_into=None).order_by("name")
        if not self.row:
            for name in ("aliases", "is_active", "is_new"):
                del self.fields[name]


def lines(text: str) -> list[str]:
    """The lines of a text, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def load_category(key, actor):
    """That category."""
    return queries.get_category(fields.whole(key), actor)


def load_product(key, actor):
    """That product."""
    return queries.get_product(fields.whole(key), actor)


def save_category(category, cleaned, *, actor, at, version):
    """Make or edit a category."""
    given = fields.values(cleaned)
    parent = given.pop("parent_id")
    if category is None:
        fields.require_new(queries.find_category(given["name"]))
        made, _new = actions.ensure_category(given["name"], code=given["code"], parent=parent, actor=actor, at=at)
        if given["needs_certificate"]:
            actions.edit_category(made, version=made.version, needs_certificate=True, actor=actor, at=at)
    else:
        given["code"] = given["code"] or category.code
        actions.edit_category(
            category, version=version, parent_id=parent.pk if parent else None, actor=actor, at=at, **given
        )
    return "/categories/"


def save_product(product, cleaned, *, actor, at, version):
    """Make or edit a product."""
    given = fields.values(cleaned)
    category = given.pop("category_id")
    if product is None:
        fields.require_new(queries.find_product(given["name"], given["brand"] or None))
        product, _new = actions.ensure_product(category_name=category.name if category else "", actor=actor, at=at, **given)
    else:
        given["aliases"] = lines(given["aliases"])
        actions.edit_product(
            product, version=version, category_id=category.pk if category else None, actor=actor, at=at, **given
        )
    return f"/products/{product.pk}/"


def under(query, actor):
    """A new category begins under the one that its link names."""
    return {"parent_id": query["parent"]} if query.get("parent", "").isdigit() else {}


CATEGORY = EditPage(
    name="category",
    title=_("品类"),
    is_thing=True,
    permission=access.EDIT,
    list_label=_("品类"),
    list_url="/categories/",
    form=CategoryForm.build,
    save=save_category,
    load=load_category,
    prefill=under,
)
PRODUCT = EditPage(
    name="product",
    title=_("产品"),
    is_thing=True,
    permission=access.EDIT,
    list_label=_("产品"),
    list_url="/products/",
    form=ProductForm.build,
    save=save_product,
    load=load_product,
)
