"""Rates and rules of deduction: writes, kept beside actions for length. Gaps are allowed, doubles are refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.settlement import access as permissions
from aftercare.domain.settlement import rules
from aftercare.domain.settlement.models import Deduction, Rate
from aftercare.foundation import numbering, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken

_CONDITIONS = ("work_type_id", "category_id", "mode", "grade")
_NUMBERS = ("amount", "labour_percent", "part_percent", "percent")


@transaction.atomic
def create_rate(
    *, valid_from: dt.date, valid_to: dt.date | None = None, work_type_id: int | None = None,
    category_id: int | None = None, mode: str = "", grade: str = "", amount: Decimal = Decimal(0),
    labour_percent: Decimal = Decimal(0), part_percent: Decimal = Decimal(0), actor: Actor, at: dt.datetime,
) -> Rate:
    """Add a commission rate; refuses one with the same conditions on overlapping days (`rate_overlaps`)."""
    rate = Rate(
        work_type_id=work_type_id, category_id=category_id, mode=mode, grade=grade, amount=amount,
        labour_percent=labour_percent, part_percent=part_percent, valid_from=valid_from, valid_to=valid_to,
    )
    _require_sound(rate)
    _require_single(rate, {name: getattr(rate, name) for name in _CONDITIONS})
    transactions.forget()
    return open_new(rate, actor=actor, at=at, permission=permissions.MANAGE_RATES)


@transaction.atomic
def edit_rate(rate: Rate, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Rate:
    """Change a rate, or end it by `valid_to`. Lines booked already keep their own copy of the old one."""
    _require_known(fields, (*_CONDITIONS, "amount", "labour_percent", "part_percent", "valid_from", "valid_to"))
    transactions.forget()
    rate = revise(rate, actor=actor, at=at, permission=permissions.MANAGE_RATES, version=version, **fields)
    _require_sound(rate)
    _require_single(rate, {name: getattr(rate, name) for name in _CONDITIONS})
    return rate


@transaction.atomic
def create_deduction(
    *, cause: str, valid_from: dt.date, valid_to: dt.date | None = None, over_minutes: int = 0,
    amount: Decimal = Decimal(0), percent: Decimal = Decimal(0), actor: Actor, at: dt.datetime,
) -> Deduction:
    """Add a step of the overdue ladder (`cause` overdue) or the rule for repeat repairs (repeat)."""
    deduction = Deduction(cause=cause, over_minutes=over_minutes, amount=amount, percent=percent,
                          valid_from=valid_from, valid_to=valid_to)
    if cause not in Deduction.Cause.values:
        raise RuleBroken(_("没有这种扣费原因"), code="unknown_cause", field="cause")
    _require_sound(deduction)
    _require_single(deduction, {"cause": cause, "over_minutes": over_minutes})
    transactions.forget()
    return open_new(deduction, actor=actor, at=at, permission=permissions.MANAGE_RATES)


@transaction.atomic
def edit_deduction(deduction: Deduction, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Deduction:
    """Change a rule of deduction, or end it by `valid_to`."""
    _require_known(fields, ("over_minutes", "amount", "percent", "valid_from", "valid_to"))
    transactions.forget()
    deduction = revise(deduction, actor=actor, at=at, permission=permissions.MANAGE_RATES, version=version, **fields)
    _require_sound(deduction)
    _require_single(deduction, {"cause": deduction.cause, "over_minutes": deduction.over_minutes})
    return deduction


def _require_known(fields: dict, known: tuple[str, ...]) -> None:
    for name in fields:
        if name not in known:
            raise RuleBroken(_("不能修改这一项"), code="unknown_field", field=name)


def _require_sound(line: Rate | Deduction) -> None:
    if line.valid_to is not None and line.valid_to < line.valid_from:
        raise RuleBroken(_("失效日期不能早于生效日期"), code="validity_reversed", field="valid_to")
    for name in _NUMBERS:
        value = getattr(line, name, None)
        if value is not None and (value < 0 or (name.endswith("percent") and value > 100)):
            raise RuleBroken(_("数值超出范围"), code="out_of_range", field=name)


def _require_single(line: Rate | Deduction, same: dict) -> None:
    # Nothing in both databases excludes overlapping ranges; the series' row makes writers of rates wait for each other.
    numbering.take("RATES")
    model = type(line)
    rows = model.objects.exclude(pk=line.pk)
    for name, value in same.items():
        rows = rows.filter(**{f"{name}__isnull": True} if value is None else {name: value})
    for other in rows:
        if rules.overlap((line.valid_from, line.valid_to), (other.valid_from, other.valid_to)):
            raise RuleBroken(_("同样条件的标准在这些日期已经存在"), code="rate_overlaps", field="valid_from", other=other.pk)
