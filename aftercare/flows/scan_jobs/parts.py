"""Parts of an order with a scanner: issued to the engineer, whole or in part, and what was not used brought back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import queries as orders
from aftercare.flows import consent, prepare_parts
from aftercare.flows.scan_jobs.kinds import ZERO, Told, spots_of
from aftercare.flows.scan_loop import by_line
from aftercare.flows.scan_state import Job, State, Want
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source


def _order(number: str, actor: Actor):
    order = orders.list_orders(actor).filter(number=number.upper()).first()
    if order is None:
        raise NotFound(_("没有找到服务单"), kind="work.workorder", key=number)
    if not prepare_parts.may_carry(order, actor):
        raise not_allowed(stock_access.MOVE)
    return order


def _promised(order, *, in_van: bool) -> list:
    return [row for row in stock.reservations_of(Source.of(order)) if (row.place.kind_of == "van") == in_van]


def make_issue(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What is promised to an order in the stores, portion by portion."""
    order = _order(number, actor)
    if order.mode == "bench":
        raise WrongState(_("送修单在维修台取用，不用发料"), code="taken_at_bench")
    if order.engineer_id is None:
        raise RuleBroken(_("还没有派工程师，不能发料"), code="no_engineer", field="to_place")
    consent.require_to_start(order, on=clock.local_day(at, actor.zone))
    rows = _promised(order, in_van=False)
    wants = tuple(
        Want(f"{row.line}.{row.portion}", row.part_id, row.part.code, row.part.name, row.qty, row.part.unit, row.lot,
             is_serial=row.part.is_serial, spots={row.place_id: row.qty}, hint=row.place.name)
        for row in rows
    )
    return Job("issue", order.number, order.title, f"/orders/{order.number}/", wants, spots_of(row.place for row in rows), "take",
               is_promised=True)


def book_issue(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """So much of each promised portion as was scanned; the rest stays promised where it lies."""
    order = _order(job.number, actor)
    parts = [(_line(key), int(key.partition(".")[2]), qty) for (key, _lot, _place), qty in by_line(state.picks).items()]
    prepare_parts.issue(order, parts=parts, actor=actor, at=at)
    return job.address


def _line(key: str) -> int:
    return int(key.partition(".")[0].removeprefix("m"))


def make_return(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What lies promised to an order in the van, and the bins it may come back to."""
    order = _order(number, actor)
    depot = stock.depot_of(order.branch_id)
    if depot is None:
        raise RuleBroken(_("这个机构还没有配件库"), code="no_depot", field="to_place")
    bins = stock.list_bins(depot.pk, actor)
    by_line: dict[str, Want] = {}
    for row in _promised(order, in_van=True):
        key = f"{row.line}.{row.lot}"
        before = by_line[key].qty if key in by_line else ZERO
        by_line[key] = Want(key, row.part_id, row.part.code, row.part.name, before + row.qty, row.part.unit, row.lot,
                            is_serial=row.part.is_serial, hint=row.place.name)
    return Job("return", order.number, order.title, f"/orders/{order.number}/", tuple(by_line.values()), spots_of([depot, *bins]), "put")


def book_return(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """Back into the bins scanned."""
    order = _order(job.number, actor)
    by_place: dict[int | None, list[tuple[int, Decimal, str]]] = {}
    for (key, lot, place), qty in by_line(state.picks).items():
        by_place.setdefault(place, []).append((_line(key), qty, lot))
    for place, lines in by_place.items():
        prepare_parts.return_unused(order, to_place_id=place, lines=lines, actor=actor, at=at)
    return job.address
