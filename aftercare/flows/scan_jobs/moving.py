"""Transfers between stores with a scanner: sent from the bins, received sound, damaged or short."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access, actions
from aftercare.domain.purchasing import queries as supply
from aftercare.flows.scan_jobs.kinds import Told, spots_of, summed
from aftercare.flows.scan_loop import by_line, picked
from aftercare.flows.scan_state import Job, State, Want
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import WrongState


def make_ship(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What a transfer was let go, from the bins where it lies."""
    transfer = supply.get_transfer(number.upper(), actor)
    actor.require(access.SHIP_TRANSFER, branch_id=transfer.from_branch_id)
    if transfer.status != "approved":
        raise WrongState(_("调拨单没有批准或已发出"), code="transfer_not_approved")
    lines = [line for line in supply.transfer_lines_of(transfer) if line.approved_qty]
    free = stock.free_spots([line.part_id for line in lines], transfer.from_place_id)
    wants = tuple(
        Want(f"{line.pk}", line.part_id, line.part.code, line.part.name, line.approved_qty, line.part.unit, is_serial=line.part.is_serial,
             spots=summed(free.get(line.part_id, ())), lots=frozenset(lot for _pk, lot, _qty in free.get(line.part_id, ()) if lot))
        for line in lines
    )
    places = stock.list_places(actor).filter(pk__in={pk for want in wants for pk in want.spots} | {transfer.from_place_id})
    return Job("ship", transfer.number, transfer.to_place.name, f"/transfers/{transfer.number}/", wants, spots_of(places), "take", short="confirm")


def book_ship(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """The goods are on their way; what was not scanned is given up."""
    transfer = supply.get_transfer(job.number, actor)
    lines = [{"line_id": int(key), "qty": qty, "lot": lot, "place_id": place} for (key, lot, place), qty in by_line(state.picks).items()]
    actions.ship(transfer, lines=lines, actor=actor, at=at)
    return job.address


def make_take(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What of a transfer is under way, each piece sound or damaged; what is not scanned is missing."""
    transfer = supply.get_transfer(number.upper(), actor)
    actor.require(access.RECEIVE_TRANSFER, branch_id=transfer.branch_id)
    if transfer.status != "shipped":
        raise WrongState(_("调拨单还没有发出，或已办结"), code="transfer_not_shipped")
    wants = tuple(
        Want(f"{row.pk}", row.line.part_id, row.line.part.code, row.line.part.name, row.transit_qty, row.line.part.unit, row.lot,
             is_serial=row.line.part.is_serial)
        for row in supply.transfer_lots_of(transfer) if row.transit_qty
    )
    return Job("take", transfer.number, transfer.from_place.name, f"/transfers/{transfer.number}/", wants, short="confirm", bad=_("破损"))


def book_take(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """Sound goods onto the shelf, damaged ones into quarantine; what is missing stays to be accounted for by the sender."""
    transfer = supply.get_transfer(job.number, actor)
    lines = []
    for want in job.wants:
        good, bad = picked(state, want, bad=False), picked(state, want, bad=True)
        if good or bad:
            lines.append({"lot_id": int(want.key), "received_qty": good, "damaged_qty": bad, "reason": told.note})
    actions.receive_and_settle(transfer, lines=lines, actor=actor, at=at)
    return job.address
