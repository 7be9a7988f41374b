"""What the tests of supply start from: a branch with a depot and an outlet below it, two suppliers, people with the default roles."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal as D

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.parties import actions as parties
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.domain.purchasing import actions, queries
from aftercare.foundation.access import Actor

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)
SYSTEM = Actor.system("test")
NOW = {"actor": SYSTEM, "at": AT}
CAST = {"buyer": "buyer", "other": "buyer", "keeper": "keeper", "manager": "manager", "accountant": "accountant"}


class Supply:
    """The company; `supply.buyer` and so on are actors, `a`, `b` and the serial part `s` parts."""

    def __init__(self) -> None:
        people.seed_roles(**NOW)
        roles = {role.code: role for role in staff.list_roles(SYSTEM)}
        self.head = people.create_branch(number="B1", name="上海", kind_of="branch", **NOW)
        self.low = people.create_branch(number="N1", name="徐汇网点", kind_of="outlet", parent=self.head, **NOW)
        self.away = people.create_branch(number="B2", name="杭州", kind_of="branch", **NOW)
        self.staff = {}
        for name, role in {**CAST, "outlet": "outlet", "stranger": "keeper"}.items():
            branch = {"outlet": self.low, "stranger": self.away}.get(name, self.head)
            self.staff[name] = people.create_employee(number=f"E-{name}", name=name, branch=branch, **NOW)
            people.grant(self.staff[name], role=roles[role], branch=branch, **NOW)
        self.depot = inventory.ensure_depot(self.head.pk, name="上海库", **NOW)
        self.shelf = inventory.ensure_outlet(self.low.pk, name="网点库", **NOW)
        self.a = catalog.create_part(code="A-1", name="压缩机", **NOW)
        self.b = catalog.create_part(code="B-1", name="滤网", **NOW)
        self.s = catalog.create_part(code="S-1", name="主板", is_serial=True, **NOW)
        self.vendor = parties.create_supplier(name="东方制冷", lead_days=5, **NOW)
        self.rival = parties.create_supplier(name="南方电器", lead_days=2, **NOW)

    def __getattr__(self, name: str) -> Actor:
        people_by_name = self.__dict__.get("staff", {})
        if name not in people_by_name:
            raise AttributeError(name)
        return staff.actor_for(people_by_name[name])

    def act(self, name: str, days: float = 0) -> dict:
        """Who acts, and when."""
        return {"actor": getattr(self, name), "at": AT + dt.timedelta(days=days)}

    def price(self, part, amount, supplier=None, **more):
        """A supplier's price, valid since the year's beginning."""
        return actions.create_price(supplier_id=(supplier or self.vendor).pk, part_id=part.pk, price_amount=D(amount),
                                    valid_from=dt.date(2026, 1, 1), **NOW, **more)

    def approved(self, *lines, **more):
        """An approved request of (part, qty, price) lines."""
        given = [{"part_id": part.pk, "qty": D(qty), "price_amount": D(price)} for part, qty, price in lines]
        request = actions.create_request(place=self.depot, lines=given, **self.act("keeper"), **more)
        request = actions.submit(request, **self.act("keeper"))
        return actions.approve(request, **self.act("manager"))

    def sent(self, *lines, supplier=None):
        """A sent order of (part, qty, price) lines with the approval they need, and its lines."""
        request = self.approved(*lines)
        asked = queries.request_lines_of(request)
        order = actions.create_order(supplier=supplier or self.vendor, place=self.depot, **self.act("buyer"), lines=[
            {"part_id": row.part_id, "qty": row.qty, "price_amount": row.price_amount, "request_line_id": row.pk} for row in asked])
        order = actions.send(order, **self.act("buyer"))
        return order, queries.lines_of(order)

    def received(self, order, *lines, **more):
        """A receipt of (order line, qty) lines."""
        given = [{"line_id": line.pk, "qty": D(qty)} for line, qty in lines]
        return actions.receive(order, lines=given, **self.act("keeper", 1), **more).receipt_made

    def on_hand(self, part, place=None, condition="good"):
        """What lies there."""
        return stock.on_hand(part.pk, (place or self.depot).pk, condition)


def at_token(actor: Actor) -> Actor:
    """The same rights without a person behind them."""
    return replace(actor, employee_id=None)
