"""机构与区域: branches, departments, regions and who serves them."""

from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.calendars import find_calendar
from aftercare.api.fields import Id, Number, PhoneText, Plain, RegionCode, Small, Sought, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.people import actions
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

routes = Routes("Organisation")
BranchKind = Literal["head_office", "branch", "service_centre", "outlet"]
Zone = Annotated[Plain, Field(min_length=1, max_length=40)]
Name80 = Annotated[Plain, Field(min_length=1, max_length=80)]
MinuteOfDay = Annotated[int, Field(ge=0, le=1440)]


class BranchRow(Row):
    """A branch."""

    id: int
    number: str
    name: str
    kind: Annotated[BranchKind, From("kind_of")]
    parent: Annotated[str | None, From("parent__number")]
    zone: str
    calendar_id: int | None
    phone: str
    address: str
    is_active: bool
    version: int


class DepartmentRow(Row):
    """A department; its people are a team."""

    id: int
    name: str
    branch: Annotated[str, From("branch__number")]
    parent_id: int | None
    version: int


class RegionRow(Row):
    """A region of the official divisions, or one of the company's own."""

    code: str
    name: str
    level: int
    parent: Annotated[str | None, From("parent__code")]
    is_urban: bool | None
    is_new: bool
    version: int


class Regions(Row):
    """Regions."""

    items: list[RegionRow]


class CoverageRow(Row):
    """Who serves a region; the lowest priority number first."""

    id: int
    region: Annotated[str, From("region__code")]
    region_name: Annotated[str, From("region__name")]
    branch: Annotated[str, From("branch__number")]
    employee: Annotated[str | None, From("employee__number")]
    priority: int


class Coverages(Row):
    """Who serves which region."""

    items: list[CoverageRow]


class BranchesAsked(Asking):
    """Filters of the branches. `q` is a part of name or number."""

    kind: BranchKind | None = None
    active: bool | None = True
    order: Literal["id", "-id"] = "id"


class NewBranch(Write):
    """A branch under another one."""

    number: Number
    name: Name80
    kind: BranchKind = "branch"
    parent: Number | None = None
    zone: Zone = "Asia/Shanghai"
    calendar_id: Id | None = None
    phone: PhoneText = ""
    address: Annotated[Plain, Field(max_length=250)] = ""


class BranchEdit(Write):
    """What may be changed."""

    name: Name80 = None
    kind: BranchKind = None
    parent: Number | None = None
    zone: Zone = None
    calendar_id: Id | None = None
    phone: PhoneText = None
    address: Annotated[Plain, Field(max_length=250)] = None
    is_active: bool = None


class NewDepartment(Write):
    """A department of a branch."""

    branch: Number
    name: Annotated[Plain, Field(min_length=1, max_length=60)]
    parent_id: Id | None = None


class NewCoverage(Write):
    """A branch, or one of its engineers, serves a region."""

    region: RegionCode
    branch: Number
    employee: Number | None = None
    priority: Small = 1


