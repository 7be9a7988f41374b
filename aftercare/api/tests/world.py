"""The company of the API's tests: head office, two branches, one person a role, a customer with a unit."""

import datetime as dt
from dataclasses import dataclass, field

from aftercare.api.tests.caller import Caller
from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.parties import actions as parties
from aftercare.domain.people import actions as people
from aftercare.domain.people.models import Region, Role
from aftercare.foundation.access import Actor

AT = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)
ROLES = ("clerk", "dispatcher", "engineer", "keeper", "auditor", "accountant", "caller", "manager", "administrator")


@dataclass
class World:
    """Things by name; `call("clerk")` calls as the clerk."""

    system: Actor
    things: dict = field(default_factory=dict)
    tokens: dict = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None

    def call(self, name: str) -> Caller:
        """A caller with that person's token."""
        if name not in self.tokens:
            _token, self.tokens[name] = people.make_token(self.things[name], name="test", scopes=["*"],
                                                          actor=self.system, at=AT)
        return Caller(self.tokens[name])

    @property
    def by(self) -> dict:
        """Who and when, for actions."""
        return {"actor": self.system, "at": AT}


def found_world() -> World:
    """A new company."""
    world = World(Actor.system("test"))
    things, by = world.things, world.by
    things["head"] = people.create_branch(number="HQ", name="总部", kind_of="head_office", **by)
    things["north"] = people.create_branch(number="N", name="北方分公司", parent=things["head"], **by)
    things["south"] = people.create_branch(number="S", name="南方分公司", parent=things["head"], **by)
    people.seed_roles(**by)
    roles = {role.code: role for role in Role.objects.all()}
    for number, role in enumerate(ROLES, 1):
        things[role] = people.create_employee(
            number=f"E{number:03}", name=f"{roles[role].name}甲", branch=things["north"], phone="13900000000",
            is_engineer=role == "engineer", **by,
        )
        people.grant(things[role], role=roles[role], branch=things["north"], **by)
    things["stranger"] = people.create_employee(number="E100", name="外人", branch=things["south"], **by)
    people.grant(things["stranger"], role=roles["manager"], branch=things["south"], **by)
    things["nobody"] = people.create_employee(number="E101", name="无权", branch=things["north"], **by)
    things["district"] = Region.objects.filter(code="310104").first() or Region.objects.create(
        code="310104", name="徐汇区", level=3, is_urban=True)
    _fill(world)
    return world


def _fill(world: World) -> None:
    things, by = world.things, world.by
    things["category"], _made = catalog.ensure_category("空调", **by)
    things["product"], _made = catalog.ensure_product("KFR-35GW", category_name="空调", brand="格力", **by)
    things["work_type"], _made = catalog.ensure_work_type("维修", code="repair", **by)
    things["fault"], _made = catalog.ensure_code("fault", "不制冷", category=things["category"], **by)
    things["part"] = catalog.create_part(name="压缩机", code="P-001", price_amount="320.00", **by)
    things["other_part"] = catalog.create_part(name="电容", code="P-002", price_amount="15.00", **by)
    things["customer"] = parties.create_customer(
        name="王建国", phone="13812340001", branch_id=things["north"].pk, region_code="310104",
        address="上海市徐汇区漕溪北路一号", **by,
    )
    things["asset"] = assets.register_asset(
        product=things["product"], serial="SN-0001", customer=things["customer"], branch_id=things["north"].pk, **by,
    )
