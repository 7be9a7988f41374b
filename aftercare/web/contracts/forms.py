"""Forms of contracts: the contract itself, a line of coverage, a plan of visits, the instalments of a draft."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import actions as words
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, actions, queries
from aftercare.domain.entitlement.rules.instalments import Share
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.web.contracts.registers import address_of
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage, VersionedForm

OVER = [("schedule", _("按收费标准")), ("rate", _("按合同单价"))]
UNITS = [("month", _("月")), ("week", _("周"))]
HOLIDAYS = [("next", _("顺延到下一个工作日")), ("previous", _("提前到上一个工作日")), ("keep", _("不调整"))]
_QUOTAS = {"quota_visits": "visits", "quota_hours": "hours", "quota_parts": "parts"}
_HOURS = {"respond_hours": "respond_minutes", "repair_hours": "repair_minutes"}


class _Word(forms.TextInput):
    """A field that searches while one types and makes a new term when saved."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.source = f"/options/{kind}/"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {"name": name, "id": (attrs or {}).get("id"), "src": self.source, "create": True, "value": value or "", "value_id": ""}
        return mark_safe(render_to_string("components/combobox.html", context))


def _number(label: Any, places: int = 2, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=10, decimal_places=places, required=False, **options)


class ContractForm(fields.RowForm):
    """A contract; of a signed one only who looks after it and the remark."""

    customer = fields.Combo(_("客户"), "customer")
    name = fields.text(_("合同名称"), 120, required=True)
    owner = fields.row(_("负责人"))
    starts_on = fields.day(_("起"))
    months = forms.IntegerField(label=_("月数"), min_value=0, max_value=240, required=False, help_text=_("12 个月：2026-01-01 至 2026-12-31"))
    ends_on = fields.day(_("止"), required=False, help_text=_("含当日；填了月数可留空"))
    price_amount = fields.money(_("合同金额"))
    instalment_count = forms.IntegerField(label=_("分几期"), min_value=1, max_value=120, initial=1)
    first_due_on = fields.day(_("首期应付日"), required=False, help_text=_("留空为合同起日"))
    every_months = forms.IntegerField(label=_("每几个月一期"), min_value=1, max_value=24, initial=1)
    covers_parts = fields.yes(_("含配件"), initial=True)
    covers_labour = fields.yes(_("含人工"), initial=True)
    covers_travel = fields.yes(_("含上门"), initial=True)
    respond_hours = _number(_("响应时限（工作小时）"), help_text=_("留空按服务时限"))
    repair_hours = _number(_("修复时限（工作小时）"), help_text=_("留空按服务时限"))
    quota_visits = _number(_("上门次数"), 0, help_text=_("留空不限"))
    quota_hours = _number(_("工时（小时）"), help_text=_("留空不限"))
    quota_parts = _number(_("配件（件）"), help_text=_("留空不限"))
    counts_planned = fields.yes(_("计划保养计入次数"))
    over_use = forms.ChoiceField(label=_("超出额度"), choices=OVER)
    over_visit_amount = fields.money(_("超出每次"), required=False)
    over_hour_amount = fields.money(_("超出每小时"), required=False)
    over_part_percent = _number(_("超出配件按标价的百分比"))
    units = fields.text(_("覆盖的设备"), 4000, rows=4, help_text=_("每行一台：序列号或设备编号"))
    category = fields.row(_("覆盖的品类"))
    site = fields.text(_("覆盖的地点"), 120, help_text=_("设备安装地点中包含的字，如：浦东厂区"))
    all_units = fields.yes(_("覆盖该客户的全部设备"))
    remark = fields.text(_("备注"), 2000, rows=3)

    def start(self) -> dict[str, Any]:
        if self.row is None:
            return {"starts_on": clock.local_day(clock.now(), self.actor.zone), "months": 12, "covers_parts": True, "covers_labour": True,
                    "covers_travel": True, "instalment_count": 1, "every_months": 1}
        values = super().start() | {"version": self.row.version}
        for hours, minutes in _HOURS.items():
            given = getattr(self.row, minutes)
            values[hours] = Decimal(given) / 60 if given is not None else None
        granted = {row.kind_of: row.granted_qty for row in queries.quotas_of([self.row.pk]).get(self.row.pk, [])}
        return values | {name: granted.get(kind) for name, kind in _QUOTAS.items()}

    def fit(self) -> None:
        self.fields["owner"].queryset = people.list_employees(self.actor).order_by("name")
        self.fields["category"].queryset = catalog.list_categories(self.actor).order_by("name")
        self.fields["customer"].queryset = parties.list_customers(self.actor)
        self.fields["customer"].find = self._find_customer
        if self.row is not None:
            for name in ("customer", "instalment_count", "first_due_on", "every_months", "months", "units", "category", "site", "all_units"):
                del self.fields[name]
            if self.row.status != "draft":
                for name in set(self.fields) - {"owner", "remark", "version"}:
                    del self.fields[name]

    def _find_customer(self, text: str) -> Any:
        found = parties.list_customers(self.actor).filter(number=text).first()
        if found is not None:
            return found
        known = parties.identify(text, self.actor).customers
        return known[0] if len(known) == 1 else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for hours, minutes in _HOURS.items():
            if hours in self.fields:
                given = cleaned.get(hours)
                cleaned[minutes] = None if given is None else int(given * 60)
        return cleaned


