"""What several actions of this room check or do alike."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.people import access, queries
from aftercare.domain.people.models import Role, Stamp
from aftercare.domain.people.queries import kept
from aftercare.foundation import transactions
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.refusals import Invalid, NotAllowed, RuleBroken


def renew(*names: str) -> None:
    """Tell every process that what it keeps under these names is old, as soon as this transaction commits."""
    for name in names:
        Stamp.objects.update_or_create(name=name, defaults={"mark": secrets.token_hex(16)})
    kept.forget_marks()
    transactions.forget()


def require_text(**fields: str) -> None:
    """Refuse empty texts, all of them at once."""
    empty = {name: _("必填") for name, value in fields.items() if not str(value or "").strip()}
    if empty:
        raise Invalid(empty, code="required")


def require_known_fields(fields: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Refuse fields that this edit does not change."""
    for name in fields:
        if name not in allowed:
            raise RuleBroken(_("不能在这里修改：%(field)s") % {"field": name}, code="field_not_editable", field=name)


def number_taken(error: IntegrityError, *, field: str) -> RuleBroken:
    """The refusal for a number or name that exists already."""
    return RuleBroken(_("已有相同的编号或名称"), code="already_exists", field=field)


def require_not_above(actor: Actor, role: Role, branch_id: int | None) -> None:
    """Refuse to give (or take, or act on a holder of) more than one has: otherwise any grant would be every grant."""
    below = queries.branch_ids_below(branch_id) if branch_id else frozenset()
    for code in role.permissions:
        own = actor.reach(code)
        if own is not None and own.everywhere:
            continue
        wanted = {Role.Reach.BELOW: below, Role.Reach.BRANCH: {branch_id}}.get(role.reach)
        if role.reach in (Role.Reach.OWN, Role.Reach.TEAM):
            covered = own is not None and (branch_id in own.branches or role.reach == Role.Reach.OWN)
        else:
            covered = own is not None and wanted is not None and wanted <= own.branches
        if not covered:
            raise NotAllowed(
                _("不能授予超出本人权限的角色「%(role)s」") % {"role": role.name}, code="above_own_grants", permission=code
            )


def require_roles_everywhere(actor: Actor) -> None:
    """A role is one for the whole company, so changing it is not for who administers a single branch."""
    reach = actor.reach(access.EDIT_ROLE)
    if reach is None or not reach.everywhere:
        raise not_allowed(access.EDIT_ROLE)


def require_zone(zone: str) -> None:
    """Refuse a name that is no IANA time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RuleBroken(_("没有这个时区"), code="unknown_zone", field="zone") from error
