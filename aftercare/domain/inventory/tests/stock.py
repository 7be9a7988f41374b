"""What the tests of stock start from: a branch with depot and van, two parts."""

import contextlib
import datetime as dt
from decimal import Decimal as D

from django.apps import apps

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries
from aftercare.domain.people import queries as people
from aftercare.domain.people.actions import checks
from aftercare.domain.people.queries import kept
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
SYSTEM = Actor.system("test")
NOW = {"actor": SYSTEM, "at": AT}


@contextlib.contextmanager
def as_in_a_request():
    """As in a request of a company at work: marks are read once, and what a process keeps in memory is there."""
    checks.renew(kept.ACCESS, kept.SETTINGS)
    with kept.marks_once():
        people.zone_of(None)
        queries.closed_to([])
        yield


class Stock:
    """A small store: `depot` and `van` of one branch, `other` of another, parts `a`, `b` and the serial part `s`."""

    def __init__(self, mark: str = "") -> None:
        branch, employee, part = (apps.get_model(n) for n in ("people.Branch", "people.Employee", "catalog.Part"))
        self.branch = branch.objects.create(number=mark + "B1", name="杭州", kind_of="branch", path="/1/")
        self.branch_2 = branch.objects.create(number=mark + "B2", name="宁波", kind_of="branch", path="/2/")
        self.engineer = employee.objects.create(number=mark + "E1", name="王工", branch=self.branch, is_engineer=True)
        self.depot = inventory.ensure_depot(self.branch.pk, **NOW)
        self.other = inventory.ensure_depot(self.branch_2.pk, **NOW)
        self.van = inventory.ensure_van(self.engineer.pk, branch_id=self.branch.pk, **NOW)
        self.a = part.objects.create(code=mark + "A", name="压缩机")
        self.b = part.objects.create(code=mark + "B", name="滤网")
        self.s = part.objects.create(code=mark + "S", name="主板", is_serial=True)
        self.outside = {kind: inventory.ensure_outside(kind, **NOW) for kind in ("supplier", "customer", "difference", "scrap")}

    def fill(self, part, qty, cost="0", place=None, serial=""):
        """Goods from a supplier."""
        return inventory.receive(place or self.depot, lines=[(part.pk, D(qty), D(cost), serial)], **NOW)

    def line(self, key, part, qty, place=None, serial=""):
        """A line to reserve."""
        return inventory.ReserveLine(key, part.pk, (place or self.depot).pk, D(qty), serial)


def order(number: int = 1) -> Source:
    """A document that needs parts."""
    return Source("work.workorder", number, f"WO{number:06}")


def state(part=None) -> dict:
    """(place code, part code, condition, lot) -> (on hand, reserved), of what is not empty."""
    rows = apps.get_model("inventory.Balance").objects.select_related("place", "part")
    return {
        (r.place.code, r.part.code, r.condition, r.lot): (r.on_hand_qty, r.reserved_qty)
        for r in rows if r.on_hand_qty and (part is None or r.part_id == part.pk)
    }
