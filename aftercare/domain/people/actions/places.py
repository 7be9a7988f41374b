"""Branches, departments, regions, and who serves which region."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.people import access, queries
from aftercare.domain.people.actions import checks
from aftercare.domain.people.models import Branch, Calendar, Coverage, Department, Employee, Region
from aftercare.domain.people.queries import kept
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.transactions import apart

_BRANCH_FIELDS = {"name", "kind_of", "parent", "zone", "calendar", "phone", "address", "is_active"}


def create_branch(
    *, number: str, name: str, kind_of: str = Branch.Kind.BRANCH, parent: Branch | None = None,
    zone: str = "Asia/Shanghai", calendar: Calendar | None = None, phone: str = "", address: str = "",
    actor: Actor, at: dt.datetime,
) -> Branch:
    """A new branch under `parent`; refuses `already_exists` for its number."""
    checks.require_text(number=number, name=name)
    checks.require_zone(zone)
    branch = Branch(number=number.strip(), name=name.strip(), kind_of=kind_of, parent=parent, zone=zone,
                    calendar=calendar, phone=phone, address=address)
    try:
        with transaction.atomic():
            open_new(branch, actor=actor, at=at, permission=access.EDIT_BRANCH)
            branch.path = _path(branch)
            Branch.objects.filter(pk=branch.pk).update(path=branch.path)
            checks.renew(kept.ACCESS, kept.CALENDAR)
    except IntegrityError as error:
        raise checks.number_taken(error, field="number") from error
    return branch


def edit_branch(branch: Branch, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Branch:
    """Change named fields; a new parent moves the whole subtree, and may not lie inside it."""
    checks.require_known_fields(fields, _BRANCH_FIELDS)
    if "zone" in fields:
        checks.require_zone(fields["zone"])
    if "name" in fields:
        checks.require_text(name=fields["name"])
    with transaction.atomic():
        if "parent" in fields:
            _require_outside(branch, fields["parent"], actor)
        if fields.get("is_active") is False:
            _require_empty(branch)
        fresh = revise(branch, actor=actor, at=at, permission=access.EDIT_BRANCH, version=version, **fields)
        if "parent" in fields:
            _move_paths(fresh)
        checks.renew(kept.ACCESS, kept.CALENDAR)
    return fresh


def _path(branch: Branch) -> str:
    return f"{branch.parent.path if branch.parent else '/'}{branch.pk}/"


def _move_paths(branch: Branch) -> None:
    old, branch.path = branch.path, _path(branch)
    for pk, path in list(Branch.objects.filter(path__startswith=old).values_list("id", "path")):
        Branch.objects.filter(pk=pk).update(path=branch.path + path[len(old):])


def _require_outside(branch: Branch, parent: Branch | None, actor: Actor) -> None:
    if parent is None:
        return
    actor.require(access.EDIT_BRANCH, branch_id=parent.pk)
    if parent.path.startswith(branch.path):
        raise RuleBroken(_("上级不能是自己或下级机构"), code="branch_circle", field="parent")


def _require_empty(branch: Branch) -> None:
    if Employee.objects.filter(branch=branch, is_active=True).exists():
        raise RuleBroken(_("机构还有在职员工，不能停用"), code="branch_has_people", field="is_active")
    if Branch.objects.filter(parent=branch, is_active=True).exists():
        raise RuleBroken(_("机构还有启用的下级，不能停用"), code="branch_has_children", field="is_active")


def create_department(*, branch: Branch, name: str, parent: Department | None = None, actor: Actor,
                      at: dt.datetime) -> Department:
    """A new department of a branch; refuses `already_exists` for its name there."""
    checks.require_text(name=name)
    if parent is not None and parent.branch_id != branch.pk:
        raise RuleBroken(_("上级部门不属于这个机构"), code="department_elsewhere", field="parent")
    try:
        with transaction.atomic():
            return open_new(Department(branch=branch, name=name.strip(), parent=parent), actor=actor, at=at,
                            permission=access.EDIT_BRANCH)
    except IntegrityError as error:
        raise checks.number_taken(error, field="name") from error


def edit_department(department: Department, *, version: int, name: str, actor: Actor, at: dt.datetime) -> Department:
    """Rename a department."""
    checks.require_text(name=name)
    try:
        with transaction.atomic():
            return revise(department, actor=actor, at=at, permission=access.EDIT_BRANCH, version=version,
                          name=name.strip())
    except IntegrityError as error:
        raise checks.number_taken(error, field="name") from error


def create_region(*, code: str, name: str, parent: Region, is_urban: bool, actor: Actor, at: dt.datetime) -> Region:
    """A region of one's own, e.g. a development zone, under a city or district; refuses a code that exists."""
    checks.require_text(code=code, name=name)
    region = Region(code=code.strip(), name=name.strip(), parent=parent, level=parent.level + 1, is_urban=is_urban,
                    full_name=f"{parent.full_name}{name.strip()}")
    try:
        with transaction.atomic():
            return open_new(region, actor=actor, at=at, permission=access.EDIT_REGION)
    except IntegrityError as error:
        raise checks.number_taken(error, field="code") from error


