"""The first start of a company's own installation: one head office, one calendar, one administrator."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.people import queries
from aftercare.domain.people.actions import accounts, calendars, places, roles, seed, staff
from aftercare.domain.people.models import Account, Branch, Role
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import WrongState

# Half past eight to noon, one to half past five; minutes of the day. Changed on the page of calendars.
_DAY = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))
_MAKE_UP = 7
HEAD = "HQ"


def found_company(
    *, company: str, number: str, name: str, password: str, zone: str = "Asia/Shanghai", actor: Actor, at: dt.datetime
) -> Account:
    """The tables a company starts with, its head office and its first administrator; refuses `already_founded`."""
    if queries.is_founded():
        raise WrongState(_("系统已有登录账号，不能再次初始化"), code="already_founded")
    given = {"actor": actor, "at": at}
    with transaction.atomic():
        seed.seed(**given)
        week = {day: _DAY for day in (0, 1, 2, 3, 4, _MAKE_UP)}
        calendar = calendars.create_calendar(name=_("标准工作日历"), hours=week, zone=zone, **given)
        head = places.create_branch(
            number=HEAD, name=company, kind_of=Branch.Kind.HEAD_OFFICE, zone=zone, calendar=calendar, **given
        )
        employee = staff.create_employee(number=number, name=name, branch=head, **given)
        wide = Role.objects.get(code="administrator")
        roles.grant(employee, role=wide, branch=head, **given)
        return accounts.create_account(employee, password=password, **given)
