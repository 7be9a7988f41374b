"""Forms of rules and claims."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, actions, queries
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.terms.registers import STARTS


def several(label, choices, **options):
    """Boxes to tick, of named choices."""
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **options)


def remedy_choices() -> list[tuple[str, str]]:
    """The remedies in the order in which they are told."""
    return [(one, queries.remedy_label(one)) for one in rules.REMEDIES]


def proof_choices() -> list[tuple[str, str]]:
    """The papers."""
    return list(queries.proof_labels().items())


def exclusion_choices() -> list[tuple[str, str]]:
    """The losses of right."""
    return list(queries.exclusion_labels().items())


class RuleForm(fields.RowForm):
    """A consumer-rights rule; without category it is for all."""

    name = fields.text(_("规则"), 120, required=True)
    law = fields.text(_("法规"), 120, required=True, help_text=_("法规全称，不加书名号"))
    article = fields.text(_("条款号"), 60, help_text=_("如：第十一条；不确定的先留空"))
    category = fields.row(_("品类"))
    kind_of = forms.ChoiceField(label=_("情形"), choices=queries.right_kinds)
    remedies = several(_("可以主张"), remedy_choices)
    starts = forms.ChoiceField(label=_("起算"), choices=STARTS)
    months = forms.IntegerField(label=_("月数"), min_value=0, max_value=600)
    days = forms.IntegerField(label=_("天数"), min_value=0, max_value=3660)
    repairs = forms.IntegerField(label=_("修理次数"), min_value=0, max_value=99, help_text=_("情形为同一故障多次修理时用"))
    limit_days = forms.IntegerField(label=_("修理期限（天）"), min_value=0, max_value=3660, help_text=_("超过这些天后适用"))
    is_put_off = fields.yes(_("扣除修理占用时间"), help_text=_("修理占用和待修的时间使截止日顺延"))
    components = fields.text(_("主要部件"), 400, help_text=_("只适用于主要部件时填写，用顿号分开"))
    day_rate = forms.DecimalField(label=_("日折旧率（%）"), min_value=0, max_value=100, decimal_places=3, required=False)
    is_fallback = fields.yes(_("仅在没有其他规定时适用"))
    proofs = several(_("所需凭证"), proof_choices)
    exclusions = several(_("丧失权利的情形"), exclusion_choices)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)
    note = fields.text(_("备注"), 500, rows=2)

    def start(self):
        if self.row:
            return super().start() | {"components": "、".join(self.row.components)}
        return {"months": 0, "days": 0, "repairs": 2, "limit_days": 0, "starts": "invoice", "is_put_off": True}

    def fit(self):
        self.fields["category"].queryset = catalog.list_categories(self.actor).order_by("name")

    def clean_components(self):
        """The parts as a list."""
        return [word.strip() for word in self.cleaned_data["components"].replace(",", "、").replace("，", "、").split("、") if word.strip()]


def load_rule(key, actor):
    """That rule."""
    return queries.get_right_rule(fields.whole(key), actor)


def save_rule(rule, cleaned, *, actor, at, version):
    """Make or edit a rule; answers its page."""
    given = fields.values(cleaned)
    if rule is None:
        rule = actions.create_right_rule(kind=given.pop("kind_of"), actor=actor, at=at, **given)
    else:
        changed = {name: value for name, value in given.items() if getattr(rule, name) != value}
        rule = actions.edit_right_rule(rule, version=version, actor=actor, at=at, **changed)
    return f"/rights/{rule.pk}/"


RULE = EditPage(
    name="right_rule",
    title=_("三包规则"),
    is_thing=True,
    permission=access.EDIT_RIGHT_RULE,
    list_label=_("三包规则"),
    list_url="/rights/",
    form=RuleForm.build,
    save=save_rule,
    load=load_rule,
    sections=(
        (_("依据"), ("name", "law", "article", "category", "valid_from", "valid_to", "note")),
        (_("情形"), ("kind_of", "starts", "months", "days", "repairs", "limit_days", "components", "is_put_off", "is_fallback")),
        (_("可以主张"), ("remedies", "day_rate", "proofs", "exclusions")),
    ),
)


class ClaimForm(forms.Form):
    """What a customer asks for, and what he shows."""

    remedy = forms.ChoiceField(label=_("诉求"), choices=remedy_choices)
    claimed_on = fields.day(_("提出日期"), help_text=_("按客户提出的日期判定，不是答复的日期"))
    fault = forms.TypedChoiceField(label=_("本次故障"), coerce=int, empty_value=None, required=False)
    component = fields.text(_("故障部件"), 80)
    claimant = fields.text(_("提出人"), 80)
    price = fields.money(_("发票价格"), required=False, help_text=_("要求扣折旧退货时填写"))
    is_distance = fields.yes(_("网络、电话、邮购等远程购买"))
    proofs = several(_("已出示凭证"), proof_choices)
    exclusions = several(_("检测认定的情形"), exclusion_choices)
    told = fields.text(_("客户陈述"), 500, rows=2)


class TryForm(forms.Form):
    """A made-up case for one rule."""

    start = fields.day(_("购买日期"))
    on = fields.day(_("提出日期"))
    repaired = forms.IntegerField(label=_("同一故障已修次数"), min_value=0, max_value=20, initial=0, required=False)
    in_repair = forms.IntegerField(label=_("本次送修已几天"), min_value=0, max_value=999, required=False)
    component = fields.text(_("故障部件"), 80)
    price = fields.money(_("发票价格"), required=False)
    is_distance = fields.yes(_("远程购买"))
    proofs = several(_("已出示凭证"), proof_choices)
    exclusions = several(_("检测认定的情形"), exclusion_choices)
