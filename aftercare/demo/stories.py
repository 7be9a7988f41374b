"""What happens to one order, told as a generator: it yields the time of its next step and then takes the step.

Whoever plays it stops asking when a step would lie in the future, so an order simply stands where the day found it.
Every step is an action or a flow of the product, done by an employee with his own rights.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from aftercare.demo import bench, contracts, field_work, words
from aftercare.demo.company import BENCH, OUTLET_OF, Company
from aftercare.demo.planning import Plan, Unit
from aftercare.domain.assets import actions as assets
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.parties import actions as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import actions as work
from aftercare.flows import dispatch_order, moves, register_request
from aftercare.foundation.access import Actor

Steps = Iterator[dt.datetime]


class Story:
    """One order's way; `order` is the row as its last step left it."""

    def __init__(self, plan: Plan, company: Company, rng: Random, diary: field_work.Diary) -> None:
        self.plan, self.company, self.rng, self.diary = plan, company, rng, diary
        self.made = company.catalogue
        self.unit, self.person = plan.unit, plan.unit.owner
        self.centre = self.person.centre
        self.clock = people.working_clock(company.branches[self.centre].pk)
        self.at = plan.at
        self.order: Any = None
        self.custody: Any = None
        self.engineer = ""

    def after(self, low: int, high: int) -> dt.datetime:
        """Some working minutes later; the story's own time moves there."""
        minutes = low if self.plan.stop else self.rng.randint(low, high)
        self.at = self.clock.due(self.at, minutes) + dt.timedelta(seconds=self.rng.randint(1, 50))
        return self.at

    def by(self, role: str) -> Actor:
        """Somebody of that role at the order's centre."""
        return self.company.by(role, self.centre)

    @property
    def worker(self) -> Actor:
        """Who does the work."""
        return self.company.actor(self.engineer)

    def move(self, name: str, actor: Actor, **values) -> None:
        """A move of the order with all it brings."""
        self.order = moves.make(self.order, name, actor=actor, at=self.at, **values)

    def tell(self) -> Steps:
        """The whole way from the call to the end."""
        yield self.at
        self.register()
        if self.plan.stop == "pending":
            return
        if self.plan.turn == "cancel" and (self.plan.stop or self.rng.random() < 0.5):
            yield self.after(20, 600)
            self.cancel()
            return
        yield from bench.tell(self) if self.plan.kind == "bench" else field_work.tell(self)

    def register(self) -> None:
        """The clerk writes down who called and what is wrong."""
        if self.plan.kind == "bench" and self.unit.held:
            self.bring_another()
        plan, unit, person, rng = self.plan, self.unit, self.person, self.rng
        kind = "installation" if plan.kind == "install" else "repair"
        fault = self.made.faults[unit.category][plan.fault] if kind == "repair" and plan.kind != "care" else None
        title = {"install": "新机安装", "care": "年度保养清洗"}.get(plan.kind, "")
        found = register_request.register(
            branch_id=self.company.branches[self.centre].pk, channel="counter" if plan.kind == "bench" else rng.choices(
                ("phone", "wechat", "web", "dealer"), (7, 2, 1, 1))[0],
            kind=kind, customer=person.row, phone="" if person.row else person.phone, customer_name=person.name,
            region_code=person.region, address=person.address, asset=unit.row,
            product=None if unit.row else self.made.products[unit.model], serial="" if unit.row else unit.serial,
            asset_details=None if unit.row else details_of(unit), fault=fault, title=title,
            detail=rng.choice(words.DETAILS).format(fault=fault.name) if fault else title,
            work_type=self.made.work_types[{"install": "AZ", "care": "BY"}.get(plan.kind, "WX")],
            mode="bench" if plan.kind == "bench" else "on_site", urgent=rng.random() < 0.08, open_anyway=True,
            limit_amount=Decimal(300) if plan.kind == "bench" and rng.random() < 0.4 else None,
            intake=bench.intake_of(self) if plan.kind == "bench" else None, actor=self.by("clerk"), at=self.at,
        )
        self.order, self.custody = found.order, found.custody
        unit.held = unit.held or found.custody is not None
        person.row, unit.row = found.customer, found.asset or unit.row

    def bring_another(self) -> None:
        """What lies with us already is not brought in again: another customer comes, or somebody is sent there."""
        others = [unit for unit in self.company.units if unit.row and not unit.held and unit.owner.centre == self.centre]
        if others and not self.plan.repeat_of:
            self.unit = self.rng.choice(others)
            self.person = self.unit.owner
            self.plan.fault = 0
        else:
            self.plan.kind = "visit"

    def cancel(self) -> None:
        """The customer does not want it any more."""
        held = {"item": "returned", "returned_to": self.person.name, "code": self.custody.code} if self.custody else {}
        self.move("cancel", self.by("dispatcher"), reason=self.rng.choice(words.CANCELS), **held)
        self.unit.held = False

    def choose_engineer(self, *, other_than: str = "") -> str:
        """Whoever of the centre has the skill; on the bench the bench repairer, else first who serves the district."""
        staff = self.company.skills.items()
        fit = [n for n, skills in staff if self.company.centre_of(n) == self.centre and self.unit.category in skills]
        if self.plan.kind == "bench":
            return next((n for n in fit if n in BENCH), fit[0])
        fit = [n for n in fit if n not in BENCH[:2] and n != other_than] or fit
        near = [n for n in fit if self.person.region in self.company.serves.get(n, ())]
        return self.rng.choice(near or fit)

    def dispatch(self, *, other_than: str = "") -> None:
        """The dispatcher gives it to an engineer or to the outlet of the district."""
        outlet = OUTLET_OF.get(self.centre) if self.plan.kind == "outlet" else None
        if outlet:
            self.engineer = "5001" if outlet == "W1" else "5002"
            self.order = dispatch_order.assign(self.order, outlet=self.company.branches[outlet], actor=self.by("dispatcher"), at=self.at)
            return
        self.engineer = self.choose_engineer(other_than=other_than)
        self.order = dispatch_order.assign(
            self.order, engineer=self.company.staff[self.engineer], actor=self.by("dispatcher"), at=self.at)

    def accept(self) -> None:
        """The engineer takes it; an outlet names its own."""
        own = {"engineer": self.company.staff[self.engineer]} if self.order.engineer_id is None else {}
        self.order = work.accept(self.order, actor=self.worker, at=self.at, **own)


