"""Writing a service contract down, what it covers, and signing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import KEEP_CONTRACT
from aftercare.domain.entitlement.actions import instalments, quotas, visits
from aftercare.domain.entitlement.lifecycle import CONTRACT, COVERING, ContractStatus
from aftercare.domain.entitlement.models import ContractJob, ContractScope, Instalment, ServiceContract, VisitRule
from aftercare.domain.entitlement.rules import instalments as money_rules
from aftercare.domain.entitlement.rules import visits as visit_rules
from aftercare.domain.entitlement.rules.dates import add_months
from aftercare.foundation import clock, money, numbering, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import Invalid, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

EDITABLE = frozenset({
    "name", "owner", "starts_on", "ends_on", "price_amount", "covers_parts", "covers_labour", "covers_travel", "respond_minutes",
    "repair_minutes", "over_use", "over_visit_amount", "over_hour_amount", "over_part_percent", "counts_planned", "remark",
})  # fmt: skip
# What may be changed after signing: who looks after it, and what is remarked.
ALWAYS_EDITABLE = frozenset({"owner", "remark"})
_RATES = {"visits": "over_visit_amount", "hours": "over_hour_amount", "parts": "over_part_percent"}


def create_contract(
    *, customer, branch_id: int, name: str, starts_on: dt.date, ends_on: dt.date | None = None, months: int = 0,
    price: Decimal = money.ZERO, owner=None, covers_parts: bool = True, covers_labour: bool = True,
    covers_travel: bool = True, respond_minutes: int | None = None, repair_minutes: int | None = None,
    over_use: str = "schedule", over_visit_amount: Decimal | None = None, over_hour_amount: Decimal | None = None,
    over_part_percent: Decimal | None = None, counts_planned: bool = False, remark: str = "",
    quota: Mapping[str, Decimal | None] | None = None, scopes: Iterable[Mapping] = (),
    shares: Iterable[money_rules.Share] | None = None, instalment_count: int = 1, first_due_on: dt.date | None = None,
    every_months: int = 1, visit_plans: Iterable[Mapping] = (), actor: Actor, at: dt.datetime,
) -> ServiceContract:
    """Write a contract down as a draft. It runs from `starts_on` to `ends_on`, or so many months less a day.

    So 12 months from 2026-01-01 end on 2026-12-31, and the next one begins on 2027-01-01. `quota` grants visits, hours
    and parts (a kind that is not named is unlimited), `scopes` are lines of coverage (asset, category, site), `shares`
    the instalments; without them the price is split into `instalment_count` equal ones. Amounts in CNY.
    """
    if ends_on is None and months > 0:
        ends_on = add_months(starts_on, months) - dt.timedelta(days=1)
    if ends_on is None:
        raise RuleBroken(_("请填写到期日或月数"), code="no_length", field="ends_on")
    contract = ServiceContract(
        customer=customer, branch_id=branch_id, owner=owner, name=name.strip()[:120], starts_on=starts_on, ends_on=ends_on,
        price_amount=money.require_amount(price, field="price"), covers_parts=covers_parts, covers_labour=covers_labour,
        covers_travel=covers_travel, respond_minutes=respond_minutes, repair_minutes=repair_minutes, over_use=over_use,
        over_visit_amount=over_visit_amount, over_hour_amount=over_hour_amount, over_part_percent=over_part_percent,
        counts_planned=counts_planned, remark=remark.strip(), created_at=at,
    )
    _require_sound(contract)
    with step():
        contract.number = next_number(actor, at)
        open_new(contract, actor=actor, at=at, permission=KEEP_CONTRACT, people=(actor.employee_id,), verb="entitlement.contract.draft",
                 fact=lambda row: facts.ContractDrafted(row.pk, row.number))
        quotas.set_quotas(contract, quota or {})
        for scope in scopes:
            _insert_scope(contract, **scope)
        if shares is None:
            shares = _equal_shares(contract, instalment_count, first_due_on or starts_on, every_months)
        instalments.write_instalments(contract, shares)
        for plan in visit_plans:
            _insert_rule(contract, **plan)
    return contract


def next_number(actor: Actor, at: dt.datetime) -> str:
    """The number of a new contract."""
    return numbering.take("HT", clock.local_day(at, actor.zone))


def edit_contract(
    contract: ServiceContract, *, version: int | None = None, quota: Mapping[str, Decimal | None] | None = None,
    shares: Iterable[money_rules.Share] | None = None, actor: Actor, at: dt.datetime, **fields: Any,
) -> ServiceContract:
    """Change what a draft says; of a signed contract only who looks after it and the remark.

    A draft whose price changes needs its instalments anew: given `shares`, or split again as many times as before.
    """
    allowed = EDITABLE if contract.status == ContractStatus.DRAFT else ALWAYS_EDITABLE
    unknown = sorted(fields.keys() - allowed)
    if unknown or ((quota is not None or shares is not None) and contract.status != ContractStatus.DRAFT):
        names = unknown or ["instalments"]
        raise Invalid({name: _("合同签订后不能修改这一项") for name in names}, code="signed_already")
    edited = ServiceContract(**{f.attname: getattr(contract, f.attname) for f in ServiceContract._meta.concrete_fields})
    for name, value in fields.items():
        setattr(edited, name, value.strip() if isinstance(value, str) else value)
    _require_sound(edited)
    with step():
        contract = revise(contract, actor=actor, at=at, permission=KEEP_CONTRACT, version=version,
                          verb="entitlement.contract.edit", fact=facts.ContractChanged(contract.pk, "terms"),
                          **{name: getattr(edited, name) for name in fields})
        if quota is not None:
            quotas.set_quotas(contract, quota)
        if shares is None and "price_amount" in fields:
            shares = _same_shares(contract)
        if shares is not None:
            instalments.write_instalments(contract, shares)
    return contract


def add_scope(contract: ServiceContract, *, asset=None, category=None, site: str = "", version: int | None = None, actor: Actor,
              at: dt.datetime) -> ContractScope:
    """One more line of coverage, in a draft or while the contract runs."""
    _require_open(contract)
    with step():
        contract = _changed(contract, "coverage", version, actor, at)
        scope = _insert_scope(contract, asset=asset, category=category, site=site)
        if contract.status != ContractStatus.DRAFT:
            _require_no_double(contract)
    return scope


def remove_scope(contract: ServiceContract, scope_id: int, *, version: int | None = None, actor: Actor, at: dt.datetime) -> None:
    """Take a line of coverage off. A signed contract keeps at least one."""
    _require_open(contract)
    with step():
        contract = _changed(contract, "coverage", version, actor, at)
        ContractScope.objects.filter(contract=contract, pk=scope_id).delete()
        if contract.status != ContractStatus.DRAFT:
            _require_scopes(contract)


def add_visit_plan(contract: ServiceContract, *, version: int | None = None, actor: Actor, at: dt.datetime, **plan: Any) -> VisitRule:
    """One more plan of visits; a running contract gets its visits at once."""
    _require_open(contract)
    with step():
        contract = _changed(contract, "plan", version, actor, at)
        rule = _insert_rule(contract, **plan)
        if contract.status != ContractStatus.DRAFT:
            visits.plan_visits(contract, actor=actor, at=at)
    return rule


def stop_visit_plan(contract: ServiceContract, rule_id: int, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime) -> None:
    """End a plan: visits that it has still planned are left out."""
    _require_open(contract)
    with step():
        contract = _changed(contract, "plan", version, actor, at)
        if VisitRule.objects.filter(contract=contract, pk=rule_id, is_active=True).update(is_active=False):
            for visit in contract.planned_visits.filter(rule_id=rule_id, status="planned").select_related("contract"):
                visits.skip(visit, reason=reason, actor=actor, at=at)


@CONTRACT.move("activate")
def activate(contract: ServiceContract, *, actor: Actor, at: dt.datetime):
    """The contract is signed: it covers from its first day, its quota is granted and its visits are planned.

    Refuses a contract that covers nothing, instalments that do not sum to the price, and a unit that another contract
    names for the same days (`double_cover`).
    """
    _require_scopes(contract)
    _require_no_double(contract)
    total = sum(Instalment.objects.filter(contract=contract).values_list("amount", flat=True), money.ZERO)
    if total != contract.price_amount:
        raise RuleBroken(
            _("分期合计 %(total)s 与合同金额 %(price)s 不符") % {"total": total, "price": contract.price_amount},
            code="instalments_off", field="instalments",
        )
    revise(contract, signed_at=at, agreed_days=money_rules.days_between(contract.starts_on, contract.ends_on))
    quotas.grant(contract, actor=actor, at=at)
    visits.plan_visits(contract, actor=actor, at=at)
    return facts.ContractActivated(contract.pk, contract.starts_on, contract.ends_on, contract.price_amount)


@CONTRACT.move("withdraw")
def withdraw(contract: ServiceContract, *, reason: str, actor: Actor, at: dt.datetime):
    """The draft comes to nothing; why is kept."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    return facts.ContractWithdrawn(contract.pk, reason)


