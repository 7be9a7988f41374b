import re

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, actions, queries
from aftercare.web.pages import choosers, fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.terms.registers import ALL_STARTS, BEARERS, KINDS, POLICIES, STARTS

_WHOLE = {"parts_percent": 100, "labour_percent": 100, "travel_percent": 100}
_MARKS = re.compile("[、,，;；\n]+")


def _percent(label):
    return forms.IntegerField(label=label, min_value=0, max_value=100, initial=100, required=False)


class TermForm(fields.RowForm):
    """A warranty term; neither product nor category means all."""

    name = fields.text(_("条款"), 120, required=True, help_text=_("给客户看的名称，如：整机保修一年"))
    kind_of = forms.ChoiceField(label=_("用于"), choices=KINDS, required=False, help_text=_("购机保修随机器；其余在换件、换机、卖延保时使用"))
    product = fields.Combo(_("产品"), "product", find=catalog.find_product, required=False)
    category = fields.row(_("品类"))
    region = choosers.RegionCombo(_("区域"), required=False, help_text=_("只在某地有效时选择"))
    component = fields.text(_("部件"), 80, help_text=_("只保某一部件时填写，如：压缩机"))
    months = forms.IntegerField(label=_("月数"), min_value=0, max_value=600, initial=12, help_text=_("次日起算，到期月没有这一天的，到月底"))
    days = forms.IntegerField(label=_("天数"), min_value=0, max_value=3660, initial=0, help_text=_("先加月，再加天"))
    cycles = forms.IntegerField(label=_("使用次数上限"), min_value=0, max_value=2_000_000_000, required=False, help_text=_("如打印 10000 张，先到为准；不限填 0"))
    cycle_unit = fields.text(_("计数单位"), 12, help_text=_("如：张、小时、公里"))
    starts = forms.ChoiceField(label=_("起算"), choices=ALL_STARTS)
    starts_among = forms.MultipleChoiceField(
        label=_("在这些日期中取最早"), choices=STARTS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("起算选「其中最早的一天」时，勾选至少两个"),
    )
    grace_months = forms.IntegerField(
        label=_("生产日后推月数"), min_value=0, max_value=60, initial=0, help_text=_("没有销售凭证时用")
    )
    policy = forms.ChoiceField(
        label=_("更换后的保修"), choices=POLICIES, required=False, help_text=_("用于更换的配件和换新的整机"),
    )
    counts_repair_days = fields.yes(_("修理占用顺延"), initial=True, help_text=_("在修的天数不算在保修期内"))
    covers_parts = fields.yes(_("含配件"), initial=True)
    covers_labour = fields.yes(_("含人工"), initial=True)
    covers_travel = fields.yes(_("含上门"), initial=True)
    parts_percent = _percent(_("配件承担比例（%）"))
    labour_percent = _percent(_("人工承担比例（%）"))
    travel_percent = _percent(_("上门承担比例（%）"))
    borne_by = forms.ChoiceField(label=_("由谁承担"), choices=BEARERS, required=False, help_text=_("选供应商的，审核后可向其索赔"))
    excluded = fields.text(
        _("不保的故障和原因"), 400, help_text=_("故障或原因词条，用顿号隔开，如：进液、人为损坏"), widget=forms.TextInput(),
    )
    promotion = fields.text(_("促销活动"), 80, help_text=_("写了活动名称的条款在有效期内优先"))
    price_amount = fields.money(_("延保售价（元）"), required=False)
    valid_from = fields.day(_("生效日期"), help_text=_("按起算日看条款是否有效"))
    valid_to = fields.day(_("失效日期"), required=False)

    def start(self):
        if self.row:
            return super().start() | {"excluded": "、".join(catalog.code_names(self.row.excluded_codes).values())}
        return {
            "months": 12, "days": 0, "grace_months": 0, "cycles": 0, "covers_parts": True, "covers_labour": True,
            "covers_travel": True, "counts_repair_days": True, **_WHOLE,
        }  # fmt: skip

    def fit(self):
        if self.row:
            # What it is for stays: another product wants another term.
            del self.fields["product"], self.fields["category"], self.fields["kind_of"]
        else:
            self.fields["product"].queryset = catalog.list_products(self.actor)
            self.fields["category"].queryset = catalog.list_categories(self.actor).order_by("name")

    def clean_excluded(self):
        found = []
        for name in filter(None, (text.strip() for text in _MARKS.split(self.cleaned_data["excluded"]))):
            code = catalog.find_code("cause", name) or catalog.find_code("fault", name)
            if code is None:
                raise forms.ValidationError(_t("没有故障或原因「%(name)s」，请先在词典里建立") % {"name": name}, code="unknown")
            found.append(code.pk)
        return sorted(found)

    def clean(self):
        for name, whole in _WHOLE.items():
            if self.cleaned_data.get(name) is None:
                self.cleaned_data[name] = whole
        for name, usual in (("cycles", 0), ("price_amount", 0), ("policy", "restart"), ("borne_by", "maker")):
            self.cleaned_data[name] = self.cleaned_data.get(name) or usual
        return self.cleaned_data


def load(key, actor):
    """That term."""
    return queries.get_term(fields.whole(key), actor)


def save(term, cleaned, *, actor, at, version):
    """Make or edit a term."""
    given = fields.values(cleaned, without=("excluded", "kind_of")) | {"excluded_codes": cleaned["excluded"]}
    if term is None:
        actions.create_term(actor=actor, at=at, kind=cleaned.get("kind_of") or "unit", **given)
    else:
        # Only what differs: of a term in use the promise is closed, its name is not.
        given = {name: value for name, value in given.items() if getattr(term, name) != value}
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
        (_("适用范围"), ("name", "kind_of", "product", "category", "region", "component")),
        (_("期限"), ("months", "days", "cycles", "cycle_unit", "starts", "grace_months", "starts_among", "policy",
                    "counts_repair_days")),
        (_("包含"), ("covers_parts", "parts_percent", "covers_labour", "labour_percent", "covers_travel", "travel_percent",
                    "borne_by", "excluded")),
        (_("有效期"), ("valid_from", "valid_to", "promotion", "price_amount")),
    ),
)  # fmt: skip
