from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.terms.registers import STARTS


class TermForm(fields.RowForm):
    """A warranty term; neither product nor category means all."""

    name = fields.text(_("条款"), 120, required=True)
    product = fields.Combo(_("产品"), "product", find=catalog.find_product, required=False)
    category = fields.row(_("品类"))
    component = fields.text(_("部件"), 80, help_text=_("只保某一部件时填写，如：压缩机"))
    months = forms.IntegerField(label=_("月数"), min_value=0, max_value=600, initial=12)
    days = forms.IntegerField(label=_("天数"), min_value=0, max_value=3660, initial=0)
    starts = forms.ChoiceField(label=_("起算"), choices=STARTS)
    grace_months = forms.IntegerField(
        label=_("生产日后推月数"), min_value=0, max_value=60, initial=0, help_text=_("没有销售凭证时用")
    )
    covers_parts = fields.yes(_("含配件"), initial=True)
    covers_labour = fields.yes(_("含人工"), initial=True)
    covers_travel = fields.yes(_("含上门"), initial=True)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)

    def start(self):
        if self.row:
            return super().start()
        return {
            "months": 12,
            "days": 0,
            "grace_months": 0,
            "covers_parts": True,
            "covers_labour": True,
            "covers_travel": True,
        }

    def fit(self):
        if self.row:
            # What it is for stays: another product wants another term.
            del self.fields["product"], self.fields["category"]
            return
        self.fields["product"].queryset = catalog.list_products(self.actor)
        self.fields["category"].queryset = catalog.list_categories(self.actor).order_by("name")


def load(key, actor):
    """That term."""
    return queries.get_term(fields.whole(key), actor)


def save(term, cleaned, *, actor, at, version):
    """Make or edit a term."""
    if term is None:
        actions.create_term(actor=actor, at=at, **fields.values(cleaned))
    else:
        # Only what differs: of a term in use the promise is closed, its name is not.
        given = {name: value for name, value in fields.values(cleaned).items() if getattr(term, name) != value}
        actions.edit_term(term, version=version, actor=actor, at=at, **given)
    return "/terms/"


TERM = EditPage(
    name="term",
    title=_("保修条款"),
    is_thing=True,
    permission=access.EDIT_TERM,
    list_label=_("保修条款"),
    list_url="/terms/",
    form=TermForm.build,
    save=save,
    load=load,
    sections=(
        (_("适用范围"), ("name", "product", "category", "component")),
        (_("期限"), ("months", "days", "starts", "grace_months")),
        (_("包含"), ("covers_parts", "covers_labour", "covers_travel")),
        (_("有效期"), ("valid_from", "valid_to")),
    ),
)
