"""Employees and what makes an engineer fit for a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.people.models import Certificate, Coverage, Employee, Skill
from aftercare.domain.people.queries.places import region_chain
from aftercare.foundation import access, statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


@dataclass(frozen=True)
class EngineerTraits:
    """What counts when a job is given out: skills, certificates and regions.

    `certificates` maps a category code ("" = every category) to the last day it is valid.
    """

    employee_id: int
    skills: frozenset[str] = frozenset()
    certificates: dict[str, dt.date] = field(default_factory=dict)
    regions: dict[str, int] = field(default_factory=dict)

    def has_skill(self, category_code: str) -> bool:
        """True for a skill in that category or in all."""
        return category_code in self.skills or "" in self.skills

    def has_certificate(self, category_code: str, on: dt.date) -> bool:
        """True when a certificate for that category (or for all) is valid on that day."""
        return any(self.certificates.get(code, dt.date.min) >= on for code in (category_code, ""))

    def serves(self, region_code: str) -> bool:
        """True when the region or one above it is his."""
        return any(code in self.regions for code in region_chain(region_code))


def list_employees(actor: Actor, *, active: bool | None = True, text: str = "") -> QuerySet[Employee]:
    """The people the actor may see, by number; `text` is part of number, name or telephone."""
    rows = access.visible(Employee, actor).select_related("branch", "department").order_by("number")
    if active is not None:
        rows = rows.filter(is_active=active)
    if text := text.strip():
        rows = rows.filter(Q(number__icontains=text) | Q(name__icontains=text) | Q(phone__contains=text))
    return rows


def get_employee(key: int | str, actor: Actor) -> Employee:
    """An employee by id or number; refuses what is not there or not visible."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = statements.find(_joined, where=access.scope(Employee, actor), **named)
    if found is None:
        raise NotFound(_("没有这个员工"), kind="people.employee", field="employee")
    return found


def _joined() -> QuerySet[Employee]:
    return Employee.objects.select_related("branch", "department")


def find_employee_by_name(name: str, *, branch_id: int | None = None) -> Employee | None:
    """The one employee of that name (in that branch if given); None when nobody or several: for imports."""
    rows = Employee.objects.filter(name=name.strip())
    if branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    found = list(rows.select_related("branch")[:2])
    return found[0] if len(found) == 1 else None


def list_engineers(*, branch_ids: Iterable[int]) -> QuerySet[Employee]:
    """The active engineers of these branches; the caller answers for who may see them."""
    rows = Employee.objects.filter(branch_id__in=list(branch_ids), is_engineer=True, is_active=True)
    return rows.select_related("branch", "department").order_by("number")


def engineer_traits(employee_ids: Iterable[int]) -> dict[int, EngineerTraits]:
    """Traits of these people in three statements, whatever their number; a key for each of them."""
    ids = tuple(employee_ids)
    return transactions.remember(("people.traits", ids), lambda: _read_traits(ids))


def _read_traits(ids: tuple[int, ...]) -> dict[int, EngineerTraits]:
    skills: dict[int, set[str]] = {pk: set() for pk in ids}
    certificates: dict[int, dict[str, dt.date]] = {pk: {} for pk in ids}
    regions: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    for pk, code in Skill.objects.filter(employee_id__in=ids).values_list("employee_id", "category_code"):
        skills[pk].add(code)
    dates = Certificate.objects.filter(employee_id__in=ids).values_list("employee_id", "category_code", "expires_on")
    for pk, code, expires_on in dates:
        certificates[pk][code] = max(expires_on, certificates[pk].get(code, expires_on))
    served = Coverage.objects.filter(employee_id__in=ids).values_list("employee_id", "region__code", "priority")
    for pk, code, priority in served:
        regions[pk][code] = priority
    return {pk: EngineerTraits(pk, frozenset(skills[pk]), certificates[pk], regions[pk]) for pk in ids}


def list_expiring_certificates(actor: Actor, *, until: dt.date) -> QuerySet[Certificate]:
    """Certificates of active people that end on or before that day, soonest first."""
    people = access.visible(Employee, actor).filter(is_active=True)
    rows = Certificate.objects.filter(employee__in=people, expires_on__lte=until)
    return rows.select_related("employee__branch").order_by("expires_on", "id")


def count_trained(category_code: str) -> int:
    """How many skills and certificates name that category of products; for settings, not scoped."""
    return sum(model.objects.filter(category_code=category_code).count() for model in (Skill, Certificate))


def names_of(employee_ids: Iterable[int | None]) -> dict[int, str]:
    """Printed names by id, in one statement."""
    ids = {pk for pk in employee_ids if pk}
    return dict(Employee.objects.filter(pk__in=ids).values_list("id", "name")) if ids else {}


def count_employees(*, branch_ids: Iterable[int], engineers: bool = False) -> int:
    """How many active people (or engineers only) these branches have."""
    rows = Employee.objects.filter(branch_id__in=list(branch_ids), is_active=True)
    return (rows.filter(is_engineer=True) if engineers else rows).count()
