"""Reads of service contracts, their instalments, visits and quotas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.entitlement.lifecycle import (
    COVERING,
    ContractStatus,
    InstalmentStatus,
    VisitStatus,
)
from aftercare.domain.entitlement.models import (
    ContractJob,
    ContractNotice,
    ContractPause,
    Instalment,
    PlannedVisit,
    QuotaBalance,
    QuotaEntry,
    ServiceContract,
)
from aftercare.domain.entitlement.rules import instalments as rules
from aftercare.foundation import money
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.sources import Source

ENDING_DAYS = 30
# Contracts that still live: they are written, run, or stand still.
LIVING = (ContractStatus.DRAFT, ContractStatus.ACTIVE, ContractStatus.SUSPENDED)


def list_contracts(actor: Actor) -> QuerySet[ServiceContract]:
    """The contracts the actor may see, with customer, branch and owner."""
    return visible(ServiceContract, actor).select_related("customer", "branch", "owner")


def get_contract(key: str | int, actor: Actor) -> ServiceContract:
    """The contract of that number or id; NotFound when it is not there or not to be seen."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_contracts(actor).select_related("renews").filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到合同"), kind="entitlement.servicecontract", key=str(key))
    return found


def find_renewal_of(contract: ServiceContract) -> ServiceContract | None:
    """The contract in which this one goes on."""
    return ServiceContract.objects.filter(renews=contract).first()


def contracts_of_customer(customer_id: int, actor: Actor, *, on: dt.date | None = None) -> list[ServiceContract]:
    """The customer's contracts as far as the actor may see them, the newest first; with `on` those in force then."""
    rows = list_contracts(actor).filter(customer_id=customer_id).order_by("-ends_on", "-id")
    if on is not None:
        rows = rows.filter(status__in=sorted(COVERING), starts_on__lte=on, ends_on__gte=on)
    return list(rows)


def ending_soon(rows: QuerySet[ServiceContract], day: dt.date, days: int = ENDING_DAYS) -> QuerySet[ServiceContract]:
    """Those that run out within so many days and that nobody has renewed."""
    return rows.filter(
        status=ContractStatus.ACTIVE, ends_on__gte=day, ends_on__lte=day + dt.timedelta(days=days), renewal=None
    )


def over_quota(rows: QuerySet[ServiceContract]) -> QuerySet[ServiceContract]:
    """Those of whose quota more was used than was granted."""
    return rows.filter(Exists(QuotaBalance.objects.filter(contract_id=OuterRef("pk"), over_qty__gt=0)))


def with_instalments(rows: QuerySet[ServiceContract], instalments: QuerySet | Iterable[int]) -> QuerySet[ServiceContract]:
    """Those that have one of these instalments (ids), e.g. the unpaid ones."""
    return rows.filter(Exists(Instalment.objects.filter(contract_id=OuterRef("pk"), pk__in=instalments)))


def quotas_of(contract_ids: Iterable[int]) -> dict[int, list[QuotaBalance]]:
    """What is left of the quotas of these contracts, by contract id; one statement."""
    found: dict[int, list[QuotaBalance]] = {}
    for row in QuotaBalance.objects.filter(contract_id__in=list(contract_ids)).order_by("-kind_of"):
        found.setdefault(row.contract_id, []).append(row)
    return found


def quota_ledger(contract: ServiceContract, *, limit: int = 200) -> list[QuotaEntry]:
    """The newest lines of a contract's quota ledger."""
    return list(QuotaEntry.objects.filter(contract=contract).select_related("reversal").order_by("-id")[:limit])


def standing_uses(source: Source) -> list[QuotaEntry]:
    """What a document takes of a quota at present."""
    rows = QuotaEntry.objects.filter(source_kind=source.kind, source_id=source.id, cause="use", reversal=None)
    return list(rows.order_by("kind_of"))


def last_uses(source: Source) -> dict[str, Decimal]:
    """What the document last used beyond the quota, by kind, whether it still stands or was given back."""
    rows = QuotaEntry.objects.filter(source_kind=source.kind, source_id=source.id, cause="use").order_by("id")
    keys: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        keys.setdefault(row.key, {})[row.kind_of] = row.over_qty
    return list(keys.values())[-1] if keys else {}


def jobs_of(contract: ServiceContract, *, limit: int | None = None) -> list[ContractJob]:
    """What was done under the contract, newest first."""
    rows = ContractJob.objects.filter(contract=contract).order_by("-id")
    return list(rows[:limit] if limit else rows)


