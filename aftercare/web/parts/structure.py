"""Packs, substitutes and bills of material: forms on the part card."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.parts.forms import load
from aftercare.web.parts.registers import address_of
from aftercare.web.products.structure import CodeForm, code_remover


class _PartForm(fields.RowForm):
    def start(self):
        return {}

    def fit(self):
        for name, rows, find in (("substitute", queries.list_parts(self.actor), "code"), ("product", queries.list_products(self.actor), "name")):
            if name in self.fields:
                self.fields[name].queryset = rows
                self.fields[name].find = lambda text, rows=rows, find=find: rows.filter(**{find: text}).first()


def _qty(label, **options):
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=3, **options)


class PackForm(_PartForm):
    """A pack; without a quantity it is taken away."""

    name = fields.text(_("包装"), 20, required=True, help_text=_("如：盒、箱；同名即修改"))
    per_qty = _qty(_("每包装数量"), required=False, help_text=_("留空则删除这种包装"))
    gtin = fields.text(_("商品条码"), 14)


class SubstituteForm(_PartForm):
    """What may be used instead; ticking 删除 takes it away."""

    substitute = fields.Combo(_("替代件"), "part")
    rank = forms.IntegerField(label=_("顺序"), min_value=1, max_value=99, initial=1, required=False)
    is_mutual = fields.yes(_("互为替代"))
    note = fields.text(_("备注"), 120)
    is_gone = fields.yes(_("删除"))


class FittingForm(_PartForm):
    """Where the part sits; without a quantity it sits there no more."""

    product = fields.Combo(_("产品"), "product")
    position = fields.text(_("位置"), 40, help_text=_("爆炸图号或位号，如 U12"))
    qty = _qty(_("数量"), required=False, help_text=_("留空则从清单删除"))
    note = fields.text(_("备注"), 120)


def save_pack(part, cleaned, *, actor, at, version):
    """Set or take away a pack."""
    if cleaned["per_qty"] is None:
        actions.remove_pack(part, name=cleaned["name"], actor=actor, at=at)
    else:
        actions.set_pack(part, name=cleaned["name"], per_qty=cleaned["per_qty"], gtin=cleaned["gtin"], actor=actor, at=at)
    return address_of(part)


def save_substitute(part, cleaned, *, actor, at, version):
    """Set or take away a substitute."""
    if cleaned["is_gone"]:
        actions.remove_substitute(part, substitute=cleaned["substitute"], actor=actor, at=at)
    else:
        actions.set_substitute(part, substitute=cleaned["substitute"], rank=cleaned["rank"] or 1, is_mutual=cleaned["is_mutual"],
                               note=cleaned["note"], actor=actor, at=at)
    return address_of(part)


def save_fitting(part, cleaned, *, actor, at, version):
    """Put the part into a product's bill of material, or take it out."""
    if cleaned["qty"] is None:
        actions.remove_fitting(cleaned["product"], part=part, position=cleaned["position"], actor=actor, at=at)
    else:
        actions.set_fitting(cleaned["product"], part=part, position=cleaned["position"], qty=cleaned["qty"], note=cleaned["note"],
                            actor=actor, at=at)
    return address_of(part)


def save_code(part, cleaned, *, actor, at, version):
    """Add a further article code."""
    actions.add_article_code(part, gtin=cleaned["gtin"], note=cleaned["note"], actor=actor, at=at)
    return address_of(part)


def _edit(name, title, form, save):
    return EditPage(name=name, title=title, permission=access.EDIT, list_label=_("配件"), list_url="/parts/", form=form.build, save=save,
                    load=load, back=address_of)


PACK = _edit("part_pack", _("包装"), PackForm, save_pack)
SUBSTITUTE = _edit("part_substitute", _("替代件"), SubstituteForm, save_substitute)
FITTING = _edit("part_fitting", _("物料清单"), FittingForm, save_fitting)
CODES = _edit("part_codes", _("商品条码"), CodeForm, save_code)
remove_code = code_remover(load, address_of)