def load(key: str, actor: Actor):
    """That contract."""
    return queries.get_contract(key, actor)


def prefill(query: Any, actor: Actor) -> dict[str, Any]:
    """What the buttons of a customer's and a unit's page bring along."""
    found: dict[str, Any] = {}
    if query.get("customer"):
        found["customer"] = parties.get_customer(query["customer"], actor).pk
    if query.get("unit"):
        unit = assets.get_asset(query["unit"], actor)
        found |= {"units": unit.number, "name": _t("%(product)s 维保合同") % {"product": unit.product.name}}
    return found


def save(contract, cleaned, *, actor: Actor, at: dt.datetime, version):
    """Write a draft, or change it."""
    values = {name: value for name, value in fields.values(cleaned).items() if name not in (*_QUOTAS, *_HOURS)}
    quota = {kind: cleaned.get(name) for name, kind in _QUOTAS.items()}
    if contract is not None:
        given = {name: value for name, value in values.items() if getattr(contract, name) != value}
        is_draft = contract.status == "draft"
        actions.edit_contract(contract, version=version, quota=quota if is_draft else None, actor=actor, at=at, **given)
        return address_of(contract)
    scopes = _scopes(values, actor)
    months, count = values.pop("months") or 0, values.pop("instalment_count")
    contract = actions.create_contract(
        branch_id=values["customer"].branch_id, price=values.pop("price_amount"), months=months, instalment_count=count, quota=quota,
        scopes=scopes, actor=actor, at=at, **values,
    )
    return address_of(contract)


def _scopes(values: dict[str, Any], actor: Actor) -> list[dict]:
    """The lines of coverage that a new contract's form tells; takes its fields out of the values."""
    units, category, site, everything = (values.pop(name) for name in ("units", "category", "site", "all_units"))
    scopes = [{"asset": find_unit(line, actor, field="units")} for line in units.splitlines() if line.strip()]
    if category or site.strip():
        scopes.append({"category": category, "site": site})
    return scopes or ([{}] if everything else [])


def find_unit(text: str, actor: Actor, *, field: str):
    """The unit of that number or serial number; refuses what is not known or not unique."""
    text = text.strip()
    found = assets.list_assets(actor).filter(number=text.upper()).first()
    if found is not None:
        return found
    units = assets.find_by_serial(text, actor)
    if len(units) != 1:
        raise RuleBroken(_t("没有找到设备：%(text)s") % {"text": text}, code="no_unit", field=field)
    return units[0]


CONTRACT = EditPage(
    name="contract",
    title=_("维保合同"),
    is_thing=True,
    permission=access.KEEP_CONTRACT,
    list_label=_("维保合同"),
    list_url="/contracts/",
    form=ContractForm.build,
    save=save,
    load=load,
    prefill=prefill,
    sections=(
        (_("合同"), ("customer", "name", "owner", "starts_on", "months", "ends_on")),
        (_("覆盖范围"), ("units", "category", "site", "all_units")),
        (_("包含"), ("covers_parts", "covers_labour", "covers_travel", "respond_hours", "repair_hours")),
        (_("价格与分期"), ("price_amount", "instalment_count", "first_due_on", "every_months")),
        (_("额度"), ("quota_visits", "quota_hours", "quota_parts", "counts_planned", "over_use", "over_visit_amount", "over_hour_amount",
                     "over_part_percent")),
        (_("备注"), ("remark",)),
    ),
)


class ScopeForm(VersionedForm):
    """One more line of coverage."""

    unit = fields.text(_("设备"), 60, help_text=_("序列号或设备编号；留空则按品类和地点"))
    category = fields.row(_("品类"))
    site = fields.text(_("地点"), 120, help_text=_("设备安装地点中包含的字"))

    @classmethod
    def build(cls, actor: Actor, row: Any, data: Any) -> ScopeForm:
        """As an `EditPage` asks for it."""
        form = cls(data, initial={"version": row.version})
        form.fields["category"].queryset = catalog.list_categories(actor).order_by("name")
        return form


def save_scope(contract, cleaned, *, actor, at, version):
    """Add it."""
    unit = find_unit(cleaned["unit"], actor, field="unit") if cleaned["unit"] else None
    actions.add_scope(contract, asset=unit, category=cleaned["category"], site=cleaned["site"], version=version, actor=actor, at=at)
    return address_of(contract)


SCOPE = EditPage(
    name="contract_scope", title=_("添加覆盖范围"), permission=access.KEEP_CONTRACT, list_label=_("维保合同"), list_url="/contracts/",
    form=ScopeForm.build, save=save_scope, load=load, sections=((_("覆盖范围"), ("unit", "category", "site")),),
)