def job_of(source: Source) -> ContractJob | None:
    """Under which contract a document is done."""
    rows = ContractJob.objects.filter(source_kind=source.kind, source_id=source.id).select_related("contract")
    return rows.first()


# --- instalments --------------------------------------------------------------------------------------------------


def list_instalments(actor: Actor) -> QuerySet[Instalment]:
    """The instalments of the contracts the actor may see."""
    return visible(Instalment, actor).select_related("contract", "contract__customer", "contract__branch")


def get_instalment(key: str | int, actor: Actor) -> Instalment:
    """An instalment by id or by number (`HT…-2`)."""
    rows = list_instalments(actor)
    if isinstance(key, int):
        found = rows.filter(pk=key).first()
    else:
        number, _dash, sequence = key.rpartition("-")
        found = rows.filter(contract__number=number, sequence=int(sequence)).first() if sequence.isdecimal() and len(sequence) < 5 else None
    if found is None:
        raise NotFound(_("没有找到分期"), kind="entitlement.instalment", key=str(key))
    return found


def instalments_due(actor: Actor, day: dt.date) -> list[Instalment]:
    """Instalments whose day has come and that have no bill yet; those of contracts that stand still wait."""
    rows = list_instalments(actor).filter(status=InstalmentStatus.PLANNED, due_on__lte=day)
    rows = rows.filter(contract__status__in=sorted(COVERING - {ContractStatus.SUSPENDED}))
    return list(rows.order_by("due_on", "id"))


# --- planned visits -----------------------------------------------------------------------------------------------


def list_visits(actor: Actor) -> QuerySet[PlannedVisit]:
    """The planned visits of the contracts the actor may see."""
    return visible(PlannedVisit, actor).select_related(
        "contract", "contract__customer", "contract__branch", "rule", "rule__asset", "rule__work_type"
    )


def get_visit(visit_id: int, actor: Actor) -> PlannedVisit:
    """One planned visit."""
    found = list_visits(actor).filter(pk=visit_id).first()
    if found is None:
        raise NotFound(_("没有找到计划保养"), kind="entitlement.plannedvisit", key=str(visit_id))
    return found


def visits_to_open(actor: Actor, day: dt.date, *, limit: int = 500) -> list[PlannedVisit]:
    """Visits that are to become orders by now, so many days ahead as their plan says; none that fall into a pause."""
    paused = ContractPause.objects.filter(
        Q(to_on=None) | Q(to_on__gte=OuterRef("visit_on")), contract_id=OuterRef("contract_id"), from_on__lte=OuterRef("visit_on")
    )
    rows = list_visits(actor).filter(
        ~Exists(paused), status=VisitStatus.PLANNED, contract__status__in=sorted(COVERING), visit_on__lte=day + dt.timedelta(days=400),
    )
    rows = rows.filter(visit_on__gte=F("contract__starts_on"), visit_on__lte=F("contract__ends_on"))
    due = [visit for visit in rows.order_by("visit_on", "id") if visit.visit_on - dt.timedelta(days=visit.rule.lead_days) <= day]
    return due[:limit]


# --- notices and ends ---------------------------------------------------------------------------------------------


def list_notices(actor: Actor, *, is_open: bool | None = True) -> QuerySet[ContractNotice]:
    """Who is to be told that a contract ends, the nearest end first; `is_open` None: those that are done, too."""
    rows = visible(ContractNotice, actor).select_related("contract", "contract__customer", "contract__owner", "contract__branch")
    if is_open is not None:
        rows = rows.filter(done_at__isnull=is_open)
    return rows.order_by("ends_on", "id")


def get_notice(notice_id: int, actor: Actor) -> ContractNotice:
    """One notice."""
    found = list_notices(actor, is_open=None).filter(pk=notice_id).first()
    if found is None:
        raise NotFound(_("没有找到提醒"), kind="entitlement.contractnotice", key=str(notice_id))
    return found


def to_notice(actor: Actor, day: dt.date) -> list[ServiceContract]:
    """Contracts that end within 30 days and of whose end nobody was reminded yet."""
    told = ContractNotice.objects.filter(contract_id=OuterRef("pk"), ends_on=OuterRef("ends_on"))
    return list(ending_soon(list_contracts(actor), day).filter(~Exists(told)).order_by("ends_on", "id"))


