"""收费标准: labour and part prices by date, and the time limits of jobs."""

import base64
import binascii
import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Percent, Plain, RegionCode, Small, Strict, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.catalog import actions
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.flows import take_schedule
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

routes = Routes("Prices")

Fee = Literal["labour", "travel", "inspection", "distance", "time", "holiday", "night"]
CustomerKind = Literal["", "person", "company", "dealer", "store"]
ServiceClass = Literal["", "A", "B", "C", "D"]
Grade = Annotated[Plain, Field(max_length=20)]
LimitMinutes = Annotated[int, Field(ge=1, le=1_000_000)]
ORDERS = {"-valid_from": ("-valid_from", "-id"), "-id": ("-id",)}


class LabourPriceRow(Row):
    """A line of the fee schedule; null and empty columns mean any; the most specific valid line wins."""

    id: int
    fee: Fee
    work_type: Annotated[str | None, From("work_type__code")]
    category_id: int | None
    region: Annotated[str | None, From("region__code")]
    is_urban: bool | None
    customer_grade: str
    customer_kind: CustomerKind
    service_class: ServiceClass
    amount: Decimal
    percent: Decimal | None
    from_km: int | None
    to_km: int | None
    per_minutes: int | None
    from_time: dt.time | None
    to_time: dt.time | None
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class PartPriceRow(Row):
    """A dated price of a part."""

    id: int
    part_id: int
    part: Annotated[str, From("part__code")]
    customer_grade: str
    customer_kind: CustomerKind
    amount: Decimal
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class ServiceLevelRow(Row):
    """Time limits in working minutes; null columns mean any."""

    id: int
    work_type: Annotated[str | None, From("work_type__code")]
    category_id: int | None
    is_urban: bool | None
    urgent: bool
    respond_minutes: int
    repair_minutes: int
    version: int


class PricesAsked(Asking):
    """Filters of the fee schedule."""

    fee: Fee | None = None
    work_type: Number | None = None
    valid_on: Day | None = None
    order: Literal[tuple(ORDERS)] = "-valid_from"


class PartPricesAsked(Asking):
    """Filters of the part prices."""

    part_id: Id | None = None
    valid_on: Day | None = None
    order: Literal[tuple(ORDERS)] = "-valid_from"


class NewLabourPrice(Write):
    """A line of the fee schedule."""

    amount: Amount
    valid_from: Day
    valid_to: Day | None = None
    fee: Fee = "labour"
    work_type: Number | None = Field(None, description="Code of the work type.")
    category_id: Id | None = None
    region: RegionCode | None = None
    is_urban: bool | None = None
    customer_grade: Grade = ""
    customer_kind: CustomerKind = ""
    service_class: ServiceClass = ""
    percent: Annotated[Percent | None, Field(gt=0)] = Field(None, description="Of a surcharge: percent of the labour fee instead of an amount.")
    from_km: Small | None = Field(None, description="Of the distance fee: above so many kilometres.")
    to_km: Small | None = None
    per_minutes: Small | None = Field(None, description="Of the time fee: for each started period beyond the usual time.")
    from_time: dt.time | None = Field(None, description="Of the night surcharge: local time of arrival.")
    to_time: dt.time | None = None
    end_previous: bool = Field(False, description="End the open line with the same columns the day before.")


class EndOfPrice(Write):
    """When the line ends."""

    valid_to: Day


class PriceWithdrawal(Write):
    """When the offer ends, and why nothing takes its place."""

    valid_to: Day
    reason: Annotated[Plain, Field(min_length=1, max_length=200)]


class JudgedLine(Row):
    """A line that was looked at: it won, was beaten by a more specific one, or differs; `why` names the column."""

    line: LabourPriceRow
    verdict: Literal["won", "beaten", "differs"]
    why: str


class PriceAnswer(Row):
    """A fee of a job and the lines that were looked at; null where the schedule has none."""

    qty: int | None
    price: Decimal | None
    amount: Decimal | None
    lines: list[JudgedLine]


class PriceAsked(Strict):
    """What a price depends on."""

    fee: Fee = "labour"
    on: Day | None = Field(None, description="Default: today.")
    work_type: Number | None = None
    category_id: Id | None = None
    region: RegionCode | None = None
    customer_grade: Grade = ""
    customer_kind: CustomerKind = ""
    service_class: ServiceClass = ""
    km: Annotated[Decimal | None, Field(ge=0, le=9999)] = None
    minutes: Small | None = None
    is_holiday: bool = False
    started_at: dt.time | None = None


