"""配件分类、呆滞、周转: classes of parts, what lies idle, how fast stock turns over."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Number, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, page_of
from aftercare.api.stock import _place
from aftercare.domain.inventory import actions
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.refusals import RuleBroken
from aftercare.reports import slow_movers, stock_turnover

routes = Routes("Part classes")


class ClassificationRow(Row):
    """One computation of a branch and month with its thresholds."""

    id: int
    branch: Annotated[str, From("branch__number")]
    month: dt.date
    a_percent: Decimal
    b_percent: Decimal
    x_variation: Decimal
    y_variation: Decimal
    parts: int
    computed_at: dt.datetime
    computed_by: str
    version: int


class PartClassRow(Row):
    """The class of a part with the figures behind it; `variation` is null where nothing was used."""

    branch: Annotated[str, From("classification__branch__number")]
    month: Annotated[dt.date, From("classification__month")]
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    abc: Literal["A", "B", "C"]
    xyz: Literal["X", "Y", "Z"]
    rank: int
    usage_qty: Decimal
    usage_amount: Decimal
    share_percent: Decimal
    variation: Decimal | None
    stock_qty: Decimal
    stock_amount: Decimal


class PartClassesAsked(Asking):
    """Filters of the classes. `q` is a part code; without `month` all months."""

    branch: Number | None = None
    month: Day | None = None
    abc: Literal["A", "B", "C"] | None = None
    xyz: Literal["X", "Y", "Z"] | None = None


class ClassifyNow(Write):
    """Class the parts of that branch for the present month."""

    branch: Number


class IdleRow(Row):
    """A part that lies and is not used; `last_on` null: never was."""

    branch: str
    part: str
    part_name: str
    letters: str
    qty: Decimal
    value_amount: Decimal
    last_on: dt.date | None
    idle_days: int
    is_dead: bool
    places: str


class IdleParts(Row):
    """Idle parts, what is worth most first."""

    items: list[IdleRow]


class TurnoverRow(Row):
    """Turnover of a branch or place; `times` by the year, `days` how long the average stock lasts."""

    branch: str
    place: str | None
    used_amount: Decimal
    first_amount: Decimal
    last_amount: Decimal
    average_amount: Decimal
    times: Decimal | None
    days: int | None


class StockTurnover(Row):
    """Turnover on these days."""

    since: dt.date
    until: dt.date
    items: list[TurnoverRow]


@routes.list("/classifications", ClassificationRow)
def list_classifications(request, asked: Query[Asking]):
    """List the computations, newest first."""
    actor = calls.caller(request)
    return page_of(ClassificationRow, stock.list_classifications(actor), actor, order=("-month", "-id"), asked=asked)


@routes.create("/classifications", ClassificationRow)
def classify_parts(request, body: ClassifyNow):
    """Class the parts of a branch now; a second time in a month replaces the first."""
    actor = calls.caller(request)
    row = actions.classify(people.get_branch(body.branch, actor).pk, actor=actor, at=calls.moment(request, body.at))
    return Answer(ClassificationRow.of(row, actor), version=row.version, status=201)


@routes.list("/part-classes", PartClassRow)
def list_part_classes(request, asked: Query[PartClassesAsked]):
    """List parts with their classes, the newest computation first, by rank."""
    actor = calls.caller(request)
    rows = stock.list_classes(actor)
    if asked.q:
        rows = rows.filter(part__code=asked.q)
    if asked.branch:
        rows = rows.filter(classification__branch__number=asked.branch)
    if asked.month:
        rows = rows.filter(classification__month=asked.month.replace(day=1))
    for name in ("abc", "xyz"):
        if getattr(asked, name):
            rows = rows.filter(**{name: getattr(asked, name)})
    return page_of(PartClassRow, rows, actor, order=("-classification_id", "rank", "id"), asked=asked)


@routes.read("/slow-movers", IdleParts)
def get_slow_movers(request, branch: Number | None = None, place: Number | None = None,
                    days: Annotated[int, Field(ge=1, le=3660)] | None = None, dead_only: bool = False):
    """Parts in stock that no customer got for so many days (without `days` as the branch's rule says)."""
    actor = calls.caller(request)
    rows = slow_movers.calculate(
        actor, today=clock.local_day(clock.now(), actor.zone), branch_id=people.get_branch(branch, actor).pk if branch else None,
        place_id=_place(place, actor).pk if place else None, days=days, dead_only=dead_only,
    )
    return {"items": [
        {"branch": one.branch.number, "part": one.part.code, "part_name": one.part.name, "letters": one.letters, "qty": one.qty,
         "value_amount": one.value_amount, "last_on": one.last_on, "idle_days": one.idle_days, "is_dead": one.is_dead, "places": one.places}
        for one in rows
    ]}


@routes.read("/stock-turnover", StockTurnover)
def get_stock_turnover(request, since: Day, until: Day, group: Literal["branch", "place"] = "branch", branch: Number | None = None):
    """What used goods cost against the average value of stock, by branch or place; two years at most."""
    actor = calls.caller(request)
    if since > until:
        raise RuleBroken(_("开始日期不能晚于结束日期"), code="bad_days", field="since")
    rows = stock_turnover.calculate(actor, since=since, until=until, group=group,
                                    branch_id=people.get_branch(branch, actor).pk if branch else None)
    return {"since": since, "until": until, "items": [
        {"branch": one.branch.number, "place": one.place.code if one.place else None, "used_amount": one.used_amount,
         "first_amount": one.first_amount, "last_amount": one.last_amount, "average_amount": one.average_amount, "times": one.times,
         "days": one.days}
        for one in rows
    ]}
