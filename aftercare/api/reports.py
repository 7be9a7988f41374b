"""Reports: dashboards by role, the engineer's day, the director's day, service levels, and their signatures."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls, work_orders
from aftercare.api.fields import Day, Name, Number, Text, Write
from aftercare.api.routes import Routes
from aftercare.api.rows import From, Made, Row
from aftercare.domain.people import queries as people
from aftercare.flows import sign_report
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import dashboards, director_day, engineer_day, order_summary, service_level, signatures

routes = Routes("Reports")


class FigureRow(Row):
    """One figure; `behind` and `filters` name the list that shows its rows. Money and percent are decimal text."""

    code: str
    label: Annotated[str, Made(lambda figure, actor: str(figure.label))]
    value: int | Decimal | None
    kind: Literal["count", "money", "percent"]
    behind: Annotated[str, From("register")]
    filters: dict[str, Any]
    tone: Literal["plain", "good", "warn", "bad"]


class Dashboard(Row):
    """The figures of a role, worked out at most every 30 seconds."""

    role: str
    label: Annotated[str, Made(lambda board, actor: str(board.label))]
    roles: Annotated[list[str], Made(lambda board, actor: dashboards.roles_of(actor))]
    figures: Annotated[list[FigureRow], Made(lambda board, actor: FigureRow.many(board.figures, actor))]
    at: dt.datetime


class TripRow(Row):
    """One visit of the day."""

    number: str
    customer: str
    product: str
    title: str
    set_out_at: dt.datetime | None
    arrived_at: dt.datetime | None
    left_at: dt.datetime | None
    status: str
    amount: Decimal


class PartUsedRow(Row):
    """Parts that went into that day's finished orders."""

    name: str
    qty: Decimal


class SignatureRow(Row):
    """Who signed which figures."""

    name: str
    employee_id: int | None
    at: dt.datetime
    figures: dict[str, Any]
    remark: str


class EngineerDay(Row):
    """An engineer's day. Minutes are between set-out, arrival and leaving."""

    engineer: Annotated[str, From("employee__number")]
    name: Annotated[str, From("employee__name")]
    day: dt.date
    finished: int
    travel_minutes: int
    work_minutes: int
    collected_amount: Decimal
    held_amount: Decimal
    trips: Annotated[list[TripRow], Made(lambda report, actor: TripRow.many(report.trips, actor))]
    parts: Annotated[list[PartUsedRow], Made(lambda report, actor: PartUsedRow.many(report.parts, actor))]
    signatures: Annotated[list[SignatureRow], Made(lambda report, actor: SignatureRow.many(
        signatures.list_signatures("engineer_day", report.employee.pk, report.day), actor
    ))]


class BranchDayRow(Row):
    """One branch's figures of the day."""

    branch: Annotated[str, From("number")]
    name: str
    new: int
    finished: int
    open: int
    late: int
    short_parts: int
    complaints: int
    collected_amount: Decimal
    held_amount: Decimal
    unsettled: int
    unsettled_amount: Decimal


class DirectorDay(Row):
    """The day of the branches the caller reports on."""

    day: dt.date
    items: list[BranchDayRow]


class LevelRow(Row):
    """Service figures of orders finished in a time; rates are fractions."""

    key: int | None
    name: str
    finished: int
    response_minutes: int | None
    repair_minutes: int | None
    first_time_rate: Decimal | None
    on_time_rate: Decimal | None
    repeat_rate: Decimal | None


class Levels(Row):
    """Service figures by group."""

    items: list[LevelRow]


class Signed(Row):
    """The signatures under a report, oldest first."""

    items: list[SignatureRow]


class Sign(Write):
    """Signs the figures as they are now."""

    day: Day
    remark: Text = ""


class SignEngineerDay(Sign):
    """Signs an engineer's day; the kilometres are his to fill in."""

    kilometres: Annotated[Decimal, Field(ge=0, max_digits=7, decimal_places=1)] | None = None


class SummaryLine(Row):
    """One group of orders. `across` has its values under the keys of `heads`, in their order."""

    key: Annotated[str, Made(lambda line, actor: "" if line.key is None else str(line.key))]
    name: str
    orders: int
    open: int
    late: int
    finished: int
    amount: Decimal
    across: Annotated[list[int | Decimal], Made(lambda line, actor: list(line.across))]


class SummaryHead(Row):
    """One column across."""

    key: str
    name: str


