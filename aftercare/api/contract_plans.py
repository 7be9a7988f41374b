"""Instalments, planned visits and end notices of service contracts."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.contract_bodies import NoticeOutcome, VisitPutOff
from aftercare.api.fields import Day, Id, Number, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, page_of
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.entitlement.lifecycle import VISIT
from aftercare.flows import contract_money, contract_visits
from aftercare.foundation.access import Actor

routes = Routes("Contracts")
VisitState = Literal["planned", "opened", "skipped"]
InstalmentState = Literal["planned", "billed", "cancelled"]


class InstalmentRow(Row):
    """An instalment of a contract."""

    id: int
    contract: Annotated[str, From("contract__number")]
    sequence: int
    customer_name: Annotated[str, From("contract__customer__name")]
    due_on: dt.date
    amount: Decimal
    status: InstalmentState
    version: int


class PlannedVisitRow(Row):
    """A planned visit."""

    id: int
    contract: Annotated[str, From("contract__number")]
    customer_name: Annotated[str, From("contract__customer__name")]
    title: Annotated[str, From("rule__title")]
    period_on: dt.date
    visit_on: dt.date
    is_fixed: bool
    status: VisitState
    order_number: str
    reason: str
    version: int


class PlannedVisit(PlannedVisitRow):
    """A planned visit with what may be done now."""

    moves: Annotated[list[OpenMove], Made(open_moves(VISIT))]


class ContractNoticeRow(Row):
    """Somebody to be told that a contract ends, or who was told."""

    id: int
    contract: Annotated[str, From("contract__number")]
    customer_name: Annotated[str, From("contract__customer__name")]
    owner_name: Annotated[str | None, From("contract__owner__name")]
    audience: Literal["customer", "owner"]
    ends_on: dt.date
    made_at: dt.datetime
    done_at: dt.datetime | None
    done_by: str
    outcome: str


class PlannedVisitsAsked(Asking):
    """Filters of the planned visits."""

    contract: Number | None = None
    status: VisitState | None = None
    first: Day | None = None
    last: Day | None = None


class InstalmentsAsked(Asking):
    """Filters of the instalments."""

    contract: Number | None = None
    status: InstalmentState | None = None
    due_until: Day | None = None


class ContractNoticesAsked(Asking):
    """Filters of the notices."""

    is_open: bool | None = True


@routes.list("/instalments", InstalmentRow)
def list_contract_instalments(request, asked: Query[InstalmentsAsked]):
    """List instalments by the day they are due."""
    actor = calls.caller(request)
    rows = contracts.list_instalments(actor)
    if asked.contract:
        rows = rows.filter(contract__number=asked.contract)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.due_until:
        rows = rows.filter(due_on__lte=asked.due_until)
    return page_of(InstalmentRow, rows, actor, order=("due_on", "id"), asked=asked)


@routes.act("/instalments/{instalment_id}/bill", InstalmentRow, match=True)
def bill_contract_instalment(request, instalment_id: Id, body: Write = Write()):  # noqa: B008
    """Make the instalment's bill, also before its day."""
    actor = calls.caller(request)
    row = contract_money.bill_instalment(contracts.get_instalment(instalment_id, actor), version=calls.version_seen(request), actor=actor,
                                         at=calls.moment(request, body.at))
    row = contracts.get_instalment(row.pk, actor)
    return Answer(InstalmentRow.of(row, actor), version=row.version)


@routes.list("/planned-visits", PlannedVisitRow)
def list_planned_visits(request, asked: Query[PlannedVisitsAsked]):
    """List planned visits by their day."""
    actor = calls.caller(request)
    rows = contracts.list_visits(actor)
    if asked.contract:
        rows = rows.filter(contract__number=asked.contract)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.first:
        rows = rows.filter(visit_on__gte=asked.first)
    if asked.last:
        rows = rows.filter(visit_on__lte=asked.last)
    return page_of(PlannedVisitRow, rows, actor, order=("visit_on", "id"), asked=asked)


def _visit(visit_id: str, actor: Actor):
    return contracts.get_visit(int(visit_id) if visit_id.isdecimal() else 0, actor)


def _visit_answer(row, actor: Actor) -> Answer:
    row = contracts.get_visit(row.pk, actor)
    return Answer(PlannedVisit.of(row, actor), version=row.version)


def _open(visit, body: Write, *, actor: Actor, at, version):
    return contract_visits.open_visit(visit, version=version, actor=actor, at=at)


add_moves(routes, VISIT, path="/planned-visits/{number}", noun="planned_visit", answers=PlannedVisit, get=_visit, answer=_visit_answer,
          bodies={"put_off": VisitPutOff, "note_opened": Write}, performs={"note_opened": _open})


@routes.list("/contract-notices", ContractNoticeRow)
def list_contract_notices(request, asked: Query[ContractNoticesAsked]):
    """Who is to be told that a contract ends, the nearest end first."""
    actor = calls.caller(request)
    rows = contracts.list_notices(actor, is_open=asked.is_open)
    return page_of(ContractNoticeRow, rows, actor, order=("ends_on", "id"), asked=asked)


@routes.act("/contract-notices/{notice_id}/told", ContractNoticeRow)
def note_contract_notice(request, notice_id: Id, body: NoticeOutcome):
    """He has been told; what he answered is kept."""
    actor = calls.caller(request)
    notice = actions.note_told(contracts.get_notice(notice_id, actor), outcome=body.outcome, actor=actor, at=calls.moment(request, body.at))
    return ContractNoticeRow.of(notice, actor)
