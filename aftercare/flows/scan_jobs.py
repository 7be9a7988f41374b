"""A keeper's jobs with a scanner: what a document wants scanned, and the booking of what was, through the flows that pages use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access as supply_access
from aftercare.domain.purchasing import actions as purchasing
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.work import queries as orders
from aftercare.flows import consent, prepare_parts
from aftercare.flows.scan_loop import Job, Spot, State, Want, by_line, missing, picked, require_whole
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, Refusal, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)
GOOD = "good"
MOST = 500


@dataclass(frozen=True)
class Kind:
    """One job: its name on screen, the kind of document it begins with, and how it is made and booked."""

    label: Any
    begins_with: str
    make: Callable[..., Job]
    book: Callable[..., str]
    # What the keeper may write beside the scans.
    asks: tuple[str, ...] = ()


def make(name: str, number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """The job of that document; refuses what is not open to the actor or not in a state for it."""
    return _kind(name).make(number, actor=actor, at=at)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(_("没有这种扫码作业"), kind="scan.job")
    return KINDS[name]


def open_for(kind: str, number: str, *, actor: Actor, at: dt.datetime) -> list[Job]:
    """The jobs that the actor may do now with a scanned document or place, those with something to scan."""
    found = []
    for name, known in KINDS.items():
        if known.begins_with != kind:
            continue
        try:
            job = make(name, number, actor=actor, at=at)
        except Refusal:
            continue
        if job.wants:
            found.append(job)
    return found


@whole()
def finish(
    name: str, number: str, state: State, *, is_short: bool = False, note: str = "", actor: Actor, at: dt.datetime
) -> str:
    """Book what was scanned, all or nothing; gives back the address of what came of it.

    Less than the document wants: whole lines only where goods are issued (`line_incomplete`), only knowingly
    (`is_short`, else `short_pick`) where the rest would be given up; where more may follow it is free.
    """
    job = make(name, number, actor=actor, at=at)
    require_whole(job, state, lambda pk: catalog.list_parts(actor).filter(pk=pk).exists())
    left = missing(job, state)
    if left and job.short == "confirm" and not is_short:
        names = "、".join(f"{want.name} {shown(qty)}" for want, qty in left[:5])
        raise RuleBroken(_("还差 %(names)s；确定少发请勾选「少发也提交」") % {"names": names}, code="short_pick", field="is_short")
    return KINDS[name].book(job, state, note=note, actor=actor, at=at)


# --- issue to an engineer, return of what was not used --------------------------------------------------------------------


def _order(number: str, actor: Actor):
    order = orders.list_orders(actor).filter(number=number.upper()).first()
    if order is None:
        raise NotFound(_("没有找到服务单"), kind="work.workorder", key=number)
    if not prepare_parts.may_carry(order, actor):
        raise not_allowed(stock_access.MOVE)
    return order


def _spots(places) -> dict[int, Spot]:
    return {place.pk: Spot(place.pk, place.code, place.name, place.kind_of == "bin") for place in places}


def _promised(order, *, in_van: bool) -> list:
    return [row for row in stock.reservations_of(Source.of(order)) if (row.place.kind_of == "van") == in_van]


def _promise_wants(rows, *, with_spots: bool) -> tuple[Want, ...]:
    return tuple(
        Want(f"{row.line}.{row.portion}", row.part_id, row.part.code, row.part.name, row.qty, row.part.unit, row.lot,
             is_serial=row.part.is_serial, spots={row.place_id: row.qty} if with_spots else {}, hint=row.place.name)
        for row in rows
    )


def _make_issue(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    order = _order(number, actor)
    if order.mode == "bench":
        raise WrongState(_("送修单在维修台取用，不用发料"), code="taken_at_bench")
    if order.engineer_id is None:
        raise RuleBroken(_("还没有派工程师，不能发料"), code="no_engineer", field="to_place")
    consent.require_to_start(order, on=clock.local_day(at, actor.zone))
    rows = _promised(order, in_van=False)
    return Job("issue", order.number, order.title, f"/orders/{order.number}/", _promise_wants(rows, with_spots=True),
               _spots(row.place for row in rows), "take", short="line")


def _book_issue(job: Job, state: State, *, note: str, actor: Actor, at: dt.datetime) -> str:
    lines: dict[str, list[Want]] = {}
    for want in job.wants:
        lines.setdefault(want.key.partition(".")[0], []).append(want)
    begun = {line: wants for line, wants in lines.items() if any(picked(state, want) for want in wants)}
    for wants in begun.values():
        if any(picked(state, want) != want.qty for want in wants):
            raise RuleBroken(
                _("%(part)s 没拣齐，整行才能发料：补齐，或撤销这一行，库存不符请盘点") % {"part": wants[0].name}, code="line_incomplete",
            )
    order = _order(job.number, actor)
    for line in begun:
        prepare_parts.issue(order, material_id=int(line.removeprefix("m")), actor=actor, at=at)
    return job.address


def _make_return(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    order = _order(number, actor)
    depot = stock.depot_of(order.branch_id)
    if depot is None:
        raise RuleBroken(_("这个机构还没有配件库"), code="no_depot", field="to_place")
    bins = stock.list_bins(depot.pk, actor)
    return Job("return", order.number, order.title, f"/orders/{order.number}/", _promise_wants(_promised(order, in_van=True), with_spots=False),
               _spots([depot, *bins]), "put")


def _book_return(job: Job, state: State, *, note: str, actor: Actor, at: dt.datetime) -> str:
    order = _order(job.number, actor)
    by_place: dict[int | None, list[tuple[int, Decimal, str]]] = {}
    for (key, lot, place), qty in by_line(state.picks).items():
        by_place.setdefault(place, []).append((int(key.partition(".")[0].removeprefix("m")), qty, lot))
    for place, lines in by_place.items():
        prepare_parts.return_unused(order, to_place_id=place, lines=lines, actor=actor, at=at)
    return job.address


# --- goods of a purchase order ----------------------------------------------------------------------------------------------


def _make_receive(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    order = supply.get_order(number.upper(), actor)
    actor.require(supply_access.RECEIVE, branch_id=order.branch_id)
    if order.status != "sent":
        raise WrongState(_("采购订单没有下达或已结束，不能收货"), code="order_not_sent")
    wants = tuple(
        Want(f"{line.pk}", line.part_id, line.part.code, line.part.name, line.open_qty, line.part.unit, is_serial=line.part.is_serial,
             is_lot=line.part.is_lot, most=max(line.ceiling_qty - line.cancelled_qty - line.kept_qty, ZERO))
        for line in supply.lines_of(order) if line.open_qty or line.ceiling_qty > line.kept_qty + line.cancelled_qty
    )
    return Job("receive", order.number, order.supplier.name, f"/purchase-orders/{order.number}/", wants, is_arrival=True)


def _book_receive(job: Job, state: State, *, note: str, actor: Actor, at: dt.datetime) -> str:
    order = supply.get_order(job.number, actor)
    days = {(one.want, one.lot): dt.date.fromisoformat(one.expires) for one in state.picks if one.expires}
    lines: list[dict] = [
        {"line_id": int(key), "qty": qty, "lot": lot, "expires_on": days.get((key, lot))} for (key, lot, _place), qty in by_line(state.picks).items() if key
    ]
    lines += [{"part_id": one.part_id, "qty": one.qty, "lot": one.lot} for one in state.picks if not one.want]
    order = purchasing.receive(order, lines=lines, delivery_note=note, keep_excess=state.excess, actor=actor, at=at)
    return f"/receipts/{order.receipt_made.number}/"


# --- transfers --------------------------------------------------------------------------------------------------------------


def _make_ship(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    transfer = supply.get_transfer(number.upper(), actor)
    actor.require(supply_access.SHIP_TRANSFER, branch_id=transfer.from_branch_id)
    if transfer.status != "approved":
        raise WrongState(_("调拨单没有批准或已发出"), code="transfer_not_approved")
    lines = [line for line in supply.transfer_lines_of(transfer) if line.approved_qty]
    free = stock.free_spots([line.part_id for line in lines], transfer.from_place_id)
    wants = tuple(
        Want(f"{line.pk}", line.part_id, line.part.code, line.part.name, line.approved_qty, line.part.unit, is_serial=line.part.is_serial,
             spots=_summed(free.get(line.part_id, ())), lots=frozenset(lot for _pk, lot, _qty in free.get(line.part_id, ()) if lot))
        for line in lines
    )
    places = stock.list_places(actor).filter(pk__in={pk for want in wants for pk in want.spots} | {transfer.from_place_id})
    return Job("ship", transfer.number, transfer.to_place.name, f"/transfers/{transfer.number}/", wants, _spots(places), "take", short="confirm")


def _summed(rows) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for place, _lot, qty in rows:
        found[place] = found.get(place, ZERO) + qty
    return found


def _book_ship(job: Job, state: State, *, note: str, actor: Actor, at: dt.datetime) -> str:
    transfer = supply.get_transfer(job.number, actor)
    lines = [{"line_id": int(key), "qty": qty, "lot": lot, "place_id": place} for (key, lot, place), qty in by_line(state.picks).items()]
    purchasing.ship(transfer, lines=lines, actor=actor, at=at)
    return job.address


def _make_take(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    transfer = supply.get_transfer(number.upper(), actor)
    actor.require(supply_access.RECEIVE_TRANSFER, branch_id=transfer.branch_id)
    if transfer.status != "shipped":
        raise WrongState(_("调拨单还没有发出，或已办结"), code="transfer_not_shipped")
    wants = tuple(
        Want(f"{row.pk}", row.line.part_id, row.line.part.code, row.line.part.name, row.transit_qty, row.line.part.unit, row.lot,
             is_serial=row.line.part.is_serial)
        for row in supply.transfer_lots_of(transfer) if row.transit_qty
    )
    return Job("take", transfer.number, transfer.from_place.name, f"/transfers/{transfer.number}/", wants)


def _book_take(job: Job, state: State, *, note: str, actor: Actor, at: dt.datetime) -> str:
    transfer = supply.get_transfer(job.number, actor)
    lines = [{"lot_id": int(key), "received_qty": qty} for (key, _lot, _place), qty in by_line(state.picks).items()]
    purchasing.receive_and_settle(transfer, lines=lines, actor=actor, at=at)
    return job.address


# --- put away ---------------------------------------------------------------------------------------------------------------


def _make_put_away(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    here = stock.get_place(number, actor)
    actor.require(stock_access.MOVE, branch_id=here.branch_id, people=(here.employee_id,))
    depot = stock.get_place(here.parent_id, actor) if here.parent_id else here
    targets = [place for place in [depot, *stock.list_bins(depot.pk, actor)] if place.pk != here.pk and place.is_active]
    if not targets:
        raise RuleBroken(_("这个库没有其他货位"), code="no_bins")
    rows = [row for row in stock.balances(actor).filter(place_id=here.pk, condition=GOOD).order_by("part__code", "lot")[:MOST]
            if row.on_hand_qty > row.reserved_qty]
    homes = stock.home_bins({row.part_id for row in rows}, depot.pk)
    wants = tuple(
        Want(f"{row.part_id}:{row.lot}", row.part_id, row.part.code, row.part.name, row.on_hand_qty - row.reserved_qty, row.part.unit,
             row.lot, is_serial=row.is_serial, hint=homes[row.part_id].name if row.part_id in homes else "")
        for row in rows
    )
    return Job("put-away", here.code, here.name, f"/places/{here.pk}/", wants, _spots(targets), "put", needs_place=True)


def _book_put_away(job: Job, state: State, *, note: str, actor: Actor, at: dt.datetime) -> str:
    here = stock.get_place(job.number, actor)
    by_place: dict[int, list[tuple[int, Decimal, str]]] = {}
    for (key, lot, place), qty in by_line(state.picks).items():
        by_place.setdefault(place or 0, []).append((job.want(key).part_id, qty, lot))
    for place, lines in by_place.items():
        inventory.transfer(from_place=here, to_place=stock.get_place(place, actor), lines=lines, memo=_("扫码上架"), from_bins=False,
                           actor=actor, at=at)
    return job.address


KINDS: dict[str, Kind] = {
    "issue": Kind(gettext_lazy("领料出库"), "work.workorder", _make_issue, _book_issue),
    "return": Kind(gettext_lazy("退回未用"), "work.workorder", _make_return, _book_return),
    "receive": Kind(gettext_lazy("采购收货"), "purchasing.order", _make_receive, _book_receive, ("note", "excess", "wrong")),
    "ship": Kind(gettext_lazy("调拨发货"), "purchasing.transfer", _make_ship, _book_ship, ("is_short",)),
    "take": Kind(gettext_lazy("调拨签收"), "purchasing.transfer", _make_take, _book_take),
    "put-away": Kind(gettext_lazy("上架移位"), "inventory.place", _make_put_away, _book_put_away),
}
