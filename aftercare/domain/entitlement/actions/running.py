"""What happens to a signed contract: suspended, resumed, ended early, expired, renewed; who is told of its end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import KEEP_CONTRACT
from aftercare.domain.entitlement.actions import contracts, instalments, quotas, visits
from aftercare.domain.entitlement.lifecycle import CONTRACT
from aftercare.domain.entitlement.models import (
    ContractNotice,
    ContractPause,
    ContractScope,
    Instalment,
    QuotaBalance,
    ServiceContract,
    VisitRule,
)
from aftercare.domain.entitlement.rules import instalments as rules
from aftercare.domain.entitlement.rules.dates import add_months
from aftercare.foundation import clock, money, statements, wording
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.transactions import step

# What a renewal takes over as it is.
_KEPT = (
    "customer_id", "branch_id", "owner_id", "name", "covers_parts", "covers_labour", "covers_travel", "respond_minutes",
    "repair_minutes", "over_use", "over_visit_amount", "over_hour_amount", "over_part_percent", "counts_planned", "currency",
)  # fmt: skip
_DAY = dt.timedelta(days=1)


@CONTRACT.move("suspend")
def suspend(contract: ServiceContract, *, from_on: dt.date, reason: str, actor: Actor, at: dt.datetime):
    """The contract stands still from that day: no cover, no visits, no new bills until it is resumed."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    if not contract.starts_on <= from_on <= contract.ends_on:
        raise RuleBroken(_("暂停日要在合同期内"), code="outside_contract", field="from_on")
    if find_renewal(contract) is not None:
        raise WrongState(_("合同已续约，不能暂停：到期日会推后，与新合同重叠"), code="renewed_already")
    if ContractPause.objects.filter(contract=contract, to_on__gte=from_on).exists():
        raise RuleBroken(_("这一天已在暂停期内"), code="paused_already", field="from_on")
    statements.insert(ContractPause(contract=contract, from_on=from_on, reason=reason.strip()[:200]))
    return facts.ContractSuspended(contract.pk, from_on, reason)


@CONTRACT.move("resume")
def resume(contract: ServiceContract, *, resume_on: dt.date, actor: Actor, at: dt.datetime):
    """The contract runs again from that day; its end is put off by the days it stood still.

    Visits that fell into the pause are left out; those of the added days are planned.
    """
    pause = ContractPause.objects.select_for_update().get(contract=contract, to_on=None)
    if resume_on <= pause.from_on:
        raise RuleBroken(_("恢复日要晚于暂停日"), code="resume_too_early", field="resume_on")
    last = resume_on - _DAY
    days = rules.days_between(pause.from_on, last)
    ContractPause.objects.filter(pk=pause.pk).update(to_on=last)
    revise(contract, ends_on=contract.ends_on + dt.timedelta(days=days))
    visits.skip_between(contract, pause.from_on, last, reason=wording.stored(lambda: _("合同暂停期间")), actor=actor, at=at)
    visits.plan_visits(contract, actor=actor, at=at)
    return facts.ContractResumed(contract.pk, days, contract.ends_on)


@CONTRACT.move("end")
def end(contract: ServiceContract, *, last_on: dt.date, reason: str, actor: Actor, at: dt.datetime):
    """End the contract early; the last day still counts.

    Of the price what the days served have earned is owed: instalments are cut to it, visits after the last day are left
    out, the rest of the quota lapses when the last day is over. The flow around it puts bills right that were made.
    """
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    if not contract.starts_on <= last_on < contract.ends_on:
        raise RuleBroken(_("终止日要在合同期内、早于到期日"), code="outside_contract", field="last_on")
    if find_renewal(contract) is not None:
        raise WrongState(_("合同已续约，请先处理新合同"), code="renewed_already")
    earned = earned_until(contract, last_on)
    for pause in ContractPause.objects.filter(contract=contract, to_on=None):
        ContractPause.objects.filter(pk=pause.pk).update(to_on=max(last_on, pause.from_on))
    revise(contract, ends_on=last_on)
    visits.skip_between(contract, last_on + _DAY, None, reason=wording.stored(lambda: _("合同提前终止")), actor=actor, at=at)
    instalments.cut_to(contract, earned, actor=actor, at=at)
    _close_notices(contract, _("合同提前终止"), actor, at)
    return facts.ContractEnded(contract.pk, last_on, earned, reason)


