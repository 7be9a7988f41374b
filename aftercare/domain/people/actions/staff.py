"""Employees, their skills and certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.people import access, facts
from aftercare.domain.people.actions import checks
from aftercare.domain.people.models import Account, Branch, Certificate, Department, Employee, Skill, Token
from aftercare.domain.people.queries import kept
from aftercare.foundation import money
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken

_FIELDS = {
    "name", "branch", "department", "post", "grade", "wage_amount", "phone", "is_engineer", "joined_on", "number",
}  # fmt: skip


def create_employee(
    *, number: str, name: str, branch: Branch, department: Department | None = None, post: str = "", grade: str = "",
    wage_amount: Decimal = money.ZERO, phone: str = "", is_engineer: bool = False, joined_on: dt.date | None = None,
    actor: Actor, at: dt.datetime,
) -> Employee:
    """A new employee without sign-in; refuses `already_exists` for the number."""
    checks.require_text(number=number, name=name)
    _require_department(department, branch)
    employee = Employee(
        number=number.strip(), name=name.strip(), branch=branch, department=department, post=post, grade=grade,
        wage_amount=money.require_amount(wage_amount, field="wage_amount"), phone=phone, is_engineer=is_engineer,
        joined_on=joined_on,
    )
    try:
        with transaction.atomic():
            open_new(employee, actor=actor, at=at, permission=access.EDIT_EMPLOYEE)
            checks.renew(kept.ACCESS)
    except IntegrityError as error:
        raise checks.number_taken(error, field="number") from error
    return employee


def edit_employee(employee: Employee, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Employee:
    """Change named fields; a wage needs the right to see wages, a new branch the right to edit people there."""
    checks.require_known_fields(fields, _FIELDS)
    checks.require_text(**{name: fields[name] for name in ("name", "number") if name in fields})
    if "wage_amount" in fields:
        actor.require(access.VIEW_WAGE, branch_id=employee.branch_id)
        fields["wage_amount"] = money.require_amount(fields["wage_amount"], field="wage_amount")
    branch = fields.get("branch", employee.branch)
    if branch.pk != employee.branch_id:
        actor.require(access.EDIT_EMPLOYEE, branch_id=branch.pk)
        fields.setdefault("department", None)
    _require_department(fields.get("department", employee.department), branch)
    try:
        with transaction.atomic():
            fresh = revise(employee, actor=actor, at=at, permission=access.EDIT_EMPLOYEE, version=version, **fields)
            checks.renew(kept.ACCESS)
    except IntegrityError as error:
        raise checks.number_taken(error, field="number") from error
    return fresh


def leave(employee: Employee, *, version: int, on: dt.date, actor: Actor, at: dt.datetime) -> Employee:
    """He leaves on that day: his sign-in is closed and his tokens are revoked at once."""
    if not employee.is_active:
        raise RuleBroken(_("员工已经离职"), code="already_left")
    with transaction.atomic():
        fresh = revise(
            employee, actor=actor, at=at, permission=access.EDIT_EMPLOYEE, version=version, verb="people.employee.leave",
            fact=facts.EmployeeLeft(employee_id=employee.pk, branch_id=employee.branch_id), is_active=False, left_on=on,
        )
        Account.objects.filter(employee=employee).update(is_active=False)
        Token.objects.filter(employee=employee, revoked_at=None).update(revoked_at=at)
        checks.renew(kept.ACCESS)
    return fresh


def rejoin(employee: Employee, *, version: int, actor: Actor, at: dt.datetime) -> Employee:
    """He is back; his sign-in stays closed until it is opened again."""
    if employee.is_active:
        raise RuleBroken(_("员工仍在职"), code="still_active")
    with transaction.atomic():
        fresh = revise(employee, actor=actor, at=at, permission=access.EDIT_EMPLOYEE, version=version,
                       verb="people.employee.rejoin", is_active=True, left_on=None)
        checks.renew(kept.ACCESS)
    return fresh


def _require_department(department: Department | None, branch: Branch) -> None:
    if department is not None and department.branch_id != branch.pk:
        raise RuleBroken(_("部门不属于这个机构"), code="department_elsewhere", field="department")


def set_skills(employee: Employee, *, category_codes: Iterable[str], actor: Actor, at: dt.datetime) -> None:
    """The categories he is skilled in, all at once; an empty code means every category."""
    actor.require(access.EDIT_EMPLOYEE, branch_id=employee.branch_id, people=(employee.pk,))
    wanted = {code.strip() for code in category_codes}
    with transaction.atomic():
        before = set(Skill.objects.filter(employee=employee).values_list("category_code", flat=True))
        if before == wanted:
            return
        Skill.objects.filter(employee=employee, category_code__in=before - wanted).delete()
        Skill.objects.bulk_create(Skill(employee=employee, category_code=code) for code in sorted(wanted - before))
        record_about(employee, verb="people.employee.skills", actor=actor, at=at,
                     changes={"skills": [sorted(before), sorted(wanted)]})


def add_certificate(
    employee: Employee, *, name: str, expires_on: dt.date, category_code: str = "", number: str = "",
    issued_on: dt.date | None = None, actor: Actor, at: dt.datetime,
) -> Certificate:
    """A qualification until a day; a renewal is a further certificate."""
    actor.require(access.EDIT_EMPLOYEE, branch_id=employee.branch_id, people=(employee.pk,))
    checks.require_text(name=name)
    if issued_on and issued_on > expires_on:
        raise RuleBroken(_("有效期不能早于发证日期"), code="expires_before_issue", field="expires_on")
    with transaction.atomic():
        certificate = Certificate.objects.create(
            employee=employee, name=name.strip(), number=number, category_code=category_code.strip(),
            issued_on=issued_on, expires_on=expires_on,
        )
        record_about(employee, verb="people.certificate.add", actor=actor, at=at,
                     changes={"certificate": [None, f"{name} {number} {expires_on}"]})
    return certificate


def remove_certificate(certificate: Certificate, *, actor: Actor, at: dt.datetime) -> None:
    """Take away a certificate entered wrongly or withdrawn."""
    employee = certificate.employee
    actor.require(access.EDIT_EMPLOYEE, branch_id=employee.branch_id, people=(employee.pk,))
    with transaction.atomic():
        if not Certificate.objects.filter(pk=certificate.pk).delete()[0]:
            raise NotFound(_("没有找到"), kind="people.certificate")
        record_about(employee, verb="people.certificate.remove", actor=actor, at=at,
                     changes={"certificate": [f"{certificate.name} {certificate.number}", None]})