class NewPartPrice(Write):
    """A dated price of a part, for all customers or those of a grade or kind."""

    customer_grade: Grade = ""
    customer_kind: CustomerKind = ""
    part_id: Id
    amount: Amount
    valid_from: Day
    valid_to: Day | None = None
    end_previous: bool = False


class NewServiceLevel(Write):
    """Time limits; a line with the same columns is changed."""

    respond_minutes: LimitMinutes
    repair_minutes: LimitMinutes
    work_type: Number | None = None
    category_id: Id | None = None
    is_urban: bool | None = None
    urgent: bool = False


class ScheduleFile(Write):
    """A workbook or CSV of the schedule, as the export writes it; `content` is Base64, at most 3 MB of file."""

    name: Annotated[Plain, Field(min_length=5, max_length=120)] = Field(examples=["prices.xlsx"])
    content: Annotated[Plain, Field(max_length=4_200_000)]


class RefusedRow(Row):
    """A row of the file that is not taken, and why."""

    row: int
    reason: str


class ScheduleTaken(Row):
    """Rows read, lines that were (or would be) added, lines that stood so already, and rows that are not taken."""

    dry_run: bool
    read: int
    added: int
    known: int
    problems: list[RefusedRow]


def _work_type(code: str | None, actor: Actor):
    return catalog.get_work_type(code, actor) if code else None


def _category(category_id: int | None, actor: Actor):
    return catalog.get_category(category_id, actor) if category_id else None