def earned_until(contract: ServiceContract, last_on: dt.date) -> Decimal:
    """What of the price the days served until that day have earned."""
    pauses = ContractPause.objects.filter(contract=contract).values_list("from_on", "to_on")
    served = rules.days_between(contract.starts_on, last_on) - rules.paused_days(pauses, last_on)
    return rules.earned_amount(contract.price_amount, contract.agreed_days, served)


@CONTRACT.move("expire")
def expire(contract: ServiceContract, *, actor: Actor, at: dt.datetime):
    """Its last day is over and nobody renewed it; what is left of the quota lapses."""
    _require_over(contract, actor, at)
    quotas.lapse(contract, actor=actor, at=at)
    return facts.ContractExpired(contract.pk, is_renewed=False)


def _require_over(contract: ServiceContract, actor: Actor, at: dt.datetime) -> None:
    if contract.ends_on >= clock.local_day(at, actor.zone):
        raise WrongState(_("合同还没有到期"), code="not_over", ends_on=contract.ends_on.isoformat())


@CONTRACT.move("pass_on")
def pass_on(contract: ServiceContract, *, actor: Actor, at: dt.datetime):
    """Its last day is over and another contract follows."""
    if find_renewal(contract) is None:
        raise WrongState(_("还没有续约合同"), code="not_renewed")
    _require_over(contract, actor, at)
    quotas.lapse(contract, actor=actor, at=at)
    return facts.ContractExpired(contract.pk, is_renewed=True)


@CONTRACT.move("renew")
def renew(
    contract: ServiceContract, *, months: int | None = None, price: Decimal | None = None, actor: Actor, at: dt.datetime
):
    """Go on in a new contract from the day after the end, with the same coverage, quota, plans and instalments.

    `months` default: as long as this one; `price` default: the same. The new one is signed at once. A contract is
    renewed once, so that there is neither a gap nor a double cover.
    """
    if find_renewal(contract) is not None:
        raise WrongState(_("合同已经续约"), code="renewed_already")
    starts_on = contract.ends_on + _DAY
    ends_on = add_months(starts_on, months) - _DAY if months else _same_length(contract, starts_on)
    price = contract.price_amount if price is None else money.require_amount(price, field="price")
    renewal = _copy(contract, starts_on=starts_on, ends_on=ends_on, price=price, actor=actor, at=at)
    contracts.activate(renewal, actor=actor, at=at)
    _close_notices(contract, _("已续约 %(number)s") % {"number": renewal.number}, actor, at)
    return facts.ContractRenewed(contract.pk, renewal.pk, renewal.number, starts_on)


def find_renewal(contract: ServiceContract) -> ServiceContract | None:
    """The contract in which this one goes on."""
    return ServiceContract.objects.filter(renews=contract).first()


def _agreed_months(contract: ServiceContract) -> int:
    """For how many whole months the contract was agreed; 0 when it was agreed for odd days."""
    agreed = contract.starts_on + dt.timedelta(days=contract.agreed_days)
    months = (agreed.year - contract.starts_on.year) * 12 + agreed.month - contract.starts_on.month
    return months if months and add_months(contract.starts_on, months) == agreed else 0


def _same_length(contract: ServiceContract, starts_on: dt.date) -> dt.date:
    months = _agreed_months(contract)
    return add_months(starts_on, months) - _DAY if months else starts_on + dt.timedelta(days=contract.agreed_days - 1)


