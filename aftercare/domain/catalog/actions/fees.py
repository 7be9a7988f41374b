"""Writes of the fee schedule: no gap and no overlap comes into being by a save."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, queries, rules
from aftercare.domain.catalog.access import EDIT_PRICE
from aftercare.domain.catalog.actions.parts import require_span, spans
from aftercare.domain.catalog.models import Category, LabourPrice, WorkType
from aftercare.domain.catalog.queries.schedule import wants_of
from aftercare.domain.people import queries as people
from aftercare.foundation import money, numbering, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import step

SURCHARGES = ("holiday", "night")
_CLASSES = ("A", "B", "C", "D")
_DAY = dt.timedelta(days=1)


def set_labour_price(
    *, amount: Decimal = money.ZERO, valid_from: dt.date, valid_to: dt.date | None = None, fee: str = "labour",
    work_type: WorkType | None = None, category: Category | None = None, region=None, is_urban: bool | None = None,
    customer_grade: str = "", customer_kind: str = "", service_class: str = "", percent: Decimal | None = None,
    from_km: int | None = None, to_km: int | None = None, per_minutes: int | None = None, from_time: dt.time | None = None,
    to_time: dt.time | None = None, end_previous: bool = False, actor: Actor, at: dt.datetime,
) -> LabourPrice:
    """Add a line to the fee schedule (CNY; a surcharge may be `percent` of the labour fee).

    Refuses a line that shares a day with one of the very same columns (`price_overlap`). `end_previous` lets the line
    before it end on the day before; that may not leave days after `valid_to` without a price (`price_gap`).
    """
    extra = {"percent": percent, "from_km": from_km, "to_km": to_km, "per_minutes": per_minutes, "from_time": from_time,
             "to_time": to_time}
    _require_sense(fee, service_class, extra)
    amount = money.require_amount(amount, field="amount")
    require_span(valid_from, valid_to)
    same = {"fee": fee, "work_type": work_type, "category": category, "region": region, "is_urban": is_urban,
            "customer_grade": customer_grade.strip()[:20], "customer_kind": customer_kind, "service_class": service_class}
    line = LabourPrice(amount=amount, valid_from=valid_from, valid_to=valid_to, **same, **extra)
    with step():
        # Two lines set at once would not see each other: they take their turns here.
        numbering.take("LABOUR-PRICE")
        transactions.forget()
        twins = [row for row in LabourPrice.objects.select_related("work_type", "category", "region").filter(**same) if _same_band(row, line)]
        shortened = []
        if end_previous:
            shortened = [row for row in twins if row.valid_from < valid_from and (row.valid_to is None or row.valid_to >= valid_from)]
            for row in shortened:
                revise(row, actor=actor, at=at, permission=EDIT_PRICE, valid_to=valid_from - _DAY)
        _require_alone(line, [row for row in twins if row not in shortened])
        made = open_new(line, actor=actor, at=at, permission=EDIT_PRICE,
                        fact=lambda row: facts.PriceSet(row.kind, row.pk, row.amount))
        for row in shortened:
            _require_covered(row, valid_from, row.valid_to)
    return made


def _require_sense(fee: str, service_class: str, extra: dict) -> None:
    if fee not in LabourPrice.Fee.values:
        raise RuleBroken(_("没有这种费用"), code="unknown_fee", field="fee")
    if service_class not in ("", *_CLASSES):
        raise RuleBroken(_("没有这种服务类别"), code="unknown_class", field="service_class")
    first, last = extra["from_km"], extra["to_km"]
    if (first is not None or last is not None) and fee != "distance":
        raise RuleBroken(_("只有远程费分公里数"), code="band_not_asked", field="from_km")
    if last is not None and last <= (first or 0):
        raise RuleBroken(_("公里数止应大于起"), code="bad_band", field="to_km")
    if (extra["per_minutes"] is not None) != (fee == "time") or extra["per_minutes"] == 0:
        raise RuleBroken(_("超时工时费请填每多少分钟，其他费用不填"), code="bad_period", field="per_minutes")
    if extra["percent"] is not None and (fee not in SURCHARGES or not 0 < extra["percent"] <= 1000):
        raise RuleBroken(_("只有加价可按人工费的比例"), code="percent_not_asked", field="percent")
    times = (extra["from_time"], extra["to_time"])
    if (None in times) == (fee == "night") or (fee == "night" and times[0] == times[1]):
        raise RuleBroken(_("夜间加价请填起止时间，其他费用不填"), code="bad_hours", field="from_time")


def _same_band(row: LabourPrice, line: LabourPrice) -> bool:
    """Whether two lines of the same columns could price the same job: their kilometres or hours meet."""
    if row.fee == "distance":
        return (row.to_km is None or (line.from_km or 0) < row.to_km) and (line.to_km is None or (row.from_km or 0) < line.to_km)
    if row.fee == "night":
        return rules.at_night(row.from_time, line.from_time, line.to_time) or rules.at_night(line.from_time, row.from_time, row.to_time)
    return True


def _require_alone(line: LabourPrice, twins: Iterable[LabourPrice]) -> None:
    for row in twins:
        if (row.valid_to is None or row.valid_to >= line.valid_from) and (line.valid_to is None or row.valid_from <= line.valid_to):
            first = max(row.valid_from, line.valid_from)
            last = min((day for day in (row.valid_to, line.valid_to) if day), default=None)
            raise RuleBroken(
                _("「%(what)s」在 %(days)s 已有价格") % {"what": queries.line_label(line), "days": _span((first, last))},
                code="price_overlap", field="valid_from",
            )


def _span(span: rules.Span) -> str:
    first, last = span
    return _("%(first)s 起") % {"first": first} if last is None else f"{first}" if first == last else _("%(first)s 至 %(last)s") % {"first": first, "last": last}


def _require_covered(line: LabourPrice, first: dt.date, last: dt.date | None) -> None:
    """Refuse that these days, on which `line` gave a price, have none any more."""
    others = LabourPrice.objects.select_related("work_type", "category", "region").filter(fee=line.fee)
    others = [row for row in spans(others, first, last) if row.pk != line.pk or row.valid_from > first]
    wants = wants_of(line)
    above = [()] * len(wants)
    above[1] = queries.ancestry(line.category_id)[1:]
    above[2] = people.region_chain(wants[2])[1:] if wants[2] else ()
    for service_class in [line.service_class] if line.service_class else _CLASSES:
        asked = (*wants[:-1], service_class)
        holding = [
            (row.valid_from, row.valid_to) for row in others
            if rules.stands_in(wants_of(row), asked, above) and _spans_band(row, line)
        ]
        gap = rules.uncovered((first, last), holding)
        if gap:
            raise RuleBroken(
                _("「%(what)s」在 %(days)s 将没有价格；确要停止收费请用「停止」并写明原因")
                % {"what": queries.line_label(line), "days": _span(gap[0])},
                code="price_gap", field="valid_to", first=gap[0][0].isoformat(), last=gap[0][1].isoformat() if gap[0][1] else None,
            )


def _spans_band(row: LabourPrice, line: LabourPrice) -> bool:
    if row.fee == "distance":
        return (row.from_km or 0) <= (line.from_km or 0) and (row.to_km is None or (line.to_km is not None and line.to_km <= row.to_km))
    return row.fee != "night" or (row.from_time, row.to_time) == (line.from_time, line.to_time)


def end_labour_price(
    line: LabourPrice, *, valid_to: dt.date, version: int, actor: Actor, at: dt.datetime
) -> LabourPrice:
    """Let a line of the schedule end earlier where other lines hold for what it priced; else `price_gap`.

    A line is never made longer: set a new one instead. An offer that ends without another is withdrawn.
    """
    _require_earlier(line, valid_to)
    with step():
        numbering.take("LABOUR-PRICE")
        transactions.forget()
        last = line.valid_to
        ended = revise(line, actor=actor, at=at, permission=EDIT_PRICE, version=version, valid_to=valid_to)
        if last is None or last > valid_to:
            _require_covered(ended, valid_to + _DAY, last)
    return ended


def withdraw_labour_price(
    line: LabourPrice, *, valid_to: dt.date, reason: str, version: int, actor: Actor, at: dt.datetime
) -> LabourPrice:
    """End an offer on purpose: from the next day on what it priced may have no price. A reason must be given."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    _require_earlier(line, valid_to)
    transactions.forget()
    return revise(
        line, actor=actor, at=at, permission=EDIT_PRICE, version=version, verb="catalog.labourprice.withdraw", because=reason.strip()[:200],
        fact=facts.PriceWithdrawn(line.pk, valid_to.isoformat(), reason.strip()[:200]), valid_to=valid_to,
    )


def _require_earlier(line: LabourPrice, valid_to: dt.date) -> None:
    require_span(line.valid_from, valid_to)
    if line.valid_to is not None and valid_to > line.valid_to:
        raise RuleBroken(_("不能延长，请另设新价"), code="price_longer", field="valid_to")
