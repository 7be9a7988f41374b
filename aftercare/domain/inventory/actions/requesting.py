"""Part requests: what documents lack and somebody has to bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import replace
from decimal import Decimal

from aftercare.domain.inventory import access, facts
from aftercare.domain.inventory.lifecycle import REQUEST, RequestStatus
from aftercare.domain.inventory.models import PartRequest
from aftercare.foundation import clock, numbering, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step


def request_parts(
    *, source: Source, branch_id: int, lines: Sequence[tuple[str, int, int, Decimal]], actor: Actor, at: dt.datetime,
    priority: int = 0,
) -> list[PartRequest]:
    """Ask for what lines of a document lack: (line, part_id, place_id where it is wanted, qty) each.

    When goods come the higher `priority` is served first, of equals the older. An open request of the same line and part is brought to the new quantity
    and place instead of doubled.
    Whoever may work on the document may ask; this verb needs no permission of its own.
    """
    trusted = _trusted(actor)
    made = []
    with step():
        open_ones = {
            (request.line, request.part_id): request
            for request in PartRequest.objects.filter(
                source_kind=source.kind, source_id=source.id, status=RequestStatus.OPEN
            ).select_for_update()
        }
        for line, part_id, place_id, qty in lines:
            qty = require_quantity(qty)
            request = open_ones.get((line, part_id))
            if request is None:
                request = PartRequest(
                    number=numbering.take("PR", clock.local_day(at, actor.zone)), branch_id=branch_id, part_id=part_id,
                    place_id=place_id, qty=qty, source_kind=source.kind, source_id=source.id, source_number=source.number,
                    line=line, created_at=at, priority=priority,
                )
                open_new(request, actor=trusted, at=at, permission=access.MOVE, fact=_requested)
            elif (request.qty, request.place_id) != (qty, place_id):
                request = revise(request, actor=trusted, at=at, permission=access.MOVE, qty=qty, place_id=place_id)
            made.append(request)
    return made


def _requested(request: PartRequest) -> facts.PartRequested:
    return facts.PartRequested(request.pk, request.part_id, request.source_kind, request.source_id)


@REQUEST.move("fill")
def fill(request: PartRequest, *, actor: Actor, at: dt.datetime) -> facts.PartRequestFilled:
    """What was lacking has come."""
    return facts.PartRequestFilled(request.pk, request.part_id, request.source_kind, request.source_id)


@REQUEST.move("cancel")
def cancel(request: PartRequest, *, actor: Actor, at: dt.datetime, reason: str = "") -> facts.PartRequestCancelled:
    """It is no longer needed."""
    return facts.PartRequestCancelled(request.pk)


def cancel_requests(
    *, source: Source, actor: Actor, at: dt.datetime, reason: str = "", line: str | None = None
) -> list[PartRequest]:
    """Cancel all open requests of a document (of that line) that no longer needs parts; asks for no permission of its own."""
    trusted = _trusted(actor)
    with step():
        return [
            cancel(request, actor=trusted, at=at, reason=reason) for request in _open_ones(source) if line in (None, request.line)
        ]


def fill_requests(*, source: Source, lines: Container[str], actor: Actor, at: dt.datetime) -> list[PartRequest]:
    """Close the open requests of these lines, which have got what they lacked from elsewhere; nobody need bring or buy it."""
    trusted = _trusted(actor)
    with step():
        return [fill(request, actor=trusted, at=at) for request in _open_ones(source) if request.line in lines]


def _open_ones(source: Source) -> list[PartRequest]:
    return statements.read(_in_order, source_kind=source.kind, source_id=source.id, status=RequestStatus.OPEN)


def _in_order():
    return PartRequest.objects.order_by("pk")


def _trusted(actor: Actor) -> Actor:
    """The same person in the journal, with the grants of the product itself: the document's move has asked already."""
    return replace(actor, reaches=Actor.system("").reaches, scopes=None)


def set_priority(request: PartRequest, *, priority: int, version: int | None = None, actor: Actor, at: dt.datetime) -> PartRequest:
    """Let a request be served sooner (above 0) or later than its age says."""
    return revise(request, actor=actor, at=at, permission=access.MOVE, version=version, priority=max(-9, min(9, priority)))
