"""Purchased goods with a scanner: received, judged piece by piece, sent back to the supplier."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access, actions
from aftercare.domain.purchasing import queries as supply
from aftercare.flows.scan_jobs.kinds import ZERO, Told
from aftercare.flows.scan_loop import by_line, picked
from aftercare.flows.scan_state import Job, State, Want
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import WrongState


def make_receive(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What a purchase order still waits for, up to its tolerance."""
    order = supply.get_order(number.upper(), actor)
    actor.require(access.RECEIVE, branch_id=order.branch_id)
    if order.status != "sent":
        raise WrongState(_("采购订单没有下达或已结束，不能收货"), code="order_not_sent")
    wants = tuple(
        Want(f"{line.pk}", line.part_id, line.part.code, line.part.name, line.open_qty, line.part.unit, is_serial=line.part.is_serial,
             is_lot=line.part.is_lot, most=max(line.ceiling_qty - line.cancelled_qty - line.kept_qty, ZERO))
        for line in supply.lines_of(order) if line.open_qty or line.ceiling_qty > line.kept_qty + line.cancelled_qty
    )
    return Job("receive", order.number, order.supplier.name, f"/purchase-orders/{order.number}/", wants, is_arrival=True)


def book_receive(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """A receipt of what was scanned, wrong parts and excess into quarantine when they are kept."""
    order = supply.get_order(job.number, actor)
    days = {(one.want, one.lot): dt.date.fromisoformat(one.expires) for one in state.picks if one.expires}
    lines: list[dict] = [
        {"line_id": int(key), "qty": qty, "lot": lot, "expires_on": days.get((key, lot))} for (key, lot, _place), qty in by_line(state.picks).items() if key
    ]
    lines += [{"part_id": one.part_id, "qty": one.qty, "lot": one.lot} for one in state.picks if not one.want]
    order = actions.receive(order, lines=lines, delivery_note=told.note, keep_excess=state.excess, actor=actor, at=at)
    return f"/receipts/{order.receipt_made.number}/"


def make_inspect(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What came with a delivery, each piece to be found good or rejected."""
    receipt = supply.get_receipt(number.upper(), actor)
    actor.require(access.INSPECT, branch_id=receipt.branch_id)
    if receipt.status != "inspecting":
        raise WrongState(_("这张到货单已验收"), code="judged_already")
    wants = tuple(
        Want(f"{line.pk}", line.part_id, line.part.code, line.part.name, line.qty, line.part.unit, line.lot, is_serial=line.part.is_serial)
        for line in supply.receipt_lines_of(receipt) if line.kind_of == "ordered"
    )
    return Job("inspect", receipt.number, receipt.supplier.name, f"/receipts/{receipt.number}/", wants, short="whole", bad=_("不合格"))


def book_inspect(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """The verdict of each line as it was scanned; what is rejected with the reason told."""
    verdicts = []
    for want in job.wants:
        rejected = picked(state, want, bad=True)
        verdict = {"line_id": int(want.key), "accepted_qty": want.qty - rejected, "rejected_qty": rejected}
        verdicts.append(verdict | ({"reason": told.note, "remedy": "credit" if told.is_credit else "replace"} if rejected else {}))
    actions.inspect(supply.get_receipt(job.number, actor), verdicts=verdicts, actor=actor, at=at)
    return job.address


def make_send_back(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """What goes back to a supplier, all of it."""
    paper = supply.get_return(number.upper(), actor)
    actor.require(access.SHIP_RETURN, branch_id=paper.branch_id)
    if paper.status != "draft":
        raise WrongState(_("这张采购退货单已退出或取消"), code="returned_already")
    wants = []
    for line in supply.return_lines_of(paper):
        part = line.receipt_line.part
        wants.append(Want(f"{line.pk}", part.pk, part.code, part.name, line.qty, part.unit, line.receipt_line.lot, is_serial=part.is_serial))
    return Job("send-back", paper.number, paper.supplier.name, f"/supplier-returns/{paper.number}/", tuple(wants), short="whole")


def book_send_back(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """The goods leave the house."""
    actions.ship_return(supply.get_return(job.number, actor), actor=actor, at=at)
    return job.address
