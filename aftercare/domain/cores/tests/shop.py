"""What the tests of old parts start from: a branch with a depot and an outlet below it, people with the default roles."""

import datetime as dt
from decimal import Decimal as D

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.cores import actions, queries
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

# A Monday morning in Shanghai.
AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)
SYSTEM = Actor.system("test")
NOW = {"actor": SYSTEM, "at": AT}
CAST = {"keeper": "keeper", "second": "keeper", "engineer": "engineer", "accountant": "accountant", "manager": "manager"}


class Shop:
    """The company; `shop.keeper` and so on are actors, `a` and `b` parts, `s` a part kept by serial numbers, `lot` one by lots."""

    def __init__(self) -> None:
        people.seed_roles(**NOW)
        roles = {role.code: role for role in staff.list_roles(SYSTEM)}
        self.head = people.create_branch(number="B1", name="上海", kind_of="branch", **NOW)
        self.low = people.create_branch(number="N1", name="徐汇网点", kind_of="outlet", parent=self.head, **NOW)
        self.away = people.create_branch(number="B2", name="杭州", kind_of="branch", **NOW)
        self.staff = {}
        for name, role in {**CAST, "outlet": "outlet", "stranger": "keeper"}.items():
            branch = {"outlet": self.low, "stranger": self.away}.get(name, self.head)
            self.staff[name] = people.create_employee(number=f"E-{name}", name=name, branch=branch, is_engineer=name == "engineer", **NOW)
            people.grant(self.staff[name], role=roles[role], branch=branch, **NOW)
        self.depot = inventory.ensure_depot(self.head.pk, name="上海库", **NOW)
        self.kind = catalog.ensure_category("空调", code="AC", **NOW)[0]
        self.a = catalog.create_part(code="A-1", name="压缩机", is_returnable=True, **NOW)
        self.b = catalog.create_part(code="B-1", name="滤网", **NOW)
        self.s = catalog.create_part(code="S-1", name="主板", is_serial=True, is_returnable=True, **NOW)
        self.lot = catalog.create_part(code="L-1", name="冷媒", is_lot=True, is_returnable=True, **NOW)

    def __getattr__(self, name: str) -> Actor:
        cast = self.__dict__.get("staff", {})
        if name not in cast:
            raise AttributeError(name)
        return staff.actor_for(cast[name])

    def act(self, name: str, days: float = 0) -> dict:
        """Who acts, and when."""
        return {"actor": getattr(self, name) if name != "system" else SYSTEM, "at": AT + dt.timedelta(days=days)}

    def rule(self, **terms):
        """A rule valid since the year's beginning."""
        given = {"valid_from": dt.date(2026, 1, 1), "charge_amount": D("50.00"), "days": 5, **terms}
        return actions.create_rule(**given, **NOW)

    def use(self, *lines, order: int = 1, outlet=None, days: float = 0, **more):
        """An order uses these (part, quantity, old serial, new serial) and the old parts are owed by what the rules say."""
        source = Source("work.workorder", order, f"WO{order:06}")
        demands = []
        for number, (part, qty, *rest) in enumerate(lines, start=1):
            rule = next((queries.rule_line(r) for r in queries.list_rules(SYSTEM) if r.part_id in (None, part.pk)), None)
            demands.append(actions.Demand(f"m{number}", part, D(qty), rest[0] if rest else "", rule=rule, **more))
        return actions.follow(
            source, demands, branch_id=self.head.pk, employee_id=self.staff["engineer"].pk, outlet_id=outlet and outlet.pk,
            actor=SYSTEM, at=AT + dt.timedelta(days=days),
        )

    def received(self, part=None, qty=1, serial="", order: int = 1, days: float = 0):
        """An old part that lies in the depot."""
        core, = self.use((part or self.a, qty, serial), order=order)
        return actions.receive(core, serial=serial, **self.act("keeper", days))

    def sent(self, count: int = 2):
        """A posted shipment, and its pieces."""
        shipment = actions.open_shipment(branch_id=self.head.pk, **self.act("keeper"))
        pieces = [self.received(order=100 + number) for number in range(count)]
        for core in pieces:
            shipment = actions.add(shipment, core=core, **self.act("keeper"))
        shipment = actions.post_shipment(shipment, carrier="顺丰", tracking_number="SF1", **self.act("keeper"))
        return shipment, queries.pieces_of(shipment)
