"""Writes of the fee schedule and of the time limits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts
from aftercare.domain.catalog.access import EDIT, EDIT_PRICE
from aftercare.domain.catalog.actions.parts import end_open_line, require_span, spans
from aftercare.domain.catalog.actions.words import _allowed
from aftercare.domain.catalog.models import Category, LabourPrice, ServiceLevel, WorkType
from aftercare.foundation import money, numbering, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import step


def set_labour_price(
    *, amount: Decimal, valid_from: dt.date, valid_to: dt.date | None = None, fee: str = "labour",
    work_type: WorkType | None = None, category: Category | None = None, is_urban: bool | None = None,
    customer_kind: str = "", service_class: str = "", end_previous: bool = False, actor: Actor, at: dt.datetime,
) -> LabourPrice:
    """Add a line to the fee schedule (CNY). Refuses a line that overlaps one with the very same columns.

    `end_previous` lets the open-ended line before it end on the day before.
    """
    if fee not in LabourPrice.Fee.values:
        raise RuleBroken(_("没有这种费用"), code="unknown_fee", field="fee")
    if service_class not in ("", "A", "B", "C", "D"):
        raise RuleBroken(_("没有这种服务类别"), code="unknown_class", field="service_class")
    amount = money.require_amount(amount, field="amount")
    require_span(valid_from, valid_to)
    same = {"fee": fee, "work_type": work_type, "category": category, "is_urban": is_urban,
            "customer_kind": customer_kind, "service_class": service_class}
    with step():
        # Two lines set at once would not see each other: they take their turns here.
        numbering.take("LABOUR-PRICE")
        rows = LabourPrice.objects.filter(**same)
        if end_previous:
            end_open_line(rows, valid_from, actor, at)
        if spans(rows, valid_from, valid_to).exists():
            raise RuleBroken(_("同样条件在这段时间已有价格"), code="price_overlap", field="valid_from")
        line = LabourPrice(amount=amount, valid_from=valid_from, valid_to=valid_to, **same)
        return open_new(line, actor=actor, at=at, permission=EDIT_PRICE,
                        fact=lambda row: facts.PriceSet(row.kind, row.pk, row.amount))


def end_labour_price(
    line: LabourPrice, *, valid_to: dt.date, version: int, actor: Actor, at: dt.datetime
) -> LabourPrice:
    """Let a line of the schedule end earlier; a line is never made longer, set a new one instead."""
    require_span(line.valid_from, valid_to)
    if line.valid_to is not None and valid_to > line.valid_to:
        raise RuleBroken(_("不能延长，请另设新价"), code="price_longer", field="valid_to")
    transactions.forget()
    return revise(line, actor=actor, at=at, permission=EDIT_PRICE, version=version, valid_to=valid_to)


def set_service_level(
    *, respond_minutes: int, repair_minutes: int, work_type: WorkType | None = None, category: Category | None = None,
    is_urban: bool | None = None, urgent: bool = False, actor: Actor, at: dt.datetime,
) -> ServiceLevel:
    """Set the limits (working minutes) for a kind of job; a line with the same columns is changed, not doubled."""
    _require_limits(respond_minutes, repair_minutes)
    same = {"work_type": work_type, "category": category, "is_urban": is_urban, "urgent": urgent}
    limits = {"respond_minutes": respond_minutes, "repair_minutes": repair_minutes}
    with step():
        numbering.take("SERVICE-LEVEL")
        known = ServiceLevel.objects.filter(**same).first()
        if known is not None:
            return revise(known, actor=actor, at=at, permission=EDIT, **limits)
        return open_new(ServiceLevel(**same, **limits), actor=actor, at=at, permission=EDIT)


def edit_service_level(level: ServiceLevel, *, version: int, actor: Actor, at: dt.datetime, **fields) -> ServiceLevel:
    """Change the limits of a line (respond_minutes, repair_minutes)."""
    values = _allowed(fields, {"respond_minutes", "repair_minutes"})
    _require_limits(values.get("respond_minutes", level.respond_minutes),
                    values.get("repair_minutes", level.repair_minutes))
    transactions.forget()
    return revise(level, actor=actor, at=at, permission=EDIT, version=version, **values)


def _require_limits(respond_minutes: int, repair_minutes: int) -> None:
    if not 0 < respond_minutes <= repair_minutes:
        raise RuleBroken(_("到达时限应大于零，且不超过修复时限"), code="bad_limits", field="respond_minutes")
