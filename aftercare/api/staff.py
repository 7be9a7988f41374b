"""员工: people of the company, their skills and certificates."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, PhoneText, Plain, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Needs, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.people import actions
from aftercare.domain.people import queries as people
from aftercare.flows import keep_things
from aftercare.foundation.access import Actor

routes = Routes("Employees")
PATH = "/employees/{number}"
Name60 = Annotated[Plain, Field(min_length=1, max_length=60)]
CategoryCode = Annotated[Plain, Field(max_length=40)]


class EmployeeRow(Row):
    """An employee in a list."""

    id: int
    number: str
    name: str
    branch: Annotated[str, From("branch__number")]
    branch_name: Annotated[str, From("branch__name")]
    department: Annotated[str | None, From("department__name")]
    post: str
    grade: str
    phone: str
    is_engineer: bool
    is_active: bool
    version: int


class CertificateRow(Row):
    """A qualification with its last valid day; an empty category means every category."""

    id: int
    name: str
    number: str
    category_code: str
    issued_on: dt.date | None
    expires_on: dt.date


class Employee(EmployeeRow):
    """An employee in full."""

    wage_amount: Annotated[Decimal | None, Needs("people.view_wage")]
    joined_on: dt.date | None
    left_on: dt.date | None
    skills: Annotated[list[str], Made(lambda row, actor: sorted(skill.category_code for skill in row.skills.all()))]
    certificates: Annotated[
        list[CertificateRow], Made(lambda row, actor: CertificateRow.many(row.certificates.order_by("expires_on"), actor))
    ]


class EmployeesAsked(Asking):
    """Filters of the list. `q` is a part of number, name or telephone."""

    branch: Number | None = None
    engineer: bool | None = None
    active: bool | None = True
    order: Literal["number", "-id"] = "number"


class NewEmployee(Write):
    """A new employee, without a sign-in yet."""

    number: Annotated[Plain, Field(min_length=1, max_length=24)]
    name: Name60
    branch: Number
    department_id: Id | None = None
    post: Annotated[Plain, Field(max_length=40)] = ""
    grade: Annotated[Plain, Field(max_length=20)] = ""
    wage_amount: Amount = Decimal("0.00")
    phone: PhoneText = ""
    is_engineer: bool = False
    joined_on: Day | None = None


class EmployeeEdit(Write):
    """What may be changed."""

    name: Name60 = None
    branch: Number = None
    department_id: Id | None = None
    post: Annotated[Plain, Field(max_length=40)] = None
    grade: Annotated[Plain, Field(max_length=20)] = None
    wage_amount: Amount = None
    phone: PhoneText = None
    is_engineer: bool = None
    joined_on: Day | None = None


class Leaving(Write):
    """The last day; with things in his hands a reason, where the rule of his branch takes one."""

    on: Day
    reason: Annotated[Plain, Field(max_length=200)] = ""


class Skills(Write):
    """All categories of skill, by code; the empty code means every category."""

    categories: Annotated[list[CategoryCode], Field(max_length=200)]


class NewCertificate(Write):
    """A qualification until a day."""

    name: Annotated[Plain, Field(min_length=1, max_length=80)]
    expires_on: Day
    category_code: CategoryCode = ""
    number: Annotated[Plain, Field(max_length=60)] = ""
    issued_on: Day | None = None


def _get(number: str, actor: Actor):
    return one_of(Employee, people.list_employees(actor, active=None), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Employee, row)
    return Answer(Employee.of(row, actor), version=row.version)


def _department(department_id: int | None, actor: Actor):
    return calls.found(people.list_departments(actor).filter(pk=department_id).first()) if department_id else None


@routes.list("/employees", EmployeeRow)
def list_employees(request, asked: Query[EmployeesAsked]):
    """List employees by number."""
    actor = calls.caller(request)
    rows = people.list_employees(actor, active=asked.active, text=asked.q)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.engineer is not None:
        rows = rows.filter(is_engineer=asked.engineer)
    order = ("number", "id") if asked.order == "number" else ("-id",)
    return page_of(EmployeeRow, rows, actor, order=order, asked=asked)


@routes.create("/employees", Employee)
def create_employee(request, body: NewEmployee):
    """Take an employee on."""
    actor = calls.caller(request)
    row = actions.create_employee(
        number=body.number, name=body.name, branch=people.get_branch(body.branch, actor),
        department=_department(body.department_id, actor), post=body.post, grade=body.grade,
        wage_amount=body.wage_amount, phone=body.phone, is_engineer=body.is_engineer, joined_on=body.joined_on,
        actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "employees", row.number)


@routes.read(PATH, Employee)
def get_employee(request, number: Number):
    """One employee."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Employee.of(row, actor), version=row.version)


@routes.edit(PATH, Employee)
def edit_employee(request, number: Number, body: EmployeeEdit):
    """Change an employee's data."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "branch" in fields:
        fields["branch"] = people.get_branch(fields["branch"], actor)
    if "department_id" in fields:
        fields["department"] = _department(fields.pop("department_id"), actor)
    row = actions.edit_employee(_get(number, actor), version=calls.version_edited(request), actor=actor,
                                at=calls.moment(request, body.at), **fields)
    return _answer(row, actor)


@routes.act(PATH + "/leave", Employee, match=True)
def leave_employee(request, number: Number, body: Leaving):
    """He leaves: sign-in closed, tokens revoked. Refused while tools or papers are in his hands (`things_in_hands`)."""
    actor = calls.caller(request)
    row = _get(number, actor)
    row = keep_things.leave(row, version=calls.version_seen(request) or row.version, on=body.on, reason=body.reason, actor=actor,
                            at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.act(PATH + "/rejoin", Employee, match=True)
def rejoin_employee(request, number: Number, body: Write):
    """He is back."""
    actor = calls.caller(request)
    row = _get(number, actor)
    row = actions.rejoin(row, version=calls.version_seen(request) or row.version, actor=actor,
                         at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.replace(PATH + "/skills", Employee)
def set_employee_skills(request, number: Number, body: Skills):
    """Set the categories he is skilled in."""
    actor = calls.caller(request)
    row = _get(number, actor)
    actions.set_skills(row, category_codes=body.categories, actor=actor, at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.act(PATH + "/certificates", Employee)
def add_employee_certificate(request, number: Number, body: NewCertificate):
    """Add a certificate; a renewal is a further one."""
    actor = calls.caller(request)
    row = _get(number, actor)
    actions.add_certificate(row, name=body.name, expires_on=body.expires_on, category_code=body.category_code,
                            number=body.number, issued_on=body.issued_on, actor=actor,
                            at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.remove(PATH + "/certificates/{certificate_id}", Employee)
def remove_employee_certificate(request, number: Number, certificate_id: Id):
    """Take a certificate away."""
    actor = calls.caller(request)
    row = _get(number, actor)
    actions.remove_certificate(calls.found(row.certificates.filter(pk=certificate_id).first()), actor=actor,
                               at=calls.moment(request, None))
    return _answer(row, actor)


add_timeline(routes, PATH, "employee", _get)
