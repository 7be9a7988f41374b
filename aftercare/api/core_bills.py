"""网点旧件扣款: what outlets pay for overdue old parts, a bill for each outlet and month, line by line explained."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Number, Plain, Write
from aftercare.api.moves import OpenMove, add_moves, moves_by
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.cores import access, actions
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.cores.lifecycle import BILL
from aftercare.foundation.access import Actor

routes = Routes("Core returns")
PATH = "/core-bills/{number}"
BillState = Literal["open", "disputed", "collected", "waived"]


class CoreBillRow(Row):
    """A bill, in a list. A negative amount is paid back to the outlet."""

    number: str
    status: BillState
    outlet: Annotated[str, From("outlet__number")]
    outlet_name: Annotated[str, From("outlet__name")]
    branch: Annotated[str, From("branch__number")]
    month: dt.date
    amount: Decimal
    currency: str
    made_at: dt.datetime
    collected_at: dt.datetime | None
    version: int


class CoreBillLineRow(Row):
    """A charge, or one taken back: the piece's tag, the order, when, how much, and why in words."""

    core: str
    order: str
    at: dt.datetime
    amount: Decimal
    is_reversal: bool
    explanation: str


def _line(charge, amount: Decimal) -> dict:
    return {"core": charge.core.number, "order": charge.core.source_number, "at": charge.at, "amount": amount,
            "is_reversal": charge.reverses_id is not None, "explanation": old_parts.explain(charge)}


def _lines(row, actor: Actor) -> list[dict]:
    return [_line(one.charge, one.amount) for one in old_parts.lines_of_bill(row)]


class CoreBill(CoreBillRow):
    """A bill in full, with the moves open to the caller."""

    lines: Annotated[list[CoreBillLineRow], Made(_lines)]
    objection: str
    reply: str
    collected_by: str
    method: str
    reference: str
    waived_reason: str
    moves: Annotated[list[OpenMove], Made(moves_by(old_parts.open_bill_moves))]


class CoreBillsDrawn(Row):
    """The bills that were made now."""

    items: list[CoreBillRow]


class UnbilledCharges(Row):
    """Charges that stand on no bill yet, and their sum (CNY)."""

    items: list[CoreBillLineRow]
    amount: Decimal


class CoreBillsAsked(Asking):
    """Filters of the bills. `q` finds numbers, outlets, tags and orders on them."""

    status: BillState | None = None
    outlet: Number | None = None
    month: Annotated[str | None, Field(pattern=r"^\d{4}-\d{2}$", description="Like 2026-03.")] = None


class CoreBillsDraw(Write):
    """Nothing is asked: every month that is over is billed."""


class BillCollected(Write):
    """How the outlet paid, and the number of the paper."""

    method: Literal["transfer", "cash", "offset"] = "transfer"
    reference: Annotated[Plain, Field(max_length=60)] = ""


def _get(number: str, actor: Actor):
    return one_of(CoreBill, old_parts.list_bills(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(CoreBill, row)
    return Answer(CoreBill.of(row, actor), version=row.version)


@routes.list("/core-bills", CoreBillRow)
def list_core_bills(request, asked: Query[CoreBillsAsked]):
    """List the bills of outlets for overdue old parts, newest first."""
    actor = calls.caller(request)
    rows = old_parts.search_bills(old_parts.list_bills(actor), asked.q or "")
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.outlet:
        rows = rows.filter(outlet__number=asked.outlet)
    if asked.month:
        rows = rows.filter(month__year=int(asked.month[:4]), month__month=int(asked.month[5:]))
    return page_of(CoreBillRow, rows, actor, order=("-id",), asked=asked)


@routes.act("/core-bills/draw", CoreBillsDrawn)
def draw_core_bills(request, body: CoreBillsDraw):
    """Bill all months that are over and were not billed yet; the day's run does the same. Safe to call again."""
    actor = calls.caller(request)
    made = actions.draw_bills(actor=actor, at=calls.moment(request, body.at))
    return {"items": [CoreBillRow.of(again(CoreBillRow, row), actor) for row in made]}


@routes.read("/core-bills/unbilled", UnbilledCharges)
def list_unbilled_charges(request, outlet: Number | None = None):
    """What outlets were charged and stands on no bill yet: this month so far (at most 1000 lines)."""
    actor = calls.caller(request)
    actor.require_anywhere(access.VIEW)
    rows = old_parts.unbilled_charges(actor)
    if outlet:
        rows = rows.filter(outlet__number=outlet)
    rows = list(rows[:1000])
    return {"items": [_line(one, one.amount) for one in rows], "amount": sum((one.amount for one in rows), start=Decimal("0.00"))}


@routes.read(PATH, CoreBill)
def get_core_bill(request, number: Number):
    """One bill with its lines."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(CoreBill.of(row, actor), version=row.version)


add_moves(
    routes, BILL, path=PATH, noun="core bill", answers=CoreBill, get=_get, answer=_answer, bodies={"collect": BillCollected},
    performs={
        "collect": lambda row, body, **rest: actions.collect(row, method=body.method, reference=body.reference, **rest),
        "dispute": lambda row, body, **rest: actions.dispute(row, reason=body.reason, **rest),
        "answer_dispute": lambda row, body, **rest: actions.answer_dispute(row, reason=body.reason, **rest),
        "waive_bill": lambda row, body, **rest: actions.waive_bill(row, reason=body.reason, **rest),
        "reopen_bill": lambda row, body, **rest: actions.reopen_bill(row, reason=body.reason, **rest),
    },
)
add_timeline(routes, PATH, "core_bill", _get)
