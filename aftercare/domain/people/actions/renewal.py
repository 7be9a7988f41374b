"""New permissions for roles that exist already: given to those that are as the product made them, offered to all others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.people import queries
from aftercare.domain.people.actions import checks
from aftercare.domain.people.actions.roles import edit_role
from aftercare.domain.people.actions.seed import seed_roles
from aftercare.domain.people.models import Role
from aftercare.domain.people.queries import kept
from aftercare.foundation.access import PERMISSIONS, Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import RuleBroken


def renew_roles(*, actor: Actor, at: dt.datetime) -> dict[str, tuple[str, ...]]:
    """After an update of the product: tells which roles got which permissions by themselves.

    Costs three small statements when nothing is new; safe to run again, and twice at once. A default role that is new in this
    version is made, held by nobody. A company that has no roles yet is left alone.
    """
    actor.require_anywhere("people.edit_role")
    if not (queries.list_renewals() or queries.list_missing_templates()):
        return {}
    with transaction.atomic():
        list(Role.objects.select_for_update().order_by("pk"))
        granted = {}
        for role, renewal in queries.list_renewals():
            if renewal.granted:
                names = "、".join(str(PERMISSIONS.get(code, code)) for code in renewal.granted)
                revise(role, actor=actor, at=at, permission="people.edit_role", verb="people.role.renew",
                       permissions=sorted({*role.permissions, *renewal.granted}), because=names[:500])
                granted[role.code] = renewal.granted
            offered = ({*role.offered, *renewal.offered} - {*role.permissions, *renewal.granted}) & {*renewal.known}
            Role.objects.filter(pk=role.pk).update(known=list(renewal.known), offered=sorted(offered))
        if queries.list_missing_templates():
            seed_roles(actor=actor, at=at)
        checks.renew(kept.ACCESS)
    return granted


def grant_offered(role: Role, *, permissions: Iterable[str] | None = None, version: int, actor: Actor, at: dt.datetime) -> Role:
    """Put new permissions that wait for an answer into the role (all of them unless told which)."""
    chosen = _chosen(role, permissions)
    return edit_role(role, version=version, permissions=[*role.permissions, *chosen], actor=actor, at=at)


def decline_offered(role: Role, *, permissions: Iterable[str] | None = None, version: int, actor: Actor, at: dt.datetime) -> Role:
    """Leave the role without them; they are not offered again, and can be ticked in the role's form at any time."""
    chosen = _chosen(role, permissions)
    checks.require_roles_everywhere(actor)
    with transaction.atomic():
        return revise(role, actor=actor, at=at, permission="people.edit_role", version=version, verb="people.role.decline",
                      offered=[code for code in role.offered if code not in chosen])


def _chosen(role: Role, permissions: Iterable[str] | None) -> set[str]:
    chosen = set(role.offered if permissions is None else permissions)
    if not chosen or not chosen <= set(role.offered):
        raise RuleBroken(_("这些权限不在待授予的新权限里"), code="not_offered", field="permissions")
    return chosen