def _answer(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


@routes.list("/labour-prices", LabourPriceRow)
def list_labour_prices(request, asked: Query[PricesAsked]):
    """List the fee schedule, old lines too."""
    actor = calls.caller(request)
    rows = catalog.list_labour_prices(actor)
    if asked.fee:
        rows = rows.filter(fee=asked.fee)
    if asked.work_type:
        rows = rows.filter(work_type__code=asked.work_type)
    rows = calls.valid_on(rows, asked.valid_on)
    return page_of(LabourPriceRow, rows, actor, order=ORDERS[asked.order], asked=asked)


@routes.create("/labour-prices", LabourPriceRow)
def create_labour_price(request, body: NewLabourPrice):
    """Add a line to the fee schedule."""
    actor = calls.caller(request)
    row = actions.set_labour_price(
        amount=body.amount, valid_from=body.valid_from, valid_to=body.valid_to, fee=body.fee,
        work_type=_work_type(body.work_type, actor), category=_category(body.category_id, actor),
        region=people.get_region(body.region) if body.region else None, is_urban=body.is_urban,
        customer_grade=body.customer_grade, customer_kind=body.customer_kind, service_class=body.service_class,
        percent=body.percent, from_km=body.from_km, to_km=body.to_km, per_minutes=body.per_minutes, from_time=body.from_time,
        to_time=body.to_time, end_previous=body.end_previous, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(LabourPriceRow, row, actor), "labour-prices", row.pk)


def _take(request, body: ScheduleFile, *, dry_run: bool) -> dict:
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error:
        raise RuleBroken(_("文件内容不是 Base64"), code="not_base64", field="content") from None
    actor = calls.caller(request)
    taken = take_schedule.take_bytes(body.name, content, dry_run=dry_run, actor=actor, at=calls.moment(request, body.at))
    rows = [{"row": number, "reason": reason} for number, reason in taken.problems]
    return {"dry_run": taken.dry_run, "read": taken.read, "added": taken.added, "known": taken.known, "problems": rows}


@routes.act("/labour-prices/preview-import", ScheduleTaken)
def preview_price_import(request, body: ScheduleFile):
    """Try a file of the schedule out row by row; nothing is written."""
    return _take(request, body, dry_run=True)


@routes.act("/labour-prices/import", ScheduleTaken)
def import_prices(request, body: ScheduleFile):
    """Add the lines of a file to the schedule; a line with the same columns ends the day before. Bad rows are told and left out."""
    return _take(request, body, dry_run=False)


@routes.read("/labour-prices/{price_id}", LabourPriceRow)
def get_labour_price(request, price_id: Id):
    """One line of the fee schedule."""
    actor = calls.caller(request)
    row = one_of(LabourPriceRow, catalog.list_labour_prices(actor), actor, pk=price_id)
    return Answer(LabourPriceRow.of(row, actor), version=row.version)


@routes.edit("/labour-prices/{price_id}", LabourPriceRow)
def edit_labour_price(request, price_id: Id, body: EndOfPrice):
    """Let a line of the schedule end earlier; for anything else add a new line."""
    actor = calls.caller(request)
    line = one_of(LabourPriceRow, catalog.list_labour_prices(actor), actor, pk=price_id)
    line = actions.end_labour_price(line, valid_to=body.valid_to, version=calls.version_edited(request), actor=actor,
                                    at=calls.moment(request, body.at))
    return _answer(LabourPriceRow, line, actor)


@routes.act("/labour-prices/{price_id}/withdraw", LabourPriceRow, match=True)
def withdraw_labour_price(request, price_id: Id, body: PriceWithdrawal):
    """End an offer on purpose: from the next day on what it priced may have no price."""
    actor = calls.caller(request)
    line = one_of(LabourPriceRow, catalog.list_labour_prices(actor), actor, pk=price_id)
    line = actions.withdraw_labour_price(line, valid_to=body.valid_to, reason=body.reason, version=calls.version_seen(request) or line.version,
                                         actor=actor, at=calls.moment(request, body.at))
    return _answer(LabourPriceRow, line, actor)


@routes.read("/price-check", PriceAnswer)
def check_price(request, asked: Query[PriceAsked]):
    """Which line of the schedule wins for a job, and why the others do not."""
    actor = calls.caller(request)
    actor.require_anywhere("catalog.view")
    work_type, region = _work_type(asked.work_type, actor), people.get_region(asked.region) if asked.region else None
    category = _category(asked.category_id, actor)
    job = catalog.Job(
        asked.on or clock.local_day(clock.now(), actor.zone), work_type.pk if work_type else None, category.pk if category else None,
        region.code if region else "", region.is_urban if region else None, asked.customer_grade, asked.customer_kind,
        asked.service_class, asked.km, asked.minutes, work_type.minutes if work_type else 60, asked.is_holiday, asked.started_at,
    )
    fee, told = catalog.explain(asked.fee, job)
    return {
        "qty": fee.qty if fee else None, "price": fee.price if fee else None, "amount": fee.amount if fee else None,
        "lines": [{"line": LabourPriceRow.of(one["line"], actor), "verdict": one["verdict"], "why": one["why"]} for one in told],
    }


@routes.list("/part-prices", PartPriceRow)
def list_part_prices(request, asked: Query[PartPricesAsked]):
    """List the dated prices of parts."""
    actor = calls.caller(request)
    rows = catalog.list_part_prices(actor)
    if asked.part_id:
        rows = rows.filter(part_id=asked.part_id)
    rows = calls.valid_on(rows, asked.valid_on)
    return page_of(PartPriceRow, rows, actor, order=ORDERS[asked.order], asked=asked)


@routes.create("/part-prices", PartPriceRow)
def create_part_price(request, body: NewPartPrice):
    """Set a part's price from a day on."""
    actor = calls.caller(request)
    row = actions.set_part_price(
        catalog.get_part(body.part_id, actor), customer_grade=body.customer_grade, customer_kind=body.customer_kind, amount=body.amount, valid_from=body.valid_from, valid_to=body.valid_to,
        end_previous=body.end_previous, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(PartPriceRow, row, actor), "part-prices", row.pk)


@routes.list("/service-levels", ServiceLevelRow)
def list_service_levels(request, asked: Query[Asking]):
    """List the time limits."""
    actor = calls.caller(request)
    return page_of(ServiceLevelRow, catalog.list_service_levels(actor), actor, order=("id",), asked=asked)


@routes.act("/service-levels", ServiceLevelRow)
def set_service_level(request, body: NewServiceLevel):
    """Set the time limits for a kind of job."""
    actor = calls.caller(request)
    row = actions.set_service_level(
        respond_minutes=body.respond_minutes, repair_minutes=body.repair_minutes,
        work_type=_work_type(body.work_type, actor), category=_category(body.category_id, actor),
        is_urban=body.is_urban, urgent=body.urgent, actor=actor, at=calls.moment(request, body.at),
    )
    return _answer(ServiceLevelRow, row, actor)
