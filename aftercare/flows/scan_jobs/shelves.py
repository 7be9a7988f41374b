"""Goods put away and carried from bin to bin with a scanner, and handed out at the counter."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.inventory import access, actions
from aftercare.domain.inventory import queries as stock
from aftercare.domain.orders import access as sale_access
from aftercare.domain.orders import queries as sales
from aftercare.flows import sell_parts
from aftercare.flows.scan_jobs.kinds import GOOD, Told, spots_of
from aftercare.flows.scan_loop import by_line
from aftercare.flows.scan_state import Job, State, Want
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source

MOST = 500


def make_put_away(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What lies free at a place, to be carried to other places of the same depot."""
    here = stock.get_place(number, actor)
    actor.require(access.MOVE, branch_id=here.branch_id, people=(here.employee_id,))
    depot = stock.get_place(here.parent_id, actor) if here.parent_id else here
    targets = [place for place in [depot, *stock.list_bins(depot.pk, actor)] if place.pk != here.pk and place.is_active]
    if not targets:
        raise RuleBroken(_("这个库没有其他货位"), code="no_bins")
    # What he counts blind he does not carry meanwhile: the job would tell him how much there is.
    free = stock.seen_balances(actor).filter(place_id=here.pk, condition=GOOD, is_counting=False)
    rows = [row for row in free.order_by("part__code", "lot")[:MOST] if row.on_hand_qty > row.reserved_qty]
    homes = stock.home_bins({row.part_id for row in rows}, depot.pk)
    wants = tuple(
        Want(f"{row.part_id}:{row.lot}", row.part_id, row.part.code, row.part.name, row.on_hand_qty - row.reserved_qty, row.part.unit,
             row.lot, is_serial=row.is_serial, hint=homes[row.part_id].name if row.part_id in homes else "")
        for row in rows
    )
    return Job("put-away", here.code, here.name, f"/places/{here.pk}/", wants, spots_of(targets), "put", needs_place=True)


def book_put_away(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """Into the bins scanned."""
    here = stock.get_place(job.number, actor)
    by_place: dict[int, list[tuple[int, Decimal, str]]] = {}
    for (key, lot, place), qty in by_line(state.picks).items():
        by_place.setdefault(place or 0, []).append((job.want(key).part_id, qty, lot))
    for place, lines in by_place.items():
        actions.transfer(from_place=here, to_place=stock.get_place(place, actor), lines=lines, memo=wording.stored(lambda: _("扫码上架")), from_bins=False,
                           actor=actor, at=at)
    return job.address


def make_hand_out(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What a sale hands out, all of it, so that nothing else leaves the counter."""
    sale = sales.get_sale(number.upper(), actor)
    actor.require(sale_access.SELL, branch_id=sale.branch_id)
    if sale.status not in ("draft", "ordered", "arrived"):
        raise WrongState(_("这张配件出库单已出库或取消"), code="handed_out_already")
    wants = tuple(
        Want(f"{row.pk}", row.part_id, row.part.code, row.part.name, row.qty, row.part.unit, row.serial, is_serial=bool(row.serial))
        for row in sales.lines_of(sale)
    )
    owed = _owed(sale)
    title = _("%(kind)s，应收 ¥%(owed)s") % {"kind": sale.get_kind_of_display(), "owed": owed} if owed else sale.get_kind_of_display()
    return Job("hand-out", sale.number, title, f"/sales/{sale.number}/", wants, short="whole")


def _owed(sale) -> Decimal:
    bill = bills.find_bill(Source.of(sale))
    return bill.open_amount if bill is not None else Decimal(0)


def book_hand_out(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """The goods leave; with a method of payment what is owed is collected at once."""
    sale = sales.get_sale(job.number, actor)
    amount = _owed(sale) if told.method else None
    sell_parts.hand_out(sale, amount=amount or None, method=told.method or "cash", actor=actor, at=at)
    return job.address
