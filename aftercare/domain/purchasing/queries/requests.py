"""Requests to buy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.purchasing.lifecycle import REQUEST, RequestStatus
from aftercare.domain.purchasing.models import Request, RequestLine
from aftercare.domain.purchasing.queries import terms
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

ZERO = Decimal(0)
# A wanted part is on its way from here on: nobody proposes it a second time.
OPEN = (RequestStatus.DRAFT, RequestStatus.SUBMITTED, RequestStatus.REJECTED, RequestStatus.APPROVED)


def list_requests(actor: Actor) -> QuerySet[Request]:
    """Requests the actor may see, with place and expected supplier."""
    return visible(Request, actor).select_related("place", "supplier", "branch")


def get_request(key: int | str, actor: Actor) -> Request:
    """The request of that id or number; refuses one that is not seen."""
    found = list_requests(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到采购申请"), kind="purchasing.request", key=str(key))
    return found


def request_lines_of(request: Request) -> list[RequestLine]:
    """The lines of a request."""
    return list(RequestLine.objects.filter(request=request).select_related("part").order_by("id"))


def open_request_moves(request: Request, actor: Actor, at: dt.datetime) -> list:
    """The moves the actor may make now; approving only by who may for the amount, and never one's own."""
    moves = REQUEST.open_moves(request, actor)
    deciding = {"approve", "reject"}
    if not deciding & {move.name for move in moves}:
        return moves
    own = actor.employee_id is not None and actor.employee_id == request.author_id
    day = clock.local_day(at, actor.zone)
    if own or not terms.may_approve(actor, request.total_amount, branch_id=request.branch_id, day=day):
        return [move for move in moves if move.name not in deciding]
    return moves


def to_approve(actor: Actor) -> QuerySet[Request]:
    """Requests that wait for approval, as far as the actor may see them, without his own."""
    rows = list_requests(actor).filter(status=RequestStatus.SUBMITTED)
    return rows if actor.employee_id is None else rows.exclude(author_id=actor.employee_id)


def lines_to_order(actor: Actor) -> QuerySet[RequestLine]:
    """Approved lines that are not ordered in full, oldest first: what a buyer has to buy."""
    rows = RequestLine.objects.filter(request__in=visible(Request, actor).filter(status=RequestStatus.APPROVED))
    return rows.filter(is_live=True, ordered_qty__lt=F("qty")).select_related("part", "request", "request__supplier", "request__place").order_by("id")


def get_lines(ids: Iterable[int], actor: Actor) -> list[RequestLine]:
    """These lines among those a buyer has to buy; refuses one that is not."""
    wanted = set(ids)
    found = list(lines_to_order(actor).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise NotFound(_("没有找到采购申请的这一行，或已订购"), kind="purchasing.requestline")
    return found


def requested(place_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What is asked for and not ordered, by (place, part). One statement."""
    rows = RequestLine.objects.filter(
        request__status__in=OPEN, request__place_id__in=list(place_ids), part_id__in=list(part_ids), is_live=True
    ).values_list("request__place_id", "part_id", "qty", "ordered_qty")
    found: dict[tuple[int, int], Decimal] = {}
    for place_id, part_id, qty, ordered in rows:
        found[place_id, part_id] = found.get((place_id, part_id), ZERO) + qty - ordered
    return found


def requests_for(kind: str, source_id: int) -> list[RequestLine]:
    """What was asked for because of a document, with its request."""
    rows = RequestLine.objects.filter(source_kind=kind, source_id=source_id, is_live=True)
    return list(rows.select_related("request", "part").order_by("id"))


def requests_of_shortage(shortage_id: int) -> list[RequestLine]:
    """The request line that answers a part request (缺件申请), with its request; at most one."""
    return list(RequestLine.objects.filter(shortage_id=shortage_id, is_live=True).select_related("request"))


def source_of(line: RequestLine) -> Source | None:
    """The document because of which a line is wanted."""
    return Source(line.source_kind, line.source_id, line.source_number) if line.source_kind else None


def requested_shortages(ids: Iterable[int]) -> set[int]:
    """Which of these part requests (缺件申请) are asked for already."""
    return set(RequestLine.objects.filter(shortage_id__in=list(ids), is_live=True).values_list("shortage_id", flat=True))


def search_requests(rows: QuerySet[Request], text: str) -> QuerySet[Request]:
    """Requests by number, part or document."""
    lines = RequestLine.objects.filter(
        Q(part__code__iexact=text) | Q(part__name__icontains=text) | Q(source_number__iexact=text)
    ).values("request_id")
    return rows.filter(Q(number__istartswith=text) | Q(pk__in=lines))