def _answer(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


def _branch(number: str, actor: Actor):
    return one_of(BranchRow, people.list_branches(actor, active=None), actor, number=number)


@routes.list("/branches", BranchRow)
def list_branches(request, asked: Query[BranchesAsked]):
    """List branches."""
    actor = calls.caller(request)
    rows = people.list_branches(actor, active=asked.active)
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    rows = calls.named(rows, asked.q)
    return page_of(BranchRow, rows, actor, order=(asked.order,), asked=asked)


@routes.create("/branches", BranchRow)
def create_branch(request, body: NewBranch):
    """Open a branch."""
    actor = calls.caller(request)
    row = actions.create_branch(
        number=body.number, name=body.name, kind_of=body.kind, parent=_branch(body.parent, actor) if body.parent else None,
        zone=body.zone, calendar=find_calendar(body.calendar_id, actor), phone=body.phone, address=body.address,
        actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(BranchRow, row, actor), "branches", row.number)


@routes.read("/branches/{number}", BranchRow)
def get_branch(request, number: Number):
    """One branch."""
    actor = calls.caller(request)
    row = _branch(number, actor)
    return Answer(BranchRow.of(row, actor), version=row.version)


@routes.edit("/branches/{number}", BranchRow)
def edit_branch(request, number: Number, body: BranchEdit):
    """Change a branch; a new parent moves all that lies under it."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "kind" in fields:
        fields["kind_of"] = fields.pop("kind")
    if "parent" in fields:
        fields["parent"] = _branch(fields["parent"], actor) if fields["parent"] else None
    if "calendar_id" in fields:
        fields["calendar"] = find_calendar(fields.pop("calendar_id"), actor)
    row = actions.edit_branch(_branch(number, actor), version=calls.version_edited(request), actor=actor,
                              at=calls.moment(request, body.at), **fields)
    return _answer(BranchRow, row, actor)


@routes.list("/departments", DepartmentRow)
def list_departments(request, asked: Query[Asking], branch: Number | None = None):
    """List departments."""
    actor = calls.caller(request)
    rows = people.list_departments(actor)
    if branch:
        rows = rows.filter(branch__number=branch)
    return page_of(DepartmentRow, rows, actor, order=("id",), asked=asked)


@routes.create("/departments", DepartmentRow)
def create_department(request, body: NewDepartment):
    """Open a department of a branch."""
    actor = calls.caller(request)
    parent = None
    if body.parent_id:
        parent = one_of(DepartmentRow, people.list_departments(actor), actor, pk=body.parent_id)
    row = actions.create_department(branch=_branch(body.branch, actor), name=body.name, parent=parent, actor=actor,
                                    at=calls.moment(request, body.at))
    return calls.created(_answer(DepartmentRow, row, actor), "departments", row.pk)


@routes.read("/regions", Regions)
def list_regions(request, parent: RegionCode | None = None, q: Sought = "", new: bool = False):
    """The provinces, what lies directly under a region, the regions whose full name contains `q`, or (`new`) the typed ones that
    nobody has confirmed yet."""
    actor = calls.caller(request)
    rows = people.list_new_regions()[:200] if new else people.search_regions(q, limit=50) if q.strip() else people.list_regions(parent_code=parent)
    if not new and not isinstance(rows, list):
        rows = rows.select_related("parent")
    return {"items": RegionRow.many(rows, actor)}


@routes.read("/regions/{code}", RegionRow)
def get_region(request, code: RegionCode):
    """One region."""
    actor = calls.caller(request)
    region = people.get_region(code)
    return Answer(RegionRow.of(region, actor), version=region.version)


@routes.act("/regions/{code}/confirm", RegionRow, match=True)
def confirm_region(request, code: RegionCode, body: Write):
    """A region that was typed while registering is right as it is."""
    actor = calls.caller(request)
    row = actions.confirm_region(people.get_region(code), version=calls.version_seen(request), actor=actor,
                                 at=calls.moment(request, body.at))
    return Answer(RegionRow.of(row, actor), version=row.version)


@routes.read("/coverage", Coverages)
def list_coverage(request, branch: Number | None = None):
    """Who serves which region."""
    actor = calls.caller(request)
    actor.require_anywhere("people.view_branch")
    branch_id = _branch(branch, actor).pk if branch else None
    return {"items": CoverageRow.many(people.list_coverage(actor, branch_id=branch_id)[:1000], actor)}


@routes.act("/coverage", CoverageRow)
def set_coverage(request, body: NewCoverage):
    """Let a branch, or one of its engineers, serve a region."""
    actor = calls.caller(request)
    row = actions.set_coverage(
        region=people.get_region(body.region), branch=_branch(body.branch, actor),
        employee=people.get_employee(body.employee, actor) if body.employee else None, priority=body.priority,
        actor=actor, at=calls.moment(request, body.at),
    )
    return CoverageRow.of(row, actor)


@routes.remove("/coverage/{coverage_id}", CoverageRow)
def remove_coverage(request, coverage_id: Id):
    """End it; the answer is what was removed."""
    actor = calls.caller(request)
    row = calls.found(people.list_coverage(actor).filter(pk=coverage_id).first())
    told = CoverageRow.of(row, actor)
    actions.remove_coverage(row, actor=actor, at=calls.moment(request, None))
    return told