class OrderSummary(Row):
    """Orders grouped and summed; the total is that of all groups. `is_cut`: there are more groups than are told."""

    by: str
    across: str
    measure: str
    heads: Annotated[list[SummaryHead], Made(lambda found, actor: [
        {"key": "" if key is None else str(key), "name": name} for key, name in found.heads
    ])]
    lines: Annotated[list[SummaryLine], Made(lambda found, actor: SummaryLine.many(found.lines, actor))]
    total: Annotated[SummaryLine, Made(lambda found, actor: SummaryLine.of(found.total, actor))]
    is_cut: bool


class SummaryAsked(work_orders.OrderFilters):
    """By what the orders are grouped, across what, and the filters of the list of orders."""

    by: Literal[tuple(order_summary.GROUPS)] = "status"
    across: Literal["", *order_summary.ACROSS] = Field("", description="A second thing beside it, as a pivot.")
    measure: Literal[tuple(order_summary.MEASURES)] = Field("orders", description="What the values across are.")


@routes.read("/reports/work-orders", OrderSummary)
def get_order_summary(request, asked: Query[SummaryAsked]):
    """Orders grouped and summed, narrowed by the filters of the list of orders."""
    actor = calls.caller(request)
    rows = work_orders.narrowed(asked, actor)
    found = order_summary.calculate(rows, by=asked.by, across=asked.across, measure=asked.measure, at=clock.now())
    return OrderSummary.of(found, actor)


def _today(actor: Actor) -> dt.date:
    return clock.local_day(clock.now(), actor.zone)


@routes.read("/dashboard", Dashboard)
def get_dashboard(request, role: Name = ""):
    """What a role has to do now (default: the caller's own role)."""
    actor = calls.caller(request)
    return Dashboard.of(dashboards.calculate(actor, at=clock.now(), role=role), actor)


@routes.read("/reports/engineer-day/{number}", EngineerDay)
def get_engineer_day(request, number: Number, day: Day | None = None):
    """An engineer's day; his own is always open to him."""
    actor = calls.caller(request)
    employee = people.get_employee(number, actor)
    report = engineer_day.calculate(actor, employee_id=employee.pk, day=day or _today(actor))
    return EngineerDay.of(report, actor)


@routes.act("/reports/engineer-day/{number}/sign", Signed)
def sign_engineer_day(request, number: Number, body: SignEngineerDay):
    """Sign an engineer's day with its figures."""
    actor = calls.caller(request)
    employee = people.get_employee(number, actor)
    report = engineer_day.calculate(actor, employee_id=employee.pk, day=body.day, kilometres=body.kilometres)
    sign_report.sign("engineer_day", subject_id=employee.pk, number=employee.number, branch_id=employee.branch_id,
                     day=body.day, figures=report.figures(), remark=body.remark, actor=actor,
                     at=calls.moment(request, body.at))
    return {"items": SignatureRow.many(signatures.list_signatures("engineer_day", employee.pk, body.day), actor)}


@routes.read("/reports/director-day", DirectorDay)
def get_director_day(request, day: Day | None = None, branch: Number | None = None):
    """The day of the branches the caller reports on, or of one."""
    actor = calls.caller(request)
    day = day or _today(actor)
    branch_id = people.get_branch(branch, actor).pk if branch else None
    found = director_day.calculate(actor, day=day, at=clock.now(), branch_id=branch_id)
    return {"day": day, "items": BranchDayRow.many(found, actor)}


@routes.act("/reports/director-day/{number}/sign", Signed)
def sign_director_day(request, number: Number, body: Sign):
    """Sign a branch's day with its figures."""
    actor = calls.caller(request)
    branch, at = people.get_branch(number, actor), calls.moment(request, body.at)
    found = director_day.calculate(actor, day=body.day, at=at, branch_id=branch.pk)
    report = calls.found(next(iter(found), None))
    sign_report.sign("director_day", subject_id=branch.pk, number=branch.number, branch_id=branch.pk, day=body.day,
                     figures=report.figures(), remark=body.remark, actor=actor, at=at)
    return {"items": SignatureRow.many(signatures.list_signatures("director_day", branch.pk, body.day), actor)}


@routes.read("/reports/service-level", Levels)
def get_service_level(request, since: Day, until: Day,
                      group: Literal["", "branch", "engineer", "category", "work_type", "region"] = "",
                      branch: Number | None = None):
    """Response, repair time, first-time fix, punctuality and repeats of orders finished between two local days."""
    actor = calls.caller(request)
    branch_id = people.get_branch(branch, actor).pk if branch else None
    if not group:
        found = [service_level.calculate(actor, since=since, until=until, branch_id=branch_id)]
    else:
        found = service_level.rank(actor, group=group, since=since, until=until, branch_id=branch_id)
    return {"items": LevelRow.many(found, actor)}
