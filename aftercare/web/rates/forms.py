from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.settlement import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.rates.registers import CAUSES, MODES


def _percent(label):
    return forms.DecimalField(label=label, min_value=0, max_value=100, max_digits=6, decimal_places=3, initial=0)


class RateForm(fields.RowForm):
    """Commission of one audited order; an empty condition means any."""

    work_type_id = fields.row(_("工种"))
    category_id = fields.row(_("品类"))
    mode = forms.ChoiceField(label=_("方式"), choices=MODES, required=False)
    grade = fields.text(_("技术等级"), 20)
    amount = fields.money(_("每单金额"), initial=0)
    labour_percent = _percent(_("人工费比例（%）"))
    part_percent = _percent(_("配件费比例（%）"))
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)

    def fit(self):
        self.fields["work_type_id"].queryset = catalog.list_work_types(self.actor)
        self.fields["category_id"].queryset = catalog.list_categories(self.actor).order_by("name")


class DeductionForm(fields.RowForm):
    """A step of the overdue ladder, or the rule for repeat repairs."""

    cause = forms.ChoiceField(label=_("原因"), choices=CAUSES)
    over_minutes = forms.IntegerField(label=_("超过（工作分钟）"), min_value=0, max_value=525_600, initial=0)
    amount = fields.money(_("扣款"), initial=0)
    percent = _percent(_("扣提成比例（%）"))
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)

    def fit(self):
        if self.row:
            del self.fields["cause"]


def load_rate(key, actor):
    """That rate."""
    return queries.get_rate(fields.whole(key), actor)


def load_deduction(key, actor):
    """That rule."""
    return queries.get_deduction(fields.whole(key), actor)


def save_rate(rate, cleaned, *, actor, at, version):
    """Make or edit a rate."""
    given = fields.values(cleaned)
    for name in ("work_type_id", "category_id"):
        given[name] = given[name].pk if given[name] else None
    if rate is None:
        actions.create_rate(actor=actor, at=at, **given)
    else:
        actions.edit_rate(rate, version=version, actor=actor, at=at, **given)
    return "/rates/"


def save_deduction(rule, cleaned, *, actor, at, version):
    """Make or edit a rule."""
    if rule is None:
        actions.create_deduction(actor=actor, at=at, **fields.values(cleaned))
    else:
        actions.edit_deduction(rule, version=version, actor=actor, at=at, **fields.values(cleaned))
    return "/deductions/"


RATE = EditPage(
    name="rate",
    title=_("提成标准"),
    is_thing=True,
    permission=access.MANAGE_RATES,
    list_label=_("提成标准"),
    list_url="/rates/",
    form=RateForm.build,
    save=save_rate,
    load=load_rate,
)
DEDUCTION = EditPage(
    name="deduction",
    title=_("扣费规则"),
    is_thing=True,
    permission=access.MANAGE_RATES,
    list_label=_("扣费规则"),
    list_url="/deductions/",
    form=DeductionForm.build,
    save=save_deduction,
    load=load_deduction,
)
