"""The tables a new company starts with. Safe to run again: what exists is left as people made it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftercare.domain.people import roles_default, rules
from aftercare.domain.people.actions import checks
from aftercare.domain.people.models import CalendarDay, CalendarYear, Region, Role
from aftercare.domain.people.queries import kept
from aftercare.foundation import statements
from aftercare.foundation.access import PERMISSIONS, Actor
from aftercare.foundation.lifecycle import open_new
from aftercare.foundation.recording import Happening, record

SEED = "people.seed"


def seed(*, actor: Actor, at: dt.datetime) -> dict[str, int]:
    """Official days, divisions and default roles; tells how many rows of each are new."""
    with transaction.atomic():
        return {
            "days": seed_official_days(actor=actor, at=at),
            "regions": seed_regions(actor=actor, at=at),
            "roles": seed_roles(actor=actor, at=at),
        }


def seed_official_days(*, actor: Actor, at: dt.datetime) -> int:
    """Days off and make-up workdays of every announced year that is not in the table yet.

    The year after the last announced one is entered as not announced, so that people see it.
    """
    actor.require_anywhere("people.edit_calendar")
    years = rules.read_official_years()
    with transaction.atomic():
        known = set(CalendarYear.objects.filter(is_announced=True).values_list("year", flat=True))
        new = [year for year in years if year.year not in known]
        kinds = {True: CalendarDay.Kind.OFF, False: CalendarDay.Kind.WORKDAY}
        days = [CalendarDay(date=day.date, kind_of=kinds[day.is_off], name=day.name) for y in new for day in y.days]
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True, batch_size=500)
        for year in new:
            CalendarYear.objects.update_or_create(year=year.year,
                                                  defaults={"is_announced": True, "source": year.source[:200]})
        CalendarYear.objects.get_or_create(year=max(year.year for year in years) + 1)
        if new:
            checks.renew(kept.CALENDAR)
            _record("days", len(days), actor, at)
    return len(days)


def seed_regions(*, actor: Actor, at: dt.datetime) -> int:
    """China's divisions that are not in the table yet; names and marks that people changed stay."""
    actor.require_anywhere("people.edit_region")
    with transaction.atomic():
        ids: dict[str | None, int | None] = {None: None, **dict(Region.objects.values_list("code", "id"))}
        new = [d for d in rules.read_divisions() if d.code not in ids]
        for level in (1, 2, 3):
            statements.insert_plain(
                Region, ("code", "name", "full_name", "level", "is_urban", "parent_id"),
                [(d.code, d.name, d.full_name, level, d.is_urban, ids[d.parent]) for d in new if d.level == level])
            if level < 3:
                ids.update(Region.objects.filter(level=level).values_list("code", "id"))
        made = len(new)
        if made:
            _record("regions", made, actor, at)
    return made


def seed_roles(*, actor: Actor, at: dt.datetime) -> int:
    """Default roles that do not exist yet, with the permissions that the rooms declare now."""
    known = set(Role.objects.values_list("code", flat=True))
    made = 0
    with transaction.atomic():
        for default in roles_default.DEFAULT_ROLES:
            if default.code in known:
                continue
            permissions = rules.expand_permissions(default.permissions, PERMISSIONS)
            role = Role(code=default.code, name=default.name, reach=default.reach, permissions=permissions,
                        template=default.code, known=permissions)
            open_new(role, actor=actor, at=at, permission="people.edit_role", verb="people.role.seed")
            made += 1
        if made:
            checks.renew(kept.ACCESS)
    return made


def _record(what: str, count: int, actor: Actor, at: dt.datetime) -> None:
    record(Happening(verb=f"{SEED}.{what}", kind=SEED, id=None, number=what, branch_id=None, actor=actor, at=at,
                     changes={"rows": [0, count]}))
