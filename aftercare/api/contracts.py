"""维保合同: contracts, what they cover, their instalments, planned visits, quotas and end notices."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.contract_bodies import (
    ContractEdit,
    ContractEnding,
    ContractRenewal,
    ContractResumption,
    ContractSuspension,
    InstalmentIn,
    NewContract,
    NewContractScope,
    NewContractVisitPlan,
    ScopeRemoval,
    VisitPlanEnd,
)
from aftercare.api.fields import Day, Id, Number
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Needs, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import queries as assets
from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.entitlement.lifecycle import CONTRACT
from aftercare.domain.entitlement.rules.instalments import Share
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.flows import contract_money
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import contract_profit

routes = Routes("Contracts")
PATH = "/contracts/{number}"
Status = Literal["draft", "active", "suspended", "ended", "expired", "renewed", "withdrawn"]


class ContractRow(Row):
    """A service contract, in a list."""

    number: str
    status: Status
    name: str
    customer: Annotated[str, From("customer__number")]
    customer_name: Annotated[str, From("customer__name")]
    branch: Annotated[str, From("branch__number")]
    owner: Annotated[str | None, From("owner__number")]
    starts_on: dt.date
    ends_on: dt.date
    price_amount: Decimal
    currency: str
    respond_minutes: int | None
    repair_minutes: int | None
    version: int


class ContractQuotaRow(Row):
    """What is left of a quota."""

    kind: Annotated[Literal["visits", "hours", "parts"], From("kind_of")]
    granted: Annotated[Decimal, From("granted_qty")]
    left: Annotated[Decimal, From("left_qty")]
    over: Annotated[Decimal, From("over_qty")]


def _quotas(contract: Any, actor: Actor) -> list[dict]:
    return ContractQuotaRow.many(contracts.quotas_of([contract.pk]).get(contract.pk, []), actor)


def _scopes(contract: Any, actor: Actor) -> list[dict]:
    return [
        {"id": row.pk, "asset": row.asset.number if row.asset_id else None,
         "category": row.category.code if row.category_id else None, "site": row.site}
        for row in contract.scopes.select_related("asset", "category").order_by("pk")
    ]


def _instalments(contract: Any, actor: Actor) -> list[dict]:
    rows = contracts.instalments_of(contract)
    found = contract_money.bills_of(rows)
    return [
        {"number": row.number_shown, "due_on": row.due_on, "amount": row.amount, "status": row.status,
         "paid_amount": found[row.pk].paid_amount if row.pk in found else Decimal("0.00"),
         "bill_id": found[row.pk].pk if row.pk in found else None, "version": row.version}
        for row in rows
    ]


def _plans(contract: Any, actor: Actor) -> list[dict]:
    return [
        {"id": rule.pk, "title": rule.title, "work_type": rule.work_type.name, "asset": rule.asset.number if rule.asset_id else None,
         "first_on": rule.first_on, "every": rule.every, "unit": rule.unit, "month_day": rule.month_day, "holidays": rule.holidays,
         "lead_days": rule.lead_days, "is_active": rule.is_active}
        for rule in contract.visit_rules.select_related("work_type", "asset").order_by("pk")
    ]


def _renewal(contract: Any, actor: Actor) -> str | None:
    renewal = contracts.find_renewal_of(contract)
    return renewal.number if renewal else None


class Contract(ContractRow):
    """A service contract, in full."""

    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    over_use: Literal["rate", "schedule"]
    over_visit_amount: Decimal | None
    over_hour_amount: Decimal | None
    over_part_percent: Decimal | None
    counts_planned: bool
    remark: str
    renews: Annotated[str | None, From("renews__number")]
    renewed_by: Annotated[str | None, Made(_renewal)]
    scopes: Annotated[list[dict[str, Any]], Made(_scopes)]
    quotas: Annotated[list[dict[str, Any]], Made(_quotas)]
    instalments: Annotated[list[dict[str, Any]], Made(_instalments)]
    visit_plans: Annotated[list[dict[str, Any]], Made(_plans)]
    moves: Annotated[list[OpenMove], Made(open_moves(CONTRACT))]


class ContractQuotaEntryRow(Row):
    """A line of a contract's quota ledger."""

    id: int
    kind: Annotated[str, From("kind_of")]
    cause: Literal["grant", "use", "reversal", "lapse"]
    qty: Decimal
    over_qty: Decimal
    source_number: str
    made_at: dt.datetime
    actor_name: str


