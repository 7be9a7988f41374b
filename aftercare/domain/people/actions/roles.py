"""Roles and who holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.people import access
from aftercare.domain.people.actions import checks
from aftercare.domain.people.models import Branch, Employee, Grant, Role
from aftercare.domain.people.queries import kept
from aftercare.foundation.access import PERMISSIONS, Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken


def create_role(*, code: str, name: str, permissions: Iterable[str], reach: str = Role.Reach.BRANCH, actor: Actor,
                at: dt.datetime) -> Role:
    """A new role; nobody makes one that allows more than he holds himself."""
    checks.require_text(code=code, name=name)
    checks.require_roles_everywhere(actor)
    role = Role(code=code.strip(), name=name.strip(), permissions=_checked(permissions), reach=_reach(reach),
                known=sorted(PERMISSIONS))
    checks.require_not_above(actor, role, None)
    try:
        with transaction.atomic():
            return open_new(role, actor=actor, at=at, permission=access.EDIT_ROLE)
    except IntegrityError as error:
        raise checks.number_taken(error, field="code") from error


def edit_role(role: Role, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Role:
    """Change a role's name, permissions or reach; it acts for its holders with their next request."""
    checks.require_known_fields(fields, {"name", "permissions", "reach"})
    checks.require_roles_everywhere(actor)
    if "permissions" in fields:
        fields["permissions"] = _checked(fields["permissions"], known=role.permissions)
        if role.offered:
            fields["offered"] = [code for code in role.offered if code not in fields["permissions"]]
    if "reach" in fields:
        _reach(fields["reach"])
    checks.require_not_above(actor, role, None)
    after = Role(name=role.name, permissions=fields.get("permissions", role.permissions),
                 reach=fields.get("reach", role.reach))
    checks.require_not_above(actor, after, None)
    with transaction.atomic():
        fresh = revise(role, actor=actor, at=at, permission=access.EDIT_ROLE, version=version, **fields)
        if _is_wide(role) and not _is_wide(after):
            _require_administrator()
        checks.renew(kept.ACCESS)
    return fresh


def grant(employee: Employee, *, role: Role, branch: Branch, actor: Actor, at: dt.datetime) -> Grant:
    """Let an employee hold a role at a branch; a repeat changes nothing."""
    actor.require(access.EDIT_ROLE, branch_id=branch.pk)
    actor.require(access.EDIT_ROLE, branch_id=employee.branch_id)
    checks.require_not_above(actor, role, branch.pk)
    with transaction.atomic():
        found, made = Grant.objects.get_or_create(employee=employee, role=role, branch=branch)
        if made:
            record_about(employee, verb="people.employee.grant", actor=actor, at=at,
                         changes={"roles": [None, f"{role.code} @ {branch.number}"]})
            checks.renew(kept.ACCESS)
    return found


def revoke(held: Grant, *, actor: Actor, at: dt.datetime) -> None:
    """Take a role away again; the last administrator keeps his."""
    actor.require(access.EDIT_ROLE, branch_id=held.branch_id)
    checks.require_not_above(actor, held.role, held.branch_id)
    with transaction.atomic():
        if not Grant.objects.filter(pk=held.pk).delete()[0]:
            raise NotFound(_("没有找到"), kind="people.grant")
        if _is_wide(held.role):
            _require_administrator()
        record_about(held.employee, verb="people.employee.revoke", actor=actor, at=at,
                     changes={"roles": [f"{held.role.code} @ {held.branch.number}", None]})
        checks.renew(kept.ACCESS)


def _is_wide(role: Role) -> bool:
    return role.reach == Role.Reach.ALL and bool({"*", access.EDIT_ROLE} & set(role.permissions))


def _require_administrator() -> None:
    """Refuse when nobody is left who can edit roles everywhere."""
    wide = [role.pk for role in Role.objects.filter(reach=Role.Reach.ALL) if _is_wide(role)]
    if not Grant.objects.filter(role_id__in=wide, employee__is_active=True).exists():
        raise RuleBroken(_("至少要有一名管理员"), code="last_administrator")


def _checked(permissions: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    wanted = sorted(set(permissions))
    for code in wanted:
        if code != "*" and code not in PERMISSIONS and code not in known:
            raise RuleBroken(_("没有这个权限：%(code)s") % {"code": code}, code="unknown_permission", field="permissions")
    return wanted


def _reach(value: str) -> str:
    if value not in Role.Reach.values:
        raise RuleBroken(_("没有这个数据范围"), code="unknown_reach", field="reach")
    return value