def over_by(actor: Actor, day: dt.date) -> list[ServiceContract]:
    """Running contracts whose last day is past."""
    rows = list_contracts(actor).filter(status=ContractStatus.ACTIVE, ends_on__lt=day)
    return list(rows.select_related("renewal").order_by("id"))


def ended_with_quota(actor: Actor, day: dt.date) -> list[ServiceContract]:
    """Contracts that were ended early, are over by now, and whose quota has not lapsed."""
    left = QuotaBalance.objects.filter(contract_id=OuterRef("pk"), left_qty__gt=0)
    return list(list_contracts(actor).filter(Exists(left), status=ContractStatus.ENDED, ends_on__lt=day))


@dataclass(frozen=True)
class Consequences:
    """What becomes of a contract that is ended on a day: told before it is confirmed. Amounts in the contract's currency."""

    last_on: dt.date
    served_days: int
    agreed_days: int
    earned: Decimal
    price: Decimal
    visits: int
    quotas: list[QuotaBalance] = field(default_factory=list)
    # (instalment, what it becomes)
    instalments: list[tuple[Instalment, Decimal]] = field(default_factory=list)

    @property
    def let_off(self) -> Decimal:
        """What of the price is not owed any more."""
        return self.price - self.earned

    def as_data(self) -> dict[str, Any]:
        """The same for the API."""
        return {
            "last_on": self.last_on, "served_days": self.served_days, "agreed_days": self.agreed_days, "earned_amount": self.earned,
            "price_amount": self.price, "let_off_amount": self.let_off, "visits_left_out": self.visits,
            "quotas_lapsing": {row.kind_of: row.left_qty for row in self.quotas},
            "instalments": [
                {"sequence": row.sequence, "status": row.status, "amount": row.amount, "becomes": becomes}
                for row, becomes in self.instalments
            ],
        }


def foresee_end(contract: ServiceContract, last_on: dt.date) -> Consequences:
    """What ending the contract on that day would bring with it; changes nothing."""
    if not contract.starts_on <= last_on < contract.ends_on:
        raise RuleBroken(_("终止日要在合同期内、早于到期日"), code="outside_contract", field="last_on")
    pauses = ContractPause.objects.filter(contract=contract).values_list("from_on", "to_on")
    served = rules.days_between(contract.starts_on, last_on) - rules.paused_days(pauses, last_on)
    earned = rules.earned_amount(contract.price_amount, contract.agreed_days, served)
    rows = [row for row in instalments_of(contract) if row.status != InstalmentStatus.CANCELLED]
    cut = rules.cut_to([row.amount for row in rows], earned)
    visits = PlannedVisit.objects.filter(contract=contract, status=VisitStatus.PLANNED, visit_on__gt=last_on).count()
    left = [row for row in quotas_of([contract.pk]).get(contract.pk, []) if row.left_qty]
    return Consequences(last_on, served, contract.agreed_days, earned, contract.price_amount, visits, left,
                        list(zip(rows, cut, strict=True)))


def instalments_of(contract: ServiceContract) -> list[Instalment]:
    """The contract's instalments in their order."""
    rows = list(Instalment.objects.filter(contract=contract).order_by("sequence"))
    for row in rows:
        row.contract = contract
    return rows


def earned_amounts(contracts: Iterable[ServiceContract], day: dt.date) -> dict[int, Decimal]:
    """What of the prices of these contracts the days up to that one have earned, by contract id; one statement."""
    contracts = list(contracts)
    pauses: dict[int, list] = {}
    for row in ContractPause.objects.filter(contract__in=[c.pk for c in contracts]):
        pauses.setdefault(row.contract_id, []).append((row.from_on, row.to_on))
    found = {}
    for contract in contracts:
        last = min(day, contract.ends_on)
        served = rules.days_between(contract.starts_on, last) - rules.paused_days(pauses.get(contract.pk, []), last)
        agreed = contract.agreed_days or rules.days_between(contract.starts_on, contract.ends_on)
        found[contract.pk] = rules.earned_amount(contract.price_amount, agreed, served) if contract.signed_at else money.ZERO
    return found


def jobs_of_many(contract_ids: Iterable[int]) -> dict[int, list[ContractJob]]:
    """What was done under these contracts, by contract id; one statement."""
    found: dict[int, list[ContractJob]] = {}
    for job in ContractJob.objects.filter(contract_id__in=list(contract_ids)).order_by("id"):
        found.setdefault(job.contract_id, []).append(job)
    return found