def details_of(unit: Unit) -> dict:
    """The days and papers of a unit as its owner shows them."""
    details: dict[str, Any] = {"made_on": unit.made_on}
    if unit.sold_on:
        details |= {"sold_on": unit.sold_on, "seller": "晴川专卖店", "order_number": f"XS{unit.sold_on:%y%m%d}{unit.serial[-4:]}"}
        if unit.category in ("BGL", "KT"):
            details["installed_on"] = unit.sold_on
    if unit.oddity == "foreign_invoice":
        details |= {"invoiced_on": unit.sold_on, "invoice_number": f"FP{unit.serial[-5:]}", "invoice_serial": unit.serial[:-1] + "X"}
    return details


def enrol(unit: Unit, company: Company, at: dt.datetime) -> Steps:
    """A customer's file and his unit, entered by the clerk before anything breaks."""
    yield at
    person, branch = unit.owner, company.branches[unit.owner.centre]
    actor = company.by("clerk", person.centre)
    if person.row is None:
        person.row = parties.create_customer(
            name=person.name, phone=person.phone, kind=person.kind, branch_id=branch.pk, region_code=person.region,
            address=person.address, grade=person.grade, actor=actor, at=at)
    if unit.row is None:
        unit.row = assets.register_asset(
            product=company.catalogue.products[unit.model], serial=unit.serial, customer=person.row, branch_id=branch.pk,
            actor=actor, at=at, **details_of(unit))
    if unit.contract:
        contracts.sign(unit, company, at=at)
    elif unit.sold_on and not unit.oddity:
        entitlement.register_base(unit.row, actor=actor, at=at)
