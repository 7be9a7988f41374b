"""The small company of the rooms' tests with accounts: who signs in with which of the roles that a company starts with."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.conf import settings
from django.test import Client

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.people.models import Employee, Role
from aftercare.domain.work.tests import company as companies
from aftercare.flows import dispatch_order, moves, register_request
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

ROLES = {
    "wang": "engineer", "zhao": "engineer", "clerk": "clerk", "dispatcher": "dispatcher", "auditor": "auditor",
    "inspector": "keeper",
}  # fmt: skip
# An hour ago: pages take the time from the clock, so the past of these tests is near.
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=3)


def hours(count: float) -> dt.datetime:
    """`count` hours after the beginning of these tests' day."""
    return NOW + dt.timedelta(hours=count)


def found():
    """The company with roles, accounts, a part store, and a van."""
    company = companies.found_company()
    system = Actor.system("tests")
    people.seed(actor=system, at=NOW)
    for name, role in ROLES.items():
        hire(getattr(company, name), role)
    company.boss = companies.everything(company.dispatcher)
    company.depot = inventory.ensure_depot(company.branch.pk, name="总部配件库", actor=system, at=NOW)
    company.van = inventory.ensure_van(company.wang.pk, branch_id=company.branch.pk, name="王工随车", actor=system, at=NOW)
    inventory.receive(
        company.depot, source=Source("tests.stock", 1, "T1"), key="depot", actor=system, at=NOW,
        lines=[(company.part.pk, Decimal(5), Decimal("100.00"))],
    )
    return company


def hire(employee: Employee, role: str, branch=None) -> None:
    """Give him an account and a role."""
    system = Actor.system("tests")
    people.create_account(employee, username=f"u{employee.number.lower()}", password="Harbour-Lamp-71", actor=system, at=NOW)
    people.grant(employee, role=Role.objects.get(code=role), branch=branch or employee.branch, actor=system, at=NOW)


def sign_in(employee: Employee) -> Client:
    """A browser in which he is signed in."""
    client = Client()
    client.force_login(employee.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def form(**fields) -> dict:
    """Fields of a form with a fresh key."""
    return {"idempotency_key": str(uuid.uuid4()), **fields}


def register(company, **values):
    """A request with its order, through the usual flow."""
    given = {"branch_id": company.branch.pk, "customer": company.customer, "asset": company.asset, "title": "不制冷",
             "actor": company.boss, "at": NOW}
    return register_request.register(**(given | values))


def dispatched(company, engineer=None, **values):
    """An order that its engineer has to answer."""
    order = register(company, **values).order
    return dispatch_order.assign(order, engineer=(engineer or company.wang).pk, actor=company.boss, at=hours(0.1))


def at_work(company, engineer=None, **values):
    """An order that its engineer works on."""
    engineer = engineer or company.wang
    order = dispatched(company, engineer, **values)
    for name, hour in (("accept", 0.2), ("set_out", 0.3), ("arrive", 0.5)):
        order = moves.make(order, name, actor=companies.everything(engineer), at=hours(hour))
    return order