def note_job(contract_id: int, *, source: Source, is_planned: bool = False, at: dt.datetime) -> None:
    """Write down that a document is done under the contract; once."""
    insert_once([ContractJob(contract_id=contract_id, source_kind=source.kind, source_id=source.id, source_number=source.number,
                             is_planned=is_planned, made_at=at)])


# --- what is refused ----------------------------------------------------------------------------------------------


def _require_sound(contract: ServiceContract) -> None:
    if not contract.name:
        raise RuleBroken(_("请填写合同名称"), code="name_missing", field="name")
    if contract.ends_on < contract.starts_on:
        raise RuleBroken(_("到期日不能早于起算日"), code="bad_span", field="ends_on")
    if not (contract.covers_parts or contract.covers_labour or contract.covers_travel):
        raise RuleBroken(_("合同至少要含一项"), code="covers_nothing", field="covers_parts")
    if contract.over_use not in ServiceContract.OverUse.values:
        raise RuleBroken(_("没有这种计价方式"), code="unknown_over_use", field="over_use")
    for field in _RATES.values():
        value = getattr(contract, field)
        if value is not None:
            money.require_amount(value, field=field)
    if contract.over_use == ServiceContract.OverUse.RATE and all(getattr(contract, f) is None for f in _RATES.values()):
        raise RuleBroken(_("请填写超出额度的单价"), code="rate_missing", field="over_visit_amount")