class PlanForm(VersionedForm):
    """A plan of visits."""

    title = fields.text(_("保养内容"), 120, required=True)
    work_type = forms.CharField(label=_("工种"), max_length=80, widget=_Word("work_type"), help_text=_("没有的工种保存时新建"))
    unit = fields.text(_("设备"), 60, help_text=_("只保养某一台时填写"))
    first_on = fields.day(_("首次"))
    every = forms.IntegerField(label=_("每"), min_value=1, max_value=120, initial=1)
    span = forms.ChoiceField(label=_("单位"), choices=UNITS)
    month_day = forms.IntegerField(label=_("每月几日"), min_value=0, max_value=31, initial=0, help_text=_("0 为首次那天的日子，31 为月末"))
    holidays = forms.ChoiceField(label=_("遇节假日"), choices=HOLIDAYS)
    lead_days = forms.IntegerField(label=_("提前几天开单"), min_value=0, max_value=365, initial=7)

    @classmethod
    def build(cls, actor: Actor, row: Any, data: Any) -> PlanForm:
        """As an `EditPage` asks for it."""
        return cls(data, initial={"version": row.version, "first_on": row.starts_on, "every": 1, "lead_days": 7, "month_day": 0})


def save_plan(contract, cleaned, *, actor, at, version):
    """Add it; a running contract gets its visits at once."""
    unit = find_unit(cleaned["unit"], actor, field="unit") if cleaned["unit"] else None
    actions.add_visit_plan(
        contract, title=cleaned["title"], work_type=_work_type(cleaned["work_type"].strip(), actor, at),
        asset=unit, first_on=cleaned["first_on"], every=cleaned["every"], unit=cleaned["span"], month_day=cleaned["month_day"],
        holidays=cleaned["holidays"], lead_days=cleaned["lead_days"], version=version, actor=actor, at=at,
    )
    return address_of(contract)


def _work_type(name: str, actor: Actor, at: dt.datetime):
    """The work type of that name; a new one is made, and is no repair."""
    return catalog.find_work_type(name) or words.ensure_work_type(name, is_repair=False, actor=actor, at=at)[0]


PLAN = EditPage(
    name="contract_plan", title=_("添加保养计划"), permission=access.KEEP_CONTRACT, list_label=_("维保合同"), list_url="/contracts/",
    form=PlanForm.build, save=save_plan, load=load,
    sections=((_("做什么"), ("title", "work_type", "unit")), (_("什么时候"), ("first_on", "every", "span", "month_day", "holidays", "lead_days"))),
)


class SharesForm(VersionedForm):
    """The instalments of a draft, a line each."""

    rows = fields.text(_("分期"), 8000, required=True, rows=10, help_text=_("每行一期：应付日 金额，如 2026-03-31 1200.00"))

    @classmethod
    def build(cls, actor: Actor, row: Any, data: Any) -> SharesForm:
        """As an `EditPage` asks for it."""
        lines = [f"{one.due_on} {one.amount}" for one in queries.instalments_of(row)]
        return cls(data, initial={"version": row.version, "rows": "\n".join(lines)})

    def clean_rows(self) -> list[Share]:
        """The instalments."""
        shares = []
        for number, line in enumerate(self.cleaned_data["rows"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                day, amount = line.replace("，", " ").replace(",", " ").split()
                shares.append(Share(dt.date.fromisoformat(day), Decimal(amount)))
            except (ValueError, InvalidOperation):
                raise forms.ValidationError(_t("第 %(n)s 行读不出日期和金额") % {"n": number}, code="bad_line") from None
        return shares


def save_shares(contract, cleaned, *, actor, at, version):
    """Write them."""
    try:
        actions.edit_contract(contract, version=version, shares=cleaned["rows"], actor=actor, at=at)
    except RuleBroken as refused:
        refused.field = "rows"
        raise
    return address_of(contract)


SHARES = EditPage(
    name="contract_instalments", title=_("分期"), permission=access.KEEP_CONTRACT, list_label=_("维保合同"), list_url="/contracts/",
    form=SharesForm.build, save=save_shares, load=load, sections=((_("分期"), ("rows",)),),
)


class ToldForm(forms.Form):
    """What the one who was told answered."""

    outcome = fields.text(_("结果"), 200, help_text=_("怎样通知的、对方怎么说"))

    @classmethod
    def build(cls, actor: Actor, row: Any, data: Any) -> ToldForm:
        """As an `EditPage` asks for it."""
        return cls(data)


def load_notice(key: str, actor: Actor):
    """That notice."""
    return queries.get_notice(fields.whole(key), actor)


def save_told(notice, cleaned, *, actor, at, version):
    """Note it."""
    actions.note_told(notice, outcome=cleaned["outcome"], actor=actor, at=at)
    return "/contract-notices/"


TOLD = EditPage(
    name="contract_told", title=_("登记已通知"), permission=access.KEEP_CONTRACT, list_label=_("到期提醒"), list_url="/contract-notices/",
    form=ToldForm.build, save=save_told, load=load_notice,
)
