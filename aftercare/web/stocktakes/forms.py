import re

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.people import queries as people
from aftercare.foundation.refusals import NotFound
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.stocktakes.registers import SCOPES, address_of

_CLASSES = [("", _("全部分类")), ("A", _("A 类")), ("B", _("B 类")), ("C", _("C 类"))]


def _codes(text):
    return list(dict.fromkeys(re.split(r"[\s,，、;；]+", text.strip()))) if text.strip() else []


class PlanForm(fields.RowForm):
    """What shall be counted."""

    place = fields.row(_("库位"), required=True)
    scope = forms.ChoiceField(label=_("盘点范围"), choices=SCOPES)
    abc = forms.ChoiceField(label=_("ABC 分类"), choices=_CLASSES, required=False, help_text=_("循环盘点用：只盘到期的配件，周期在盘点规则里设"))
    bins = fields.text(_("货位编码"), 4000, rows=2, help_text=_("指定货位时填写，空格或换行隔开"))
    parts = fields.text(_("配件编码"), 8000, rows=2, help_text=_("指定配件时填写，空格或换行隔开"))
    memo = fields.text(_("说明"), 200)

    def fit(self):
        places = queries.list_places(self.actor).filter(is_active=True, parent=None, branch__isnull=False)
        self.fields["place"].queryset = places.exclude(kind_of="transit")

    def clean(self):
        cleaned = super().clean()
        place, scope = cleaned.get("place"), cleaned.get("scope")
        cleaned["bin_ids"], cleaned["part_ids"] = [], []
        if scope == "bins" and place:
            for code in _codes(cleaned.get("bins", "")):
                try:
                    cleaned["bin_ids"].append(queries.get_bin(place, code, self.actor).pk)
                except NotFound as refusal:
                    self.add_error("bins", str(refusal.message))
        if scope == "parts":
            codes = _codes(cleaned.get("parts", ""))
            found = catalog.parts_by_code(codes)
            for code in codes:
                if code in found:
                    cleaned["part_ids"].append(found[code].pk)
                else:
                    self.add_error("parts", _now("没有配件编码「%(code)s」") % {"code": code})
        return cleaned


def save_plan(_row, cleaned, *, actor, at, version):
    """Draw the stocktake up."""
    row = actions.plan_stocktake(
        cleaned["place"], scope=cleaned["scope"], bins=cleaned["bin_ids"], parts=cleaned["part_ids"], abc=cleaned["abc"],
        memo=cleaned["memo"], actor=actor, at=at,
    )
    return address_of(row)


def _start_plan(query, actor):
    place = query.get("place", "")
    return {"place": place if place.isdigit() else None, "scope": query.get("scope", "whole"), "abc": query.get("abc", "")}


PLAN = EditPage(
    name="stocktake_plan",
    title=_("安排盘点"),
    permission=access.PLAN_COUNT,
    list_label=_("盘点单"),
    list_url="/stocktakes/",
    form=PlanForm.build,
    save=save_plan,
    sections=((_("安排盘点"), ("place", "scope", "abc", "memo", "bins", "parts")),),
    prefill=_start_plan,
)


def _percent(label, **options):
    return forms.DecimalField(label=label, min_value=0, max_digits=6, decimal_places=2, **options)


def _days(label):
    return forms.IntegerField(label=label, min_value=1, max_value=3660)


class RuleForm(fields.RowForm):
    """How a branch counts and classifies."""

    recount_qty = forms.DecimalField(label=_("复盘起点数量"), min_value=0, max_digits=12, decimal_places=3, required=False,
                                     help_text=_("差异超过任一起点须由他人复盘，留空不要求"))
    recount_percent = _percent(_("复盘起点比例（%）"), required=False)
    recount_amount = fields.money(_("复盘起点金额"), required=False)
    approve_amount = fields.money(_("大额差异起点金额"), required=False, help_text=_("差异金额合计超过此数，须由有权审核大额差异的人审核"))
    is_own_count = fields.yes(_("工程师可盘自己的随车库，网点可盘自己的库"))
    cycle_a_days = _days(_("A 类盘点周期（天）"))
    cycle_b_days = _days(_("B 类盘点周期（天）"))
    cycle_c_days = _days(_("C 类盘点周期（天）"))
    a_percent = _percent(_("A 类累计比例（%）"), help_text=_("按近 12 个月用量金额从高到低累计到此比例为 A 类"))
    b_percent = _percent(_("B 类累计比例（%）"))
    x_variation = _percent(_("X 类变异系数上限"), help_text=_("变异系数 = 月用量标准差 ÷ 月均用量"))
    y_variation = _percent(_("Y 类变异系数上限"))
    slow_days = _days(_("呆滞天数"))
    dead_days = _days(_("死库存天数"))


def load_rule(key, actor):
    """The rules of that branch."""
    return queries.count_rule_of(people.get_branch(key, actor).pk)


def save_rule(row, cleaned, *, actor, at, version):
    """Set the rules of a branch."""
    actions.set_count_rule(row.branch_id, version=version, actor=actor, at=at, **fields.values(cleaned))
    return "/stock/periods/"


RULE = EditPage(
    name="count_rule",
    title=_("盘点与分类规则"),
    permission=access.EDIT_RULES,
    list_label=_("库存期间"),
    list_url="/stock/periods/",
    form=RuleForm.build,
    save=save_rule,
    load=load_rule,
    sections=(
        (_("复盘与审核"), ("recount_qty", "recount_percent", "recount_amount", "approve_amount", "is_own_count")),
        (_("循环盘点"), ("cycle_a_days", "cycle_b_days", "cycle_c_days")),
        (_("分类与呆滞"), ("a_percent", "b_percent", "x_variation", "y_variation", "slow_days", "dead_days")),
    ),
)
