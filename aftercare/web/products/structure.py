"""A product's bill of material on a page: many lines at once, copied from another product, as a workbook; and article codes."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.catalog import access, actions, queries
from aftercare.foundation import spreadsheet
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, LinesForm, qty, rows_of
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.products.forms import load_product


def address_of(product) -> str:
    """The page of a product."""
    return f"/products/{product.pk}/"


class FittingsForm(LinesForm):
    """The whole list; a line whose part is emptied leaves it."""

    columns = (
        ("position", _("位置"), lambda: fields.text("", 40)),
        ("qty", _("数量"), qty),
        ("note", _("备注"), lambda: fields.text("", 120)),
    )

    def filled(self, row):
        return queries.fittings_of(row.pk)

    def heads(self):
        return {"version": self.row.version}

    @property
    def may_be_empty(self):
        """A list may be emptied where there was one."""
        return bool(self.paper_lines)


class CopyForm(fields.RowForm):
    """From which product the lines are taken."""

    source = fields.Combo(_("从产品"), "product", help_text=_("这里已有的行不变，只补上没有的"))

    def start(self):
        return {}

    def fit(self):
        self.fields["source"].queryset = queries.list_products(self.actor).exclude(pk=self.row.pk)
        self.fields["source"].find = queries.find_product


class CodeForm(fields.RowForm):
    """A further article code."""

    gtin = fields.text(_("商品条码"), 14, required=True, help_text=_("EAN-8、UPC-12、EAN-13 或 14 位箱码，核对校验位"))
    note = fields.text(_("备注"), 60, help_text=_("如：旧包装、另一厂家"))

    def start(self):
        return {}


def save_fittings(product, cleaned, *, actor, at, version):
    """Write the list anew."""
    lines = rows_of(cleaned, "position", "qty", "note")
    return address_of(actions.replace_fittings(product, lines, version=version, actor=actor, at=at))


def save_copy(product, cleaned, *, actor, at, version):
    """Take over another product's lines."""
    actions.copy_fittings(product, source=cleaned["source"], actor=actor, at=at)
    return address_of(product)


def save_code(product, cleaned, *, actor, at, version):
    """Add a code."""
    actions.add_article_code(product, gtin=cleaned["gtin"], note=cleaned["note"], actor=actor, at=at)
    return address_of(product)


def _edit(name, title, form, save, template="layouts/form.html"):
    return EditPage(name=name, title=title, permission=access.EDIT, list_label=_("产品"), list_url="/products/", form=form.build, save=save,
                    load=load_product, template=template, back=address_of)


FITTINGS = _edit("product_fittings", _("物料清单"), FittingsForm, save_fittings, TEMPLATE)
COPY = _edit("product_copy", _("复制物料清单"), CopyForm, save_copy)
CODES = _edit("product_codes", _("商品条码"), CodeForm, save_code)


def code_remover(load, address):
    """The view that takes a further code off a product or part."""

    @page(access.EDIT)
    @require_POST
    def remove(request: HttpRequest, key: str) -> HttpResponse:
        article = load(key, actor_of(request))

        def act(*, actor, at) -> str:
            actions.remove_article_code(article, gtin=request.POST.get("gtin", ""), actor=actor, at=at)
            return address(article)

        return perform(request, f"code_remove:{article.kind}:{article.pk}", act, done=_now("已去掉条码"))

    return remove


remove_code = code_remover(load_product, address_of)


@page(access.VIEW)
def export(request: HttpRequest, key: str) -> FileResponse:
    """The list as a workbook, with the headings that the import knows."""
    actor = actor_of(request)
    product = load_product(key, actor)
    heads = [_now("产品"), _now("品牌"), _now("位置"), _now("配件编码"), _now("配件"), _now("数量"), _now("单位"), _now("备注")]
    columns = [spreadsheet.Column(head, "quantity" if at == 5 else "text") for at, head in enumerate(heads)]
    rows = ([product.name, product.brand, row.position, row.part.code, row.part.name, row.qty, row.part.unit, row.note]
            for row in queries.fittings_of(product.pk))
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, columns, rows, title=_now("物料清单"), zone_name=actor.zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"parts-{product.pk}.xlsx")
