"""Roles and the templates they were made from."""

from __future__ import annotations

from aftercare.domain.people import roles_default, rules
from aftercare.domain.people.models import Role
from aftercare.foundation import access
from aftercare.foundation.access import PERMISSIONS, Actor


def template_permissions() -> dict[str, list[str]]:
    """What each default role allows in this version, by code."""
    return {one.code: rules.expand_permissions(one.permissions, PERMISSIONS) for one in roles_default.DEFAULT_ROLES}


def list_renewals() -> list[tuple[Role, rules.Renewal]]:
    """Roles for which this version has something that they were not compared with yet. One statement."""
    now, found = template_permissions(), []
    for role in Role.objects.order_by("code"):
        if role.template in now:
            renewal = rules.renew_from_template(role.permissions, known=role.known, now=now[role.template])
        else:
            renewal = rules.renew_own(role.permissions, known=role.known, declared=PERMISSIONS,
                                      offered_to_nobody=roles_default.ADMINISTRATORS_OWN)
        if list(renewal.known) != sorted(role.known):
            found.append((role, renewal))
    return found


def list_missing_templates() -> list[str]:
    """Default roles that a company founded with default roles does not have yet."""
    known = set(Role.objects.values_list("code", flat=True)) if has_templates() else None
    return [] if known is None else [one.code for one in roles_default.DEFAULT_ROLES if one.code not in known]


def has_templates() -> bool:
    """Whether the company started with the default roles."""
    return Role.objects.exclude(template="").exists()


def count_offers(actor: Actor) -> int:
    """How many roles have new permissions that wait for an answer."""
    return access.visible(Role, actor).exclude(offered=[]).count()