def _require_open(contract: ServiceContract) -> None:
    if contract.status not in (ContractStatus.DRAFT, ContractStatus.ACTIVE, ContractStatus.SUSPENDED):
        raise WrongState(_("合同已结束，不能修改"), code="contract_over", state=contract.status)


def _require_scopes(contract: ServiceContract) -> None:
    if not ContractScope.objects.filter(contract=contract).exists():
        raise RuleBroken(_("请至少写明一项覆盖范围"), code="covers_no_unit", field="scopes")


def _require_no_double(contract: ServiceContract) -> None:
    """Refuse a unit that another contract names for days of this one: it would be paid for twice."""
    own = ContractScope.objects.filter(contract=contract, asset__isnull=False).values("asset_id")
    other = (
        ContractScope.objects.filter(
            asset_id__in=own, contract__status__in=sorted(COVERING), contract__starts_on__lte=contract.ends_on,
            contract__ends_on__gte=contract.starts_on,
        ).exclude(contract=contract).select_related("contract", "asset").first()
    )
    if other is not None:
        raise RuleBroken(
            _("设备 %(unit)s 在同一期间已有合同 %(contract)s") % {"unit": other.asset.number, "contract": other.contract.number},
            code="double_cover", field="scopes", contract=other.contract.number, asset=other.asset.number,
        )


def _changed(contract: ServiceContract, what: str, version: int | None, actor: Actor, at: dt.datetime) -> ServiceContract:
    return revise(contract, actor=actor, at=at, permission=KEEP_CONTRACT, version=version, verb="entitlement.contract.change",
                  fact=facts.ContractChanged(contract.pk, what))


def _insert_scope(contract: ServiceContract, *, asset=None, category=None, site: str = "") -> ContractScope:
    if asset is not None and asset.customer_id != contract.customer_id:
        raise RuleBroken(_("这台设备不属于合同的客户"), code="other_owner", field="asset")
    if asset is not None and ContractScope.objects.filter(contract=contract, asset=asset).exists():
        raise RuleBroken(_("这台设备已在合同里"), code="unit_twice", field="asset")
    return statements.insert(ContractScope(contract=contract, asset=asset, category=category, site=site.strip()[:120]))


def _insert_rule(
    contract: ServiceContract, *, title: str, work_type, first_on: dt.date | None = None, every: int = 1, unit: str = "month",
    month_day: int = 0, holidays: str = "next", lead_days: int = 7, asset=None,
) -> VisitRule:
    if not title.strip():
        raise RuleBroken(_("请填写保养内容"), code="title_missing", field="title")
    if unit not in visit_rules.UNITS or holidays not in visit_rules.HOLIDAY_POLICIES:
        raise RuleBroken(_("没有这种安排"), code="unknown_plan", field="unit")
    if not 1 <= every <= 120 or not 0 <= month_day <= 31:
        raise RuleBroken(_("周期不正确"), code="bad_period", field="every")
    return statements.insert(VisitRule(
        contract=contract, title=title.strip()[:120], work_type=work_type, asset=asset, first_on=first_on or contract.starts_on,
        every=every, unit=unit, month_day=month_day, holidays=holidays, lead_days=lead_days,
    ))


def _equal_shares(contract: ServiceContract, count: int, first_due_on: dt.date, every_months: int) -> list[money_rules.Share]:
    if not contract.price_amount:
        return []
    if not 1 <= count <= instalments.MOST_INSTALMENTS or contract.price_amount < Decimal(count) / 100:
        raise RuleBroken(_("分期数不正确"), code="bad_count", field="instalment_count")
    return money_rules.split_price(contract.price_amount, count, first_due_on, every_months)


def _same_shares(contract: ServiceContract) -> list[money_rules.Share]:
    """The instalments of a draft with the new price in the old proportions."""
    rows = list(Instalment.objects.filter(contract=contract).order_by("sequence").values_list("due_on", "amount"))
    if not rows:
        return _equal_shares(contract, 1, contract.starts_on, 1)
    if not contract.price_amount:
        return []
    amounts = money.shares(contract.price_amount, [amount for _day, amount in rows])
    return [money_rules.Share(day, amount) for (day, _old), amount in zip(rows, amounts, strict=True)]