def ensure_region(text: str, *, near: str = "", actor: Actor, at: dt.datetime) -> tuple[Region, bool]:
    """The region that a person typed, made under the nearest known division when there is none yet; and whether it was made.

    `near` is the code of a region close by (the branch's city). Refuses a name that several divisions bear
    (`region_ambiguous`) and one that lies nowhere known (`region_unknown`).
    """
    found, above, rest = queries.match_region(text, near=near)
    if found is not None:
        return found, False
    if above is None:
        code = "region_ambiguous" if near or queries.search_regions(text, limit=1) else "region_unknown"
        raise RuleBroken(_("「%(text)s」不能确定是哪个区域，请写上省市") % {"text": text.strip()}, code=code, field="region")
    name = rest[:60]
    known = Region.objects.filter(parent=above, name=name).first()
    if known is not None:
        return known, False
    for attempt in range(5):
        count = Region.objects.filter(code__startswith=f"{above.code[:6]}-").count()
        region = Region(
            code=f"{above.code[:6]}-{count + 1 + attempt}", name=name, parent=above, level=above.level + 1, is_urban=above.is_urban,
            full_name=f"{above.full_name}{name}"[:120], is_new=not actor.holds(access.EDIT_REGION),
        )
        try:
            with apart():
                return open_new(region, actor=actor, at=at, permission=access.ADD_REGION), True
        except IntegrityError:  # somebody else's new region took the code
            continue
    raise RuleBroken(_("区域代码冲突，请再试一次"), code="region_busy", field="region")


def confirm_region(region: Region, *, version: int | None = None, actor: Actor, at: dt.datetime) -> Region:
    """A typed region is right as it is."""
    return revise(region, actor=actor, at=at, permission=access.EDIT_REGION, version=version, verb="people.region.confirm", is_new=False)


def edit_region(region: Region, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Region:
    """Change a region's name or whether it is urban."""
    checks.require_known_fields(fields, {"name", "is_urban"})
    if "name" in fields:
        checks.require_text(name=fields["name"])
        above = region.parent.full_name if region.parent else ""
        fields["full_name"] = f"{above}{fields['name']}"
    return revise(region, actor=actor, at=at, permission=access.EDIT_REGION, version=version, **fields)


def set_coverage(*, region: Region, branch: Branch, employee: Employee | None = None, priority: int = 1,
                 actor: Actor, at: dt.datetime) -> Coverage:
    """Let a branch, or one of its engineers, serve a region; a second call changes the priority."""
    actor.require(access.EDIT_REGION, branch_id=branch.pk)
    if employee is not None and employee.branch_id != branch.pk:
        raise RuleBroken(_("员工不属于这个机构"), code="employee_elsewhere", field="employee")
    if not 1 <= priority <= 99:
        raise RuleBroken(_("优先级是 1 到 99"), code="priority_out_of_range", field="priority")
    with transaction.atomic():
        # An engineer serves a region once, whichever branch he served it for before.
        found = {"region": region, "employee": employee} if employee else {"region": region, "branch": branch, "employee": None}
        coverage, _made = Coverage.objects.update_or_create(**found, defaults={"branch": branch, "priority": priority})
        record_about(employee or branch, verb="people.coverage.set", actor=actor, at=at,
                     changes={"coverage": [None, f"{region.code} {region.full_name} #{priority}"]})
    return coverage


def remove_coverage(coverage: Coverage, *, actor: Actor, at: dt.datetime) -> None:
    """End a branch's or engineer's service of a region."""
    actor.require(access.EDIT_REGION, branch_id=coverage.branch_id)
    with transaction.atomic():
        if not Coverage.objects.filter(pk=coverage.pk).delete()[0]:
            raise NotFound(_("没有找到"), kind="people.coverage")
        record_about(coverage.employee or coverage.branch, verb="people.coverage.remove", actor=actor, at=at,
                     changes={"coverage": [f"{coverage.region.code} {coverage.region.full_name}", None]})
