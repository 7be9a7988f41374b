"""Goods that go from one own store to another: asked for, let go, sent, received, and differences settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access, facts
from aftercare.domain.purchasing.actions.papers import (
    ZERO,
    by_line,
    move_counts,
    opened,
    quantity_or_zero,
    require_lines,
    require_reason,
    trusted,
)
from aftercare.domain.purchasing.lifecycle import TRANSFER
from aftercare.domain.purchasing.models import Transfer, TransferLine, TransferLot
from aftercare.domain.purchasing.queries import transfers as known
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity, shown
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState, at_line
from aftercare.foundation.sources import Source

Bearer = TransferLot.Bearer


def request_transfer(
    *, to_place, lines: Iterable[Mapping[str, Any]], actor: Actor, at: dt.datetime, from_place=None, needed_on: dt.date | None = None,
    remark: str = "",
) -> Transfer:
    """Ask a store for goods (part_id, qty): by default the depot of the nearest superior branch that has one.

    Who may send from there himself has let it go already: his request is born approved.
    """
    if not to_place.is_inside or to_place.branch_id is None or to_place.kind_of == "transit":
        raise RuleBroken(_("只能调到公司内部库位"), code="place_outside", field="to_place")
    from_place = from_place or known.superior_depot(to_place)
    if from_place is None:
        raise RuleBroken(_("上级机构没有配件库，请选择发货库位"), code="no_superior_depot", field="from_place")
    if not from_place.is_inside or from_place.branch_id is None or from_place.pk == to_place.pk or from_place.kind_of == "transit":
        raise RuleBroken(_("来源与去向相同，或不是公司内部库位"), code="same_place", field="from_place")
    lines = require_lines(lines)
    if len({line["part_id"] for line in lines}) != len(lines):
        raise RuleBroken(_("同一配件请合并成一行"), code="part_twice", field="lines")
    sends = actor.may(access.APPROVE_TRANSFER, branch_id=from_place.branch_id)
    with transaction.atomic():
        transfer = Transfer(**opened("TR", actor, at), branch_id=to_place.branch_id, from_branch_id=from_place.branch_id,
                            from_place=from_place, to_place=to_place, needed_on=needed_on, remark=remark[:500])
        if not sends:
            actor.require(access.REQUEST_TRANSFER, branch_id=to_place.branch_id)
        open_new(transfer, actor=trusted(actor), at=at, permission=access.REQUEST_TRANSFER,
                 fact=lambda row: facts.TransferRequested(row.pk, row.number))
        for index, line in enumerate(lines):
            with at_line(index):
                TransferLine(transfer=transfer, part_id=line["part_id"], qty=require_quantity(line["qty"])).save(force_insert=True)
        return approve_transfer(transfer, actor=actor, at=at) if sends else transfer


def _require_side(actor: Actor, permission: str, branch_id: int) -> None:
    # Both sides reach the paper; each move is one side's.
    actor.require(permission, branch_id=branch_id)


@TRANSFER.move("approve")
def approve_transfer(
    transfer: Transfer, *, actor: Actor, at: dt.datetime, reason: str = "", cuts: Mapping[int, Decimal] | None = None
) -> facts.TransferDecided:
    """The asked store lets the goods go; `cuts` gives less by line (0: nothing of it)."""
    _require_side(actor, access.APPROVE_TRANSFER, transfer.from_branch_id)
    lines = {line.pk: line for line in TransferLine.objects.filter(transfer=transfer)}
    for pk in cuts or {}:
        if pk not in lines:
            raise NotFound(_("没有找到这一行"), kind="purchasing.transferline")
    let_go = {pk: quantity_or_zero(cuts[pk]) if cuts and pk in cuts else line.qty for pk, line in lines.items()}
    if any(qty > lines[pk].qty for pk, qty in let_go.items()):
        raise RuleBroken(_("批准数量不能多于要货数量"), code="more_than_requested", field="qty")
    if not any(let_go.values()):
        raise RuleBroken(_("全部划掉时请用驳回"), code="no_lines", field="lines")
    for pk, qty in let_go.items():
        TransferLine.objects.filter(pk=pk).update(approved_qty=qty)
    revise(transfer, decided_at=at, decided_by=actor.name[:80], decision=reason.strip()[:200])
    return facts.TransferDecided(transfer.pk, True, reason)


@TRANSFER.move("reject")
def reject_transfer(transfer: Transfer, *, actor: Actor, at: dt.datetime, reason: str) -> facts.TransferDecided:
    """The asked store has nothing to give, and says why."""
    _require_side(actor, access.APPROVE_TRANSFER, transfer.from_branch_id)
    reason = require_reason(reason)
    revise(transfer, decided_at=at, decided_by=actor.name[:80], decision=reason)
    return facts.TransferDecided(transfer.pk, False, reason)


@TRANSFER.move("cancel")
def cancel_transfer(transfer: Transfer, *, actor: Actor, at: dt.datetime, reason: str) -> facts.TransferCancelled:
    """Not wanted any more; only before it is sent."""
    reason = require_reason(reason)
    revise(transfer, decision=reason)
    return facts.TransferCancelled(transfer.pk, reason)


@TRANSFER.move("ship")
def ship(
    transfer: Transfer, *, actor: Actor, at: dt.datetime, lines: Iterable[Mapping[str, Any]] | None = None
) -> facts.TransferShipped:
    """Send the goods: lines of line_id, qty, lot and place_id (a bin); without lines all that was let go, what expires first at first.

    They leave the shelf for the way; their value stays the sender's until they are received. Never more than was let go.
    """
    _require_side(actor, access.SHIP_TRANSFER, transfer.from_branch_id)
    own = {line.pk: line for line in TransferLine.objects.filter(transfer=transfer).select_related("part").order_by("id")}
    wanted = [(line["line_id"], require_quantity(line["qty"]), str(line.get("lot") or "").strip(), line.get("place_id")) for line in lines or ()]
    if not wanted:
        wanted = [(pk, line.approved_qty, "", None) for pk, line in own.items() if line.approved_qty]
    picks: dict[tuple[int, str], Decimal] = {}
    moves = []
    transit = inventory.ensure_transit(transfer.from_branch_id, actor=actor, at=at)
    for pk, qty, lot, bin_id in wanted:
        if pk not in own:
            raise NotFound(_("没有找到这一行"), kind="purchasing.transferline")
        for place_id, its_lot, part_of in _picked(own[pk], transfer.from_place_id, qty, lot, bin_id):
            picks[pk, its_lot] = picks.get((pk, its_lot), ZERO) + part_of
            moves.append(inventory.MoveLine(part_id=own[pk].part_id, qty=part_of, from_place=place_id, to_place=transit.pk, lot=its_lot,
                                            line=f"t{pk}"))
    for pk, line in own.items():
        sent = sum((qty for (one, _lot), qty in picks.items() if one == pk), ZERO)
        if sent > (line.approved_qty or ZERO):
            raise RuleBroken(_("%(part)s 发货数量多于批准数量") % {"part": line.part.name}, code="more_than_approved", field="qty")
        TransferLine.objects.filter(pk=pk).update(shipped_qty=sent)
    require_lines(moves)
    for (pk, lot), qty in picks.items():
        TransferLot(line=own[pk], lot=lot, shipped_qty=qty, transit_qty=qty).save(force_insert=True)
    inventory.post(source=Source.of(transfer), key="ship", at=at, lines=moves, actor=actor, reason=inventory.Reason.TRANSFER)
    revise(transfer, transit=transit, shipped_at=at, shipped_by=actor.name[:80])
    return facts.TransferShipped(transfer.pk, transfer.number)


def _picked(line: TransferLine, place_id: int, qty: Decimal, lot: str, bin_id: int | None) -> list[tuple[int, str, Decimal]]:
    """Where the goods are taken from: (place, lot, quantity) each; what is lacking stays on the depot and is refused there."""
    left, found = qty, []
    for spot, its_lot, free in stock.free_lots(line.part_id, place_id):
        if left and (not lot or lot == its_lot) and bin_id in (None, spot):
            part_of = min(left, free)
            found.append((spot, its_lot, part_of))
            left -= part_of
    return [*found, (place_id, lot, left)] if left else found


@TRANSFER.move("receive")
def receive_transfer(
    transfer: Transfer, *, actor: Actor, at: dt.datetime, lines: Iterable[Mapping[str, Any]] | None = None
) -> facts.TransferReceived:
    """What came: lines of lot_id, received_qty, damaged_qty and reason; without lines all of it, and sound.

    Several receipts may follow each other. Sound goods go to their home bin and serve who waits, damaged ones into quarantine as
    defective; what is not told of is still under way. See `settle` for what never comes.
    """
    _require_side(actor, access.RECEIVE_TRANSFER, transfer.branch_id)
    own = {row.pk: row for row in TransferLot.objects.filter(line__transfer=transfer).select_related("line", "line__part").order_by("id")}
    told = [dict(line) for line in lines or ()] or [{"lot_id": pk, "received_qty": row.transit_qty} for pk, row in own.items() if row.transit_qty]
    bins = stock.home_bins({row.line.part_id for row in own.values()}, transfer.to_place_id)
    moves, sound = [], []
    for given in require_lines(told):
        row = own.get(given["lot_id"])
        if row is None:
            raise NotFound(_("没有找到这一行"), kind="purchasing.transferlot")
        good = quantity_or_zero(given.get("received_qty"), field="received_qty")
        bad = quantity_or_zero(given.get("damaged_qty"), field="damaged_qty")
        _require_sent(row, good + bad)
        if bad:
            TransferLot.objects.filter(pk=row.pk).update(reason=require_reason(str(given.get("reason") or "")))
        move_counts(row, transit_qty=-(good + bad), received_qty=good, damaged_qty=bad)
        common = {"part_id": row.line.part_id, "from_place": transfer.transit_id, "lot": row.lot}
        if good:
            home = bins.get(row.line.part_id)
            moves.append(inventory.MoveLine(qty=good, to_place=home.pk if home else transfer.to_place_id, line=f"l{row.pk}", **common))
            sound.append(row.line.part_id)
        if bad:
            apart = inventory.ensure_quarantine(transfer.branch_id, actor=actor, at=at)
            moves.append(inventory.MoveLine(qty=bad, to_place=apart.pk, to_condition="defective", line=f"l{row.pk}d", **common))
    turn = transfer.arrivals + 1
    inventory.post(source=Source.of(transfer), key=f"arrive{turn}", at=at, lines=require_lines(moves), actor=actor, reason=inventory.Reason.TRANSFER)
    inventory.announce_arrival(transfer.to_place, sound, actor=actor, at=at, note=transfer.number)
    revise(transfer, arrivals=turn, received_at=at, received_by=actor.name[:80])
    return facts.TransferReceived(transfer.pk, f"{sum((row.transit_qty for row in own.values()), ZERO)}")


def _require_sent(row: TransferLot, qty: Decimal) -> None:
    if qty > row.transit_qty:
        raise RuleBroken(
            _("%(part)s 在途只有 %(qty)s") % {"part": row.line.part.name, "qty": shown(row.transit_qty)},
            code="more_than_sent", field="received_qty", lot=row.pk,
        )


def receive_and_settle(transfer: Transfer, *, actor: Actor, at: dt.datetime, lines=None, version: int | None = None) -> Transfer:
    """Receive; when all that was sent has come sound, nothing is left to settle and the transfer is over."""
    with transaction.atomic():
        transfer = receive_transfer(transfer, actor=actor, at=at, lines=lines, version=version)
        rows = TransferLot.objects.filter(line__transfer=transfer)
        if not rows.filter(transit_qty__gt=0).exists() and not rows.filter(damaged_qty__gt=0).exists():
            transfer = settle(transfer, actor=trusted(actor), at=at)
        return transfer


@TRANSFER.move("settle")
def settle(
    transfer: Transfer, *, actor: Actor, at: dt.datetime, reason: str = "", lines: Iterable[Mapping[str, Any]] = ()
) -> facts.TransferSettled:
    """Account for what is missing and who bears it: lines of lot_id, bearer, reason; without lines `bearer` company for all.

    What lies still with the sender goes back on his shelf; what is lost leaves the books as a difference. Damaged goods lie in
    the receiver's quarantine already; the line notes who pays. The sender's side settles, since the goods are his on the way.
    """
    _require_side(actor, access.SETTLE_TRANSFER, transfer.from_branch_id)
    told = by_line(lines, "lot_id")
    rows = list(TransferLot.objects.filter(line__transfer=transfer).select_related("line", "line__part").order_by("id"))
    if set(told) - {row.pk for row in rows}:
        raise NotFound(_("没有找到这一行"), kind="purchasing.transferlot")
    outside = None
    moves = []
    for row in rows:
        if not row.transit_qty and not row.damaged_qty:
            continue
        given = told.get(row.pk, {})
        bearer = given.get("bearer") or Bearer.COMPANY
        if bearer not in Bearer.values:
            raise RuleBroken(_("没有这种责任方"), code="unknown_bearer", field="bearer")
        why = require_reason(str(given.get("reason") or reason or row.reason))
        TransferLot.objects.filter(pk=row.pk).update(bearer=bearer, reason=why)
        missing = row.transit_qty
        if not missing:
            continue
        back = bearer == Bearer.SENDER
        if not back and outside is None:
            outside = inventory.ensure_outside("difference", actor=actor, at=at)
        move_counts(row, transit_qty=-missing, back_qty=missing if back else ZERO, lost_qty=ZERO if back else missing)
        moves.append(inventory.MoveLine(
            part_id=row.line.part_id, qty=missing, from_place=transfer.transit_id, lot=row.lot, line=f"l{row.pk}s",
            to_place=transfer.from_place_id if back else outside.pk,
        ))
    if moves:
        inventory.post(source=Source.of(transfer), key="settle", at=at, lines=moves, actor=actor, reason=inventory.Reason.COUNT, memo=reason)
    if not transfer.arrivals and not moves:
        raise WrongState(_("货还没有签收"), code="not_received")
    revise(transfer, settled_by=actor.name[:80] if moves or any(row.damaged_qty for row in rows) else "")
    return facts.TransferSettled(transfer.pk, reason)
