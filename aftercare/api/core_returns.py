"""旧件返还: old parts that are owed, handed in by scan, charged, dealt with, and who owes how many."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Number, Plain, Qty, Sought, Write
from aftercare.api.moves import OpenMove, add_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import rules as serials
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.cores import actions
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.cores.lifecycle import BY_HAND, CORE
from aftercare.domain.inventory import queries as stock
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Core returns")
PATH = "/core-returns/{number}"
CoreState = Literal["owed", "received", "shipped", "credited", "refused", "waived", "scrapped", "refurbished", "cancelled"]
Blocking = Literal["none", "warn", "block"]
Why = Annotated[Plain, Field(max_length=200)]
Serial = Annotated[Plain, Field(max_length=60)]


class CoreRow(Row):
    """An old part, in a list. `number` stands on its tag; amounts are CNY."""

    number: str
    status: CoreState
    branch: Annotated[str, From("branch__number")]
    employee: Annotated[str | None, From("employee__number")]
    employee_name: Annotated[str | None, From("employee__name")]
    outlet: Annotated[str | None, From("outlet__number")]
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal
    surplus_qty: Decimal
    serial: str
    source_kind: str
    source_number: str
    line: str
    owed_at: dt.datetime
    due_on: dt.date
    charged_amount: Decimal
    received_at: dt.datetime | None
    shipment: Annotated[str | None, From("shipment__number")]
    credit_amount: Decimal | None
    version: int


class CoreChargeRow(Row):
    """What was charged for an overdue piece; a reversal has a negative amount."""

    at: dt.datetime
    amount: Decimal
    currency: str
    reason: str
    actor_name: str


def _moves(row, actor: Actor) -> list[dict]:
    return [{"name": m.name, "label": str(m.label), "asks": list(m.asks), "primary": m.primary, "danger": m.danger}
            for m in old_parts.open_core_moves(row, actor, day=clock.local_day(clock.now(), actor.zone))]


class Core(CoreRow):
    """An old part in full, with the moves open to the caller."""

    charge_amount: Decimal
    is_charge_lifted: bool
    blocking: Blocking
    credit_expected_amount: Decimal | None
    received_by: str
    received_serial: str
    mismatch_reason: str
    place: Annotated[str | None, From("place__code")]
    outcome: str
    into_part: Annotated[str | None, From("into_part__code")]
    credited_at: dt.datetime | None
    charged_at: dt.datetime | None
    reminders: int
    charges: Annotated[list[CoreChargeRow], Made(lambda row, actor: CoreChargeRow.many(old_parts.charges_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(_moves)]


class CoreTotal(Row):
    """What one outlet or engineer owes and has brought, in tags; `charged_amount` is CNY."""

    kind: Literal["outlet", "employee"]
    number: str
    name: str
    owed: int
    overdue: int
    received: int
    shipped: int
    credited: int
    refused: int
    oldest_due_on: dt.date | None
    charged_amount: Decimal


class CoreTotals(Row):
    """A line for each of them, those with most overdue first."""

    items: list[CoreTotal]


class CoresAsked(Asking):
    """Filters of the old parts. `q` finds tags, orders, serial numbers, parts and who owes them."""

    status: CoreState | None = None
    is_overdue: bool | None = Field(None, description="True: owed, and the day is over.")
    employee: Number | None = None
    outlet: Number | None = None
    branch: Number | None = None
    part: Number | None = None
    source: Number | None = Field(None, description="Number of the order that replaced it.")


class HandIn(Write):
    """What is handed in: the serial number on the piece; a reason where it is another one than expected; less than all."""

    serial: Serial = ""
    reason: Why = ""
    qty: Qty | None = None


class TagScan(HandIn):
    """A tag, or a serial number, as the scanner reads it."""

    code: Annotated[Plain, Field(min_length=1, max_length=60)]


class ChargeAgain(Write):
    """Charges an overdue piece; `again` after a charge was taken back."""

    again: bool = False


class FactoryCredit(Write):
    """What the factory credits for the piece, for all of its quantity; a reason where it is less than expected."""

    amount: Annotated[Amount, Field(gt=0)]
    reason: Why = ""


class Refurbishing(Write):
    """What it became (default: the same part), what the work on one cost (CNY), and where it is put (default: where it lay)."""

    part: Number | None = None
    unit_cost: Amount = Decimal("0.00")
    condition: Literal["good", "inspection"] = "good"
    serial: Serial = ""
    place: Number | None = None
    reason: Why = ""



def _get(number: str, actor: Actor):
    return one_of(Core, old_parts.list_cores(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Core, row)
    return Answer(Core.of(row, actor), version=row.version)


@routes.list("/core-returns", CoreRow)
def list_core_returns(request, asked: Query[CoresAsked]):
    """List old parts, newest first."""
    actor = calls.caller(request)
    rows = old_parts.list_cores(actor)
    if asked.q:
        rows = old_parts.search_cores(rows, asked.q)
    if asked.is_overdue:
        rows = old_parts.overdue(rows, clock.local_day(clock.now(), actor.zone))
    wanted = {"status": asked.status, "employee__number": asked.employee, "outlet__number": asked.outlet,
              "branch__number": asked.branch, "part__code": asked.part, "source_number": asked.source}
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    return page_of(CoreRow, rows, actor, order=("-id",), asked=asked)


@routes.read("/core-returns/totals", CoreTotals)
def total_core_returns(request, q: Sought = ""):
    """How many each engineer and outlet owes, is late with and has brought."""
    actor = calls.caller(request)
    found = old_parts.totals(actor, day=clock.local_day(clock.now(), actor.zone), text=q)
    return {"items": CoreTotal.many(found, actor)}


@routes.act("/core-returns/scan", Core)
def scan_core_return(request, body: TagScan):
    """Hand in what was scanned: by its tag or its serial number. Loud when it is unknown, not owed, or another one than expected."""
    actor = calls.caller(request)
    row = old_parts.find_for_scan(body.code, actor)
    # A scanned serial number is the one on the piece.
    serial = body.serial or ("" if serials.serial_key(body.code) == row.number else body.code)
    row = actions.receive(row, serial=serial, reason=body.reason, qty=body.qty, actor=actor, at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.read(PATH, Core)
def get_core_return(request, number: Number):
    """One old part."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Core.of(row, actor), version=row.version)


def _receive(row, body: HandIn, **given):
    return actions.receive(row, serial=body.serial, reason=body.reason, qty=body.qty, **given)


def _refurbish(row, body: Refurbishing, *, actor: Actor, **given):
    part = catalog.get_part(body.part, actor) if body.part else None
    place = stock.get_place(body.place, actor) if body.place else None
    return actions.refurbish(row, part=part, place=place, unit_cost=body.unit_cost, condition=body.condition, serial=body.serial,
                             reason=body.reason, actor=actor, **given)


add_moves(
    routes, CORE, path=PATH, noun="core_return", answers=Core, get=_get, answer=_answer, without=CORE.moves.keys() - set(BY_HAND),
    bodies={"receive": HandIn, "charge": ChargeAgain, "credit": FactoryCredit, "refurbish": Refurbishing},
    performs={
        "receive": _receive, "refurbish": _refurbish,
        "credit": lambda row, body, **given: actions.credit(row, amount=body.amount, reason=body.reason, **given),
        "refuse": lambda row, body, **given: actions.refuse(row, reason=body.reason, **given),
        "reopen": lambda row, body, **given: actions.reopen(row, reason=body.reason, **given),
    },
)
add_timeline(routes, PATH, "core_return", _get)
