"""The desk's look-up: who calls, what he owns, whether it is in warranty, what is open, what he owes."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from aftercare.api import calls
from aftercare.api.assets import AssetRow
from aftercare.api.customers import CustomerRow
from aftercare.api.entitlements import Decision
from aftercare.api.fields import Sought
from aftercare.api.orders import OrderRow
from aftercare.api.routes import Routes
from aftercare.api.rows import Row
from aftercare.domain.assets import queries as assets
from aftercare.domain.billing import queries as billing
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.orders import queries as sales
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Desk")


class UnitFound(Row):
    """A unit with the decision who pays for a job on it today."""

    asset: AssetRow
    entitlement: Decision | None


class CustomerFound(Row):
    """A customer who may be calling, with all that the desk needs."""

    customer: CustomerRow
    units: list[UnitFound]
    orders: list[OrderRow]
    open_orders: int
    due_notices: int = Field(description="How much he is to be told of his orders (see `/due-notices`).")
    unpaid_amount: Decimal


class Identified(Row):
    """Who may be calling. `by` says what the text was taken for."""

    by: Literal["", "phone", "name", "number", "text", "serial"]
    is_exact: bool
    customers: list[CustomerFound]
    units: list[UnitFound]


@routes.read("/identify", Identified)
def identify(request, q: Annotated[Sought, Field(min_length=2)]):
    """Find customers by telephone, name or number, and units by serial number."""
    actor = calls.caller(request)
    actor.require_anywhere("parties.view_customer")
    found = parties.identify(q, actor)
    units = assets.find_by_serial(q, actor) if not found.is_exact else []
    by = found.by if found.customers or not units else "serial"
    customers = found.customers
    if not customers and len(units) == 1 and units[0].customer_id:
        customers = list(parties.find_customers([units[0].customer_id], actor).values())
    return {
        "by": by, "is_exact": found.is_exact,
        # Past the third customer the desk asks a more exact question anyway.
        "customers": [_customer(customer, actor, full=place < 3) for place, customer in enumerate(customers)],
        "units": _units(units, actor),
    }


def _customer(customer, actor: Actor, *, full: bool) -> dict:
    answer = {"customer": CustomerRow.of(customer, actor), "units": [], "orders": [], "open_orders": 0, "due_notices": 0,
              "unpaid_amount": Decimal("0.00")}
    if not full:
        return answer
    orders = work.list_orders(actor, customer=customer.pk).order_by("-id")[:10] if actor.holds("work.view_order") else []
    rows = list(orders)
    answer["units"] = _units(list(assets.list_of_customer(customer.pk, actor)[:20]), actor)
    answer["orders"] = OrderRow.many(rows, actor)
    answer["open_orders"] = len(work.open_orders_of_customer(customer.pk, actor)) if rows else 0
    if actor.holds("orders.view_notice"):
        answer["due_notices"] = sales.list_duties(actor).filter(customer_id=customer.pk).count()
    if actor.holds("billing.view_bill"):
        answer["unpaid_amount"] = billing.unpaid_amount(customer.pk)
    return answer


def _units(units: list, actor: Actor) -> list[dict]:
    decisions = {}
    if units and actor.holds("entitlement.view"):
        today = clock.local_day(clock.now(), actor.zone)
        decisions = entitlement.decide_many([unit.pk for unit in units], today)
    return [
        {"asset": AssetRow.of(unit, actor),
         "entitlement": Decision.of(decisions[unit.pk], actor) if unit.pk in decisions else None}
        for unit in units
    ]
