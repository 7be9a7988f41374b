"""工程师日报: one engineer's day as it was recorded while he worked; he adds the kilometres and signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.spreadsheet import Column
from aftercare.reports import access, cash

COLUMNS = (
    Column(_("服务单号"), width=20), Column(_("客户")), Column(_("地址"), width=30), Column(_("产品"), width=20),
    Column(_("故障现象"), width=24), Column(_("出发"), "instant"), Column(_("到达"), "instant"),
    Column(_("离开"), "instant"), Column(_("状态")), Column(_("应收"), "money"),
)


@dataclass(frozen=True)
class Trip:
    """One visit of the day; times are UTC instants, None when not recorded."""

    number: str
    customer: str
    address: str
    product: str
    title: str
    set_out_at: dt.datetime | None
    arrived_at: dt.datetime | None
    left_at: dt.datetime | None
    status: str
    amount: Decimal


@dataclass(frozen=True)
class PartUsed:
    """Parts that went into that day's finished orders."""

    name: str
    qty: Decimal


@dataclass(frozen=True)
class EngineerDay:
    """The day. Minutes are between set-out, arrival and leaving; `kilometres` is for him to fill in."""

    employee: object
    day: dt.date
    trips: list[Trip]
    parts: list[PartUsed]
    finished: int
    travel_minutes: int
    work_minutes: int
    collected_amount: Decimal
    held_amount: Decimal
    kilometres: Decimal | None = None

    def figures(self) -> dict:
        """Plain values for the signature."""
        return {
            "trips": len(self.trips), "finished": self.finished, "travel_minutes": self.travel_minutes,
            "work_minutes": self.work_minutes, "collected_amount": str(self.collected_amount),
            "held_amount": str(self.held_amount),
            "kilometres": str(self.kilometres) if self.kilometres is not None else None,
            "orders": [trip.number for trip in self.trips],
            "parts": {part.name: shown(part.qty) for part in self.parts},
        }


def calculate(actor: Actor, *, employee_id: int, day: dt.date, kilometres: Decimal | None = None) -> EngineerDay:
    """That engineer's day; his own is always open to him, others' need the permission at his branch."""
    employee = people.get_employee(employee_id, actor)
    if actor.employee_id != employee.pk:
        actor.require(access.VIEW_ENGINEER_DAY, branch_id=employee.branch_id)
    zone = people.zone_of(employee.branch_id)
    bounds = clock.day_bounds(day, zone)
    found = _list_trips(actor, employee.pk, bounds)
    trips = [_trip(row) for row in found]
    done = work.list_orders(actor, engineer=employee.pk).filter(finished_at__gte=bounds[0], finished_at__lt=bounds[1])
    collected, held = cash.collected_by(actor, employee.pk, day)
    return EngineerDay(
        employee=employee, day=day, trips=trips, parts=_list_parts(done), finished=done.count(),
        travel_minutes=sum(_minutes(t.set_out_at, t.arrived_at) for t in trips),
        work_minutes=sum(_minutes(t.arrived_at, t.left_at) for t in trips),
        collected_amount=collected, held_amount=held, kilometres=kilometres,
    )


def rows(report: EngineerDay) -> Iterator[tuple]:
    """Rows for `COLUMNS`."""
    for t in report.trips:
        yield (t.number, t.customer, t.address, t.product, t.title, t.set_out_at, t.arrived_at, t.left_at, t.status, t.amount)


def _list_trips(actor: Actor, employee_id: int, bounds: tuple[dt.datetime, dt.datetime]) -> list[dict]:
    condition = Q()
    for column in ("set_out_at", "arrived_at", "left_at"):
        condition |= Q(**{f"visits__{column}__gte": bounds[0], f"visits__{column}__lt": bounds[1]})
    orders = work.list_orders(actor, engineer=employee_id).filter(Q(visits__engineer_id=employee_id) & condition)
    return list(
        orders.order_by("visits__set_out_at", "visits__arrived_at", "id").values(
            "number", "customer__name", "contact_name", "address", "product__name", "title", "status", "amount",
            "visits__set_out_at", "visits__arrived_at", "visits__left_at",
        )
    )


def _trip(row: dict) -> Trip:
    from aftercare.domain.work.lifecycle import Status

    return Trip(
        row["number"], row["customer__name"] or row["contact_name"], row["address"], row["product__name"] or "",
        row["title"], row["visits__set_out_at"], row["visits__arrived_at"], row["visits__left_at"],
        str(Status(row["status"]).label), row["amount"],
    )


def _list_parts(done) -> list[PartUsed]:
    used = done.select_related(None).order_by().filter(materials__used_qty__gt=0).values("materials__part__name")
    totals = used.annotate(qty=Sum("materials__used_qty")).order_by("materials__part__name")
    return [PartUsed(row["materials__part__name"], row["qty"]) for row in totals]


def _minutes(start: dt.datetime | None, end: dt.datetime | None) -> int:
    return max(round((end - start).total_seconds() / 60), 0) if start and end else 0
