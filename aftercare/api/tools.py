"""工具仪器: tools and instruments that are issued to employees."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Base64Bytes, Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Number, Plain, Text, Write
from aftercare.api.moves import OpenMove, add_moves, moves_by
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.custody.lifecycle import TOOL
from aftercare.domain.people import queries as people
from aftercare.flows import keep_things
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Tools")
PATH = "/tools/{number}"
Status = Literal["in_store", "issued", "away", "lost", "scrapped"]
KindOfTool = Literal["tool", "instrument", "protective", "other"]
Name80 = Annotated[Plain, Field(min_length=1, max_length=80)]
Short = Annotated[Plain, Field(max_length=60)]
Months = Annotated[int, Field(ge=1, le=120)]


class ToolRow(Row):
    """A tool in a list, with whoever has it."""

    number: str
    status: Status
    name: str
    kind: Annotated[KindOfTool, From("kind_of")]
    model: str
    serial: str
    branch: Annotated[str, From("branch__number")]
    place: str
    calibration_months: int | None
    calibrated_to: dt.date | None
    holding: Annotated[str | None, From("holding__number")]
    holder: Annotated[str | None, From("holding__employee__number")]
    holder_name: Annotated[str | None, From("holding__employee__name")]
    version: int


class CalibrationRow(Row):
    """One calibration; `file_number` is the stored certificate."""

    id: int
    done_on: dt.date
    valid_to: dt.date | None
    is_fit: bool
    done_by: str
    certificate: str
    file_number: str
    note: str
    recorded_by: str
    recorded_at: dt.datetime


def _calibration(row: Any, actor: Actor) -> str:
    return custody.calibration_of(row, clock.local_day(clock.now(), people.zone_of(row.branch_id)))


class Tool(ToolRow):
    """A tool in full. `calibration` tells today's state: expired and missing ones are not issued."""

    purchased_on: dt.date | None
    value_amount: Decimal
    note: str
    calibration: Annotated[Literal["none", "missing", "expired", "soon", "good"], Made(_calibration)]
    calibrations: Annotated[list[CalibrationRow], Made(lambda row, actor: CalibrationRow.many(custody.calibrations_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(moves_by(custody.open_thing_moves))]


class ToolsAsked(Asking):
    """Filters; `q` finds number, name, model and serial number."""

    status: Status | None = None
    kind: KindOfTool | None = None
    branch: Number | None = None
    holder: Number | None = Field(None, description="Number of the employee who has it.")
    calibration_until: Day | None = Field(None, description="Only instruments whose calibration lacks or expires by that day.")
    calibration_due: bool = Field(
        False, description="Only instruments whose calibration lacks or expires within the days that the custody rules of their branch name.")


class NewTool(Write):
    """A tool of ours. With `calibration_months` it is an instrument that needs a valid calibration."""

    name: Name80
    kind: KindOfTool = "tool"
    branch: Number | None = None
    model: Short = ""
    serial: Short = ""
    purchased_on: Day | None = None
    value_amount: Amount = Decimal("0.00")
    calibration_months: Months | None = None
    calibrated_to: Day | None = Field(None, description="Until when a calibration from before holds.")
    place: Short = ""
    note: Text = ""


class ToolEdit(Write):
    """What may be changed."""

    name: Name80 = None
    kind: KindOfTool = None
    branch: Number = None
    model: Short = None
    serial: Short = None
    purchased_on: Day | None = None
    value_amount: Amount = None
    calibration_months: Months | None = None
    place: Short = None
    note: Text = None


class ToolIssue(Write):
    """To whom it is issued; without `due_on` until it is asked back."""

    employee: Number
    due_on: Day | None = None
    out_state: Annotated[Plain, Field(max_length=200)] = ""
    signed_name: Annotated[Plain, Field(max_length=80)] = ""
    signature: Annotated[Base64Bytes | None, Field(max_length=540_000)] = Field(None, description="PNG, base64.")
    note: Text = ""


class NewCalibration(Write):
    """A calibration; without `valid_to` it holds for the tool's own span."""

    done_on: Day
    is_fit: bool = True
    valid_to: Day | None = None
    done_by: Annotated[Plain, Field(max_length=80)] = ""
    certificate: Short = ""
    certificate_file: Annotated[Plain, Field(max_length=40)] = Field("", description="Number of a file of the tool, or of one just handed in.")
    note: Annotated[Plain, Field(max_length=200)] = ""


def _get(number: str, actor: Actor):
    return one_of(Tool, custody.list_tools(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Tool, row)
    return Answer(Tool.of(row, actor), version=row.version)


@routes.list("/tools", ToolRow)
def list_tools(request, asked: Query[ToolsAsked]):
    """List tools, newest first."""
    actor = calls.caller(request)
    rows = custody.list_tools(actor, text=asked.q, status=asked.status, kind_of=asked.kind, branch__number=asked.branch,
                              holding__employee__number=asked.holder)
    if asked.calibration_until or asked.calibration_due:
        rows = custody.due_for_calibration(rows, clock.local_day(clock.now(), actor.zone), until=asked.calibration_until)
    return page_of(ToolRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/tools", Tool)
def create_tool(request, body: NewTool):
    """Register a tool."""
    actor = calls.caller(request)
    given = body.model_dump(exclude={"kind", "branch", "at"})
    row = actions.create_tool(kind_of=body.kind, branch_id=calls.branch_id(request, body.branch), actor=actor,
                              at=calls.moment(request, body.at), **given)
    return calls.created(_answer(row, actor), "tools", row.number)


@routes.read(PATH, Tool)
def get_tool(request, number: Number):
    """One tool with its calibrations."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Tool.of(row, actor), version=row.version)


@routes.edit(PATH, Tool)
def edit_tool(request, number: Number, body: ToolEdit):
    """Change what is written of it."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "branch" in fields:
        fields["branch"] = people.get_branch(fields["branch"], actor)
    if "kind" in fields:
        fields["kind_of"] = fields.pop("kind")
    row = actions.edit_tool(custody.get_tool(number, actor), version=calls.version_edited(request), actor=actor,
                            at=calls.moment(request, body.at), **fields)
    return _answer(row, actor)


def _issue(row, body: ToolIssue, *, actor: Actor, at: dt.datetime, version: int | None):
    given = body.model_dump(exclude={"employee", "at"})
    actions.issue_tool(custody.get_tool(row.number, actor), employee=people.get_employee(body.employee, actor), version=version,
                       actor=actor, at=at, **given)
    return row


def _calibrate(row, body: NewCalibration, *, actor: Actor, at: dt.datetime, version: int | None):
    given = body.model_dump(exclude={"at"})
    return keep_things.calibrate(custody.get_tool(row.number, actor), version=version, actor=actor, at=at, **given)


add_moves(routes, TOOL, path=PATH, noun="tool", answers=Tool, get=_get, answer=_answer,
          bodies={"issue": ToolIssue, "calibrate": NewCalibration}, performs={"issue": _issue, "calibrate": _calibrate},
          without={"come_in", "pass_on", "lose"})
add_timeline(routes, PATH, "tool", _get)