class ContractQuotaLedger(Row):
    """A contract's quota ledger, newest first."""

    items: list[ContractQuotaEntryRow]


class ContractEndForeseen(Row):
    """What ending a contract on a day would bring with it."""

    last_on: dt.date
    served_days: int
    agreed_days: int
    earned_amount: Decimal
    price_amount: Decimal
    let_off_amount: Decimal
    visits_left_out: int
    quotas_lapsing: dict[str, Decimal]
    instalments: list[dict[str, Any]]


class ContractProfitRow(Row):
    """What a contract has earned and cost by today."""

    contract: str
    earned_amount: Decimal
    parts_cost: Annotated[Decimal | None, Needs("inventory.view_cost")]
    labour_cost: Annotated[Decimal | None, Needs("inventory.view_cost")]
    travel_cost: Annotated[Decimal | None, Needs("inventory.view_cost")]
    profit_amount: Annotated[Decimal | None, Needs("inventory.view_cost")]
    jobs: int


class ContractsAsked(Asking):
    """Filters of the contracts."""

    status: Status | None = None
    customer: Number | None = Field(None, description="Number of the customer.")
    ending_soon: bool | None = Field(None, description="Running out within 30 days and not renewed.")
    over_quota: bool | None = Field(None, description="More was used than granted.")
    unpaid: bool | None = Field(None, description="With instalments that are billed and not paid.")


def _rows(actor: Actor) -> QuerySet:
    return contracts.list_contracts(actor)


