"""One small company with an administrator, a clerk and an engineer, for tests of the office pages."""

import datetime as dt
import uuid

from django.conf import settings
from django.utils import timezone

from aftercare.domain.people import actions as people
from aftercare.domain.people import queries
from aftercare.foundation.access import Actor

SYSTEM = Actor.system("test")
PASSWORD = "harbour-lamp-71"


class Office:
    """The company and its three clients' accounts."""

    def __init__(self):
        make = {"actor": SYSTEM, "at": timezone.now() - dt.timedelta(days=1)}
        self.make = make
        people.seed_roles(**make)
        roles = {role.code: role for role in queries.list_roles(SYSTEM)}
        self.head = people.create_branch(number="HQ", name="总部", kind_of="head_office", **make)
        self.branch = people.create_branch(number="B1", name="浦东中心", parent=self.head, **make)
        self.admin = self._person("A1", "陈静", self.head, roles["administrator"])
        self.clerk = self._person("C1", "李娜", self.branch, roles["clerk"])
        self.engineer = self._person("E1", "冯勇", self.branch, roles["engineer"], is_engineer=True)
        self.keeper = self._person("K1", "王库", self.branch, roles["keeper"])
        self.accountant = self._person("F1", "钱会", self.head, roles["accountant"])

    def _person(self, number, name, branch, role, **more):
        employee = people.create_employee(number=number, name=name, branch=branch, **more, **self.make)
        people.grant(employee, role=role, branch=branch, **self.make)
        people.create_account(employee, password=PASSWORD, **self.make)
        return employee

    def sign_in(self, client, employee):
        """The client, signed in as that employee."""
        account = queries.find_account_by_login(employee.number)
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client


def key():
    """A fresh idempotency key, as a form carries it."""
    return {"idempotency_key": str(uuid.uuid4())}
