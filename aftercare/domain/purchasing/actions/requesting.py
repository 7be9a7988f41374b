"""Requests to buy: written, submitted, approved by amount, ordered."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access, facts, rules
from aftercare.domain.purchasing.actions.papers import (
    opened,
    quantity_or_zero,
    require_lines,
    require_price,
    require_reason,
    shift,
    trusted,
)
from aftercare.domain.purchasing.lifecycle import REQUEST, RequestStatus
from aftercare.domain.purchasing.models import OrderLine, Request, RequestLine
from aftercare.domain.purchasing.queries import terms
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState, at_line

_FIELDS = frozenset({"remark", "needed_on", "supplier_id"})


def create_request(
    *, place, lines: Iterable[Mapping[str, Any]], actor: Actor, at: dt.datetime, supplier=None, needed_on: dt.date | None = None,
    origin: str = Request.Origin.MANUAL, remark: str = "",
) -> Request:
    """Ask for parts to be bought: lines of part_id, qty, and optionally price_amount, needed_on, source (a document), shortage_id.

    A line without an expected price takes the cheapest valid one of a supplier. A shortage is asked for once (`requested_already`).
    """
    if not place.is_store or place.branch_id is None:
        raise RuleBroken(_("只能收到公司内部库位"), code="place_outside", field="place")
    lines = require_lines(lines)
    with transaction.atomic():
        made = _made_lines(lines, supplier.pk if supplier else None, clock.local_day(at, actor.zone))
        request = Request(
            **opened("RQ", actor, at), branch_id=place.branch_id, place=place, supplier=supplier, needed_on=needed_on, origin=origin,
            remark=remark[:500], total_amount=_total(made),
        )
        open_new(request, actor=actor, at=at, permission=access.REQUEST,
                 fact=lambda row: facts.PurchaseRequested(row.pk, row.number))
        _insert(request, made)
        return request


def edit_request(
    request: Request, *, version: int | None = None, lines: Iterable[Mapping[str, Any]] | None = None, actor: Actor, at: dt.datetime,
    **fields,
) -> Request:
    """Change a request before it is submitted (or after it was rejected); with `lines` all its lines are written anew."""
    for name in fields:
        if name not in _FIELDS:
            raise RuleBroken(_("不能修改这一项"), code="unknown_field", field=name)
    with transaction.atomic():
        request = revise(request, actor=actor, at=at, permission=access.REQUEST, version=version, **fields)
        if request.status not in (RequestStatus.DRAFT, RequestStatus.REJECTED):
            raise WrongState(_("申请已提交，不能修改"), code="submitted_already")
        if lines is not None:
            made = _made_lines(require_lines(lines), request.supplier_id, clock.local_day(at, actor.zone))
            RequestLine.objects.filter(request=request).delete()
            _insert(request, made)
            request = revise(request, actor=actor, at=at, permission=access.REQUEST, total_amount=_total(made))
        return request


@REQUEST.move("submit")
def submit(request: Request, *, actor: Actor, at: dt.datetime) -> facts.RequestSubmitted:
    """The request waits for approval by who may for its amount."""
    right = terms.required_right(request.total_amount, clock.local_day(at, actor.zone))
    revise(request, submitted_at=at, decided_at=None, decided_by="", decision="")
    return facts.RequestSubmitted(request.pk, f"{request.total_amount}", right)


@REQUEST.move("withdraw")
def withdraw(request: Request, *, actor: Actor, at: dt.datetime) -> facts.RequestEnded:
    """Its author takes the request back to change it."""
    revise(request, submitted_at=None)
    return facts.RequestEnded(request.pk)


@REQUEST.move("approve")
def approve(
    request: Request, *, actor: Actor, at: dt.datetime, reason: str = "", cuts: Mapping[int, Decimal] | None = None
) -> facts.RequestDecided:
    """Let it be bought; `cuts` lowers lines by id (0 strikes one out). Never by who asks, and only by the right for its amount."""
    _require_right(request, actor, at)
    _cut(request, cuts or {})
    revise(request, decided_at=at, decided_by=actor.name[:80], decision=reason.strip()[:200])
    return facts.RequestDecided(request.pk, True, reason)


@REQUEST.move("reject")
def reject(request: Request, *, actor: Actor, at: dt.datetime, reason: str) -> facts.RequestDecided:
    """Send it back with a reason; its author may change and submit it again."""
    _require_right(request, actor, at)
    reason = require_reason(reason)
    revise(request, decided_at=at, decided_by=actor.name[:80], decision=reason)
    return facts.RequestDecided(request.pk, False, reason)


def _require_right(request: Request, actor: Actor, at: dt.datetime) -> None:
    if actor.employee_id is not None and actor.employee_id == request.author_id:
        raise RuleBroken(_("不能审批自己的申请"), code="own_request")
    day = clock.local_day(at, actor.zone)
    if not terms.may_approve(actor, request.total_amount, branch_id=request.branch_id, day=day):
        raise not_allowed(terms.required_right(request.total_amount, day))


def _cut(request: Request, cuts: Mapping[int, Decimal]) -> None:
    lines = {line.pk: line for line in RequestLine.objects.filter(request=request)}
    for pk, qty in cuts.items():
        if pk not in lines:
            raise NotFound(_("没有找到这一行"), kind="purchasing.requestline")
        qty = quantity_or_zero(qty)
        if qty > lines[pk].qty:
            raise RuleBroken(_("批准数量不能多于申请数量"), code="more_than_requested", field="qty")
        if qty == 0:
            RequestLine.objects.filter(pk=pk).delete()
            del lines[pk]
        elif qty != lines[pk].qty:
            RequestLine.objects.filter(pk=pk).update(qty=qty)
            lines[pk].qty = qty
    if not lines:
        raise RuleBroken(_("全部划掉时请用驳回"), code="no_lines", field="lines")
    if cuts:
        revise(request, total_amount=_total(lines.values()))


@REQUEST.move("finish")
def finish(request: Request, *, actor: Actor, at: dt.datetime, reason: str = "") -> facts.RequestEnded:
    """All is ordered; what is not will not be bought, for which a reason is needed."""
    rest = [line.pk for line in RequestLine.objects.filter(request=request) if line.ordered_qty < line.qty]
    if rest:
        reason = require_reason(reason)
        RequestLine.objects.filter(pk__in=rest).update(is_live=False)
    return facts.RequestEnded(request.pk, reason)


@REQUEST.move("reopen")
def reopen(request: Request, *, actor: Actor, at: dt.datetime) -> facts.RequestEnded:
    """What was ordered does not come after all: it may be ordered again."""
    rows = [line for line in RequestLine.objects.filter(request=request, is_live=False) if line.ordered_qty < line.qty]
    asked = set(RequestLine.objects.filter(
        is_live=True, shortage_id__in=[line.shortage_id for line in rows if line.shortage_id]).values_list("shortage_id", flat=True))
    RequestLine.objects.filter(pk__in=[line.pk for line in rows if line.shortage_id not in asked]).update(is_live=True)
    return facts.RequestEnded(request.pk)


@REQUEST.move("cancel")
def cancel_request(request: Request, *, actor: Actor, at: dt.datetime, reason: str) -> facts.RequestEnded:
    """It is not needed any more; refuses when something was ordered for it (`ordered_already`)."""
    reason = require_reason(reason)
    lines = RequestLine.objects.filter(request=request)
    if lines.filter(ordered_qty__gt=0).exists():
        raise WrongState(_("已经订购，请先取消采购订单或办结申请"), code="ordered_already")
    lines.update(is_live=False)
    return facts.RequestEnded(request.pk, reason)


def take_up(made: Iterable[OrderLine], *, actor: Actor, at: dt.datetime) -> None:
    """Note on request lines that they are ordered; requests with nothing open are finished."""
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for line in made:
        if line.request_line_id is not None:
            wanted[line.request_line_id] += line.qty
    rows = {row.pk: row for row in RequestLine.objects.filter(pk__in=wanted).select_related("request", "part").order_by("pk")}
    if len(rows) != len(wanted):
        raise NotFound(_("没有找到采购申请的这一行"), kind="purchasing.requestline")
    parts = {line.request_line_id: line.part_id for line in made if line.request_line_id is not None}
    for pk, row in rows.items():
        if row.request.status != RequestStatus.APPROVED or not row.is_live:
            raise WrongState(_("采购申请 %(number)s 未批准或已办结") % {"number": row.request.number}, code="not_approved")
        if parts[pk] != row.part_id:
            raise RuleBroken(_("与采购申请的配件不同"), code="other_part", field="part")
        if row.ordered_qty + wanted[pk] > row.qty:
            raise RuleBroken(_("%(part)s 超出申请未订数量") % {"part": row.part.name}, code="more_than_requested", field="qty")
        shift(RequestLine, pk, {"ordered_qty": row.ordered_qty}, ordered_qty=wanted[pk])
    for request in {row.request_id: row.request for row in rows.values()}.values():
        if all(line.ordered_qty >= line.qty for line in RequestLine.objects.filter(request=request, is_live=True)):
            finish(request, actor=trusted(actor), at=at)


def give_back(lines: Iterable[OrderLine], *, actor: Actor, at: dt.datetime) -> None:
    """What an order does not bring is open on its requests again."""
    again: dict[int, Request] = {}
    for line in lines:
        row = line.request_line
        if row is None or not line.open_qty:
            continue
        row.refresh_from_db(fields=["ordered_qty"])
        shift(RequestLine, row.pk, {"ordered_qty": row.ordered_qty}, ordered_qty=-min(line.open_qty, row.ordered_qty))
        again[row.request_id] = row.request
    for request in again.values():
        if request.status == RequestStatus.ORDERED:
            reopen(request, actor=trusted(actor), at=at)


def _made_lines(lines: list[Mapping[str, Any]], supplier_id: int | None, day: dt.date) -> list[RequestLine]:
    prices = terms.prices_on(day, {line["part_id"] for line in lines}, supplier_id=supplier_id)
    made = []
    for index, line in enumerate(lines):
        price = line.get("price_amount")
        if price in (None, ""):
            found = prices.get(line["part_id"])
            # A foreign price says nothing in CNY; the approver then decides without an amount of that line.
            price = found[0].price_amount if found and found[0].supplier.currency == "CNY" else Decimal(0)
        source = line.get("source")
        with at_line(index):
            made.append(RequestLine(
                part_id=line["part_id"], qty=require_quantity(line["qty"]), price_amount=require_price(price),
                needed_on=line.get("needed_on") or None, shortage_id=line.get("shortage_id"),
                source_kind=source.kind if source else "", source_id=source.id if source else 0, source_number=source.number if source else "",
            ))
    return made


def _insert(request: Request, made: list[RequestLine]) -> None:
    asked = [line.shortage_id for line in made if line.shortage_id]
    if asked and RequestLine.objects.filter(shortage_id__in=asked, is_live=True).exists():
        raise WrongState(_("这些缺件已经申请采购"), code="requested_already")
    for line in made:
        line.request = request
        line.save(force_insert=True)


def _total(lines: Iterable[RequestLine]) -> Decimal:
    return rules.totals((line.qty, line.price_amount, Decimal(0)) for line in lines)[0]
