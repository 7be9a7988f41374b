"""A small company made by the product's own actions, and its people signed in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from django.conf import settings
from django.test import Client

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.flows import moves, register_request
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

PASSWORD = "harbour-lamp-71"
CAST = {
    "clerk": "clerk", "dispatcher": "dispatcher", "wang": "engineer", "zhao": "engineer", "keeper": "keeper",
    "auditor": "auditor", "caller": "caller",
}  # fmt: skip


class Company(SimpleNamespace):
    """Branch, people, accounts, parts; `actor(name)` and `client(name)` act as one of them."""

    def actor(self, name: str) -> Actor:
        """That person as an actor."""
        return staff.actor_for(self.people[name])

    def client(self, name: str) -> Client:
        """A browser in which that person is signed in."""
        client = Client()
        if name not in self.accounts:
            # Hashing a password takes a while, so only those who come in get one.
            account = people.create_account(self.people[name], username=name, password=PASSWORD, **self.make)
            self.accounts[name] = account
        client.force_login(self.accounts[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def register(self, phone: str = "13800001111", **values):
        """An order registered by the clerk."""
        given = {
            "branch_id": self.branch.pk, "phone": phone, "customer_name": "林晓燕", "address": "张杨路 1599 弄 12 号",
            "product": "壁挂炉", "category": "热水", "fault": "无法开机", "open_anyway": True,
        }  # fmt: skip
        return register_request.register(**(given | values), actor=self.actor("clerk"), at=self.at).order

    def move(self, order, name: str, who: str, **inputs):
        """One move of the order by that person."""
        return moves.make(order, name, actor=self.actor(who), at=clock.now(), **inputs)


def found() -> Company:
    """The company with its people; roles as shipped."""
    at = clock.now() - dt.timedelta(hours=2)
    make = {"actor": Actor.system("test"), "at": at}
    people.seed_roles(**make)
    roles = {role.code: role for role in staff.list_roles(Actor.system("test"))}
    branch = people.create_branch(number="SH", name="上海服务中心", **make)
    members, accounts = {}, {}
    for index, (name, role) in enumerate(CAST.items()):
        member = people.create_employee(
            number=f"A{index:03d}", name=name, branch=branch, is_engineer=role == "engineer", **make
        )
        people.grant(member, role=roles[role], branch=branch, **make)
        members[name] = member
    part = catalog.create_part(code="P-10032", name="压缩机电容", price_amount="68.00", **make)
    depot = inventory.ensure_depot(branch.pk, **make)
    inventory.receive(depot, lines=[(part.pk, 5, Decimal("10"), "")], **make)
    return Company(branch=branch, people=members, accounts=accounts, part=part, at=at, make=make)