def _copy(contract: ServiceContract, *, starts_on, ends_on, price: Decimal, actor: Actor, at: dt.datetime) -> ServiceContract:
    kept = {name: getattr(contract, name) for name in _KEPT}
    renewal = ServiceContract(
        **kept, number=contracts.next_number(actor, at), starts_on=starts_on, ends_on=ends_on, price_amount=price, renews=contract,
        created_at=at,
    )
    open_new(renewal, actor=actor, at=at, permission=KEEP_CONTRACT, people=(actor.employee_id,), verb="entitlement.contract.draft",
             fact=lambda row: facts.ContractDrafted(row.pk, row.number))
    quotas.set_quotas(renewal, dict(QuotaBalance.objects.filter(contract=contract).values_list("kind_of", "granted_qty")))
    scopes = ContractScope.objects.filter(contract=contract).order_by("pk")
    statements.insert_all([
        ContractScope(contract=renewal, asset_id=s.asset_id, category_id=s.category_id, site=s.site) for s in scopes
    ])
    statements.insert_all([
        VisitRule(contract=renewal, title=r.title, work_type_id=r.work_type_id, asset_id=r.asset_id, first_on=r.first_on,
                  every=r.every, unit=r.unit, month_day=r.month_day, holidays=r.holidays, lead_days=r.lead_days)
        for r in VisitRule.objects.filter(contract=contract, is_active=True).order_by("pk")
    ])
    instalments.write_instalments(renewal, _moved_shares(contract, starts_on, price))
    return renewal


def _moved_shares(contract: ServiceContract, starts_on: dt.date, price: Decimal) -> list[rules.Share]:
    """The instalments of the new contract: as long after its start as the old ones, in the old proportions."""
    rows = list(Instalment.objects.filter(contract=contract, amount__gt=0).order_by("sequence").values_list("due_on", "amount"))
    if not price:
        return []
    if not rows:
        return [rules.Share(starts_on, price)]
    # By the calendar where it was agreed in months: 04-01 stays 04-01 in a leap year, too.
    months = _agreed_months(contract)
    rest = starts_on - add_months(contract.starts_on, months)
    days = [add_months(due_on, months) + rest for due_on, _amount in rows]
    amounts = money.shares(price, [amount for _due_on, amount in rows])
    return [rules.Share(day, amount) for day, amount in zip(days, amounts, strict=True) if amount]


# --- notices ------------------------------------------------------------------------------------------------------


def make_notices(contract: ServiceContract, *, at: dt.datetime) -> int:
    """Write down that customer and owner are to be told that the contract ends; once for each end. How many were new."""
    return len(insert_once([
        ContractNotice(contract=contract, audience=audience, ends_on=contract.ends_on, made_at=at)
        for audience in ContractNotice.Audience.values
    ]))


def note_told(notice: ContractNotice, *, outcome: str = "", actor: Actor, at: dt.datetime) -> ContractNotice:
    """The customer (or the owner) knows of the end; who told him, when and what he answered is kept. Once."""
    contract = notice.contract
    rows = visible(ContractNotice, actor, KEEP_CONTRACT).filter(pk=notice.pk)
    with step():
        if not rows.exists():
            actor.require(KEEP_CONTRACT, branch_id=contract.branch_id, people=contract.people_shown())
        done = ContractNotice.objects.filter(pk=notice.pk, done_at=None).update(
            done_at=at, done_by=actor.name[:80], outcome=outcome.strip()[:200]
        )
        if not done:
            raise WrongState(_("已经通知过了"), code="told_already")
        record_about(contract, verb="entitlement.contract.note_told", actor=actor, at=at, note=outcome,
                     fact=facts.NoticeGiven(contract.pk, notice.audience, outcome))
    notice.done_at, notice.done_by, notice.outcome = at, actor.name[:80], outcome.strip()[:200]
    return notice


def _close_notices(contract: ServiceContract, outcome: str, actor: Actor, at: dt.datetime) -> None:
    ContractNotice.objects.filter(contract=contract, done_at=None).update(done_at=at, done_by=actor.name[:80], outcome=outcome[:200])