def _get(number: str, actor: Actor):
    return one_of(Contract, _rows(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Contract, row)
    return Answer(Contract.of(row, actor), version=row.version)


def _by_id(contract_id: int, actor: Actor) -> Answer:
    return _answer(contracts.get_contract(contract_id, actor), actor)


def _scope_values(scope: NewContractScope, actor: Actor) -> dict[str, Any]:
    return {
        "asset": assets.get_asset(scope.asset, actor) if scope.asset else None,
        "category": catalog.get_category(scope.category_id, actor) if scope.category_id else None, "site": scope.site,
    }


def _plan_values(plan: NewContractVisitPlan, actor: Actor) -> dict[str, Any]:
    values = plan.model_dump(exclude={"at", "work_type_id", "asset"})
    return values | {
        "work_type": catalog.get_work_type(plan.work_type_id, actor), "asset": assets.get_asset(plan.asset, actor) if plan.asset else None,
    }


def _shares(rows: list[InstalmentIn] | None) -> list[Share] | None:
    return None if rows is None else [Share(row.due_on, row.amount) for row in rows]


@routes.list("/contracts", ContractRow)
def list_service_contracts(request, asked: Query[ContractsAsked]):
    """List contracts, newest first; `q` is the beginning of the number."""
    actor = calls.caller(request)
    rows = _rows(actor)
    if asked.q:
        rows = rows.filter(number__gte=asked.q.upper(), number__lt=asked.q.upper() + "~")
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    if asked.ending_soon:
        rows = contracts.ending_soon(rows, clock.local_day(clock.now(), actor.zone))
    if asked.over_quota:
        rows = contracts.over_quota(rows)
    if asked.unpaid:
        rows = contracts.with_instalments(rows, bills.unpaid_sources("entitlement.instalment"))
    return page_of(ContractRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/contracts", Contract)
def create_service_contract(request, body: NewContract):
    """Write a contract down as a draft."""
    actor = calls.caller(request)
    values = body.model_dump(exclude={"at", "customer", "branch", "owner", "quota", "scopes", "instalments", "visit_plans"})
    row = actions.create_contract(
        customer=parties.get_customer(body.customer, actor), branch_id=calls.branch_id(request, body.branch),
        owner=people.get_employee(body.owner, actor) if body.owner else None, quota=body.quota.model_dump(),
        scopes=[_scope_values(scope, actor) for scope in body.scopes], shares=_shares(body.instalments),
        visit_plans=[_plan_values(plan, actor) for plan in body.visit_plans], actor=actor, at=calls.moment(request, body.at), **values,
    )
    return calls.created(_answer(row, actor), "contracts", row.number)


@routes.read(PATH, Contract)
def get_service_contract(request, number: Number):
    """One contract."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Contract.of(row, actor), version=row.version)


@routes.edit(PATH, Contract)
def edit_service_contract(request, number: Number, body: ContractEdit):
    """Change a draft; of a signed contract only its owner and the remark."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    given: dict[str, Any] = {}
    if "owner" in fields:
        fields["owner"] = people.get_employee(body.owner, actor) if body.owner else None
    if "quota" in fields:
        given["quota"] = body.quota.model_dump() if body.quota else {}
        fields.pop("quota")
    if "instalments" in fields:
        given["shares"] = _shares(body.instalments)
        fields.pop("instalments")
    row = actions.edit_contract(_get(number, actor), version=calls.version_edited(request), actor=actor,
                                at=calls.moment(request, body.at), **given, **fields)
    return _answer(row, actor)


@routes.act(f"{PATH}/scopes", Contract, match=True)
def add_contract_scope(request, number: Number, body: NewContractScope):
    """Cover a unit, a category or a site as well."""
    actor = calls.caller(request)
    contract = _get(number, actor)
    actions.add_scope(contract, version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at), **_scope_values(body, actor))
    return _by_id(contract.pk, actor)


@routes.act(f"{PATH}/scopes/{{scope_id}}/remove", Contract, match=True)
def remove_contract_scope(request, number: Number, scope_id: Id, body: ScopeRemoval = ScopeRemoval()):  # noqa: B008
    """Take a line of coverage off."""
    actor = calls.caller(request)
    contract = _get(number, actor)
    actions.remove_scope(contract, scope_id, version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return _by_id(contract.pk, actor)


@routes.act(f"{PATH}/visit-plans", Contract, match=True)
def add_contract_visit_plan(request, number: Number, body: NewContractVisitPlan):
    """Plan visits by a rule of weeks or months."""
    actor = calls.caller(request)
    contract = _get(number, actor)
    actions.add_visit_plan(contract, version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at),
                           **_plan_values(body, actor))
    return _by_id(contract.pk, actor)


@routes.act(f"{PATH}/visit-plans/{{rule_id}}/stop", Contract, match=True)
def stop_contract_visit_plan(request, number: Number, rule_id: Id, body: VisitPlanEnd):
    """End a plan; what it still planned is left out."""
    actor = calls.caller(request)
    contract = _get(number, actor)
    actions.stop_visit_plan(contract, rule_id, reason=body.reason, version=calls.version_seen(request), actor=actor,
                            at=calls.moment(request, body.at))
    return _by_id(contract.pk, actor)


@routes.read(f"{PATH}/end-preview", ContractEndForeseen)
def foresee_contract_end(request, number: Number, last_on: Day):
    """What ending the contract on that day would bring with it; changes nothing."""
    actor = calls.caller(request)
    return ContractEndForeseen.of(_Plain(contracts.foresee_end(_get(number, actor), last_on).as_data()), actor)


@routes.read(f"{PATH}/quota-ledger", ContractQuotaLedger)
def get_contract_quota_ledger(request, number: Number):
    """The quota ledger, newest first, at most 200 lines."""
    actor = calls.caller(request)
    return {"items": ContractQuotaEntryRow.many(contracts.quota_ledger(_get(number, actor)), actor)}


@routes.read(f"{PATH}/profit", ContractProfitRow)
def get_contract_profit(request, number: Number):
    """What the contract has earned and cost by today; costs only for who may see them."""
    actor = calls.caller(request)
    contract = _get(number, actor)
    (row,) = contract_profit.calculate([contract], day=clock.local_day(clock.now(), actor.zone))
    return ContractProfitRow.of(row, actor)


class _Plain:
    """Values by attribute, as a row wants them."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _end(contract, body: ContractEnding, *, actor: Actor, at, version):
    return contract_money.end(contract, last_on=body.last_on, reason=body.reason, version=version, actor=actor, at=at)


add_moves(routes, CONTRACT, path=PATH, noun="contract", answers=Contract, get=_get, answer=_answer, performs={"end": _end},
          bodies={"suspend": ContractSuspension, "resume": ContractResumption, "end": ContractEnding, "renew": ContractRenewal})
add_timeline(routes, PATH, "contract", _get)
