"""What service contracts have earned and what the jobs under them cost.

Earned is the price by the days served. Parts cost what they were worth when they left (moving average); labour and travel
what the fee schedule says, which the audit books as the cost of contracts: wages are not split by job.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.inventory import queries as stock
from aftercare.foundation.money import ZERO, rounded

ORDER = "work.workorder"


@dataclass
class Profit:
    """One contract by that day; amounts in CNY."""

    contract: str
    earned_amount: Decimal = ZERO
    parts_cost: Decimal = ZERO
    labour_cost: Decimal = ZERO
    travel_cost: Decimal = ZERO
    jobs: int = 0

    @property
    def cost_amount(self) -> Decimal:
        """All costs together."""
        return self.parts_cost + self.labour_cost + self.travel_cost

    @property
    def profit_amount(self) -> Decimal:
        """What is left of the earned price; below zero when the jobs cost more."""
        return self.earned_amount - self.cost_amount


def calculate(rows: Iterable[Any], *, day: dt.date) -> list[Profit]:
    """The profit of these contracts by that day, in their order; four statements however many."""
    rows = list(rows)
    earned = contracts.earned_amounts(rows, day)
    jobs = contracts.jobs_of_many([row.pk for row in rows])
    ids = [job.source_id for found in jobs.values() for job in found if job.source_kind == ORDER]
    costs = stock.line_costs(ORDER, ids)
    charges: dict[int, list] = {}
    for charge in bills.charges_borne("contract", ORDER, ids):
        charges.setdefault(charge.bill.source_id, []).append(charge)
    found = []
    for row in rows:
        own = jobs.get(row.pk, [])
        profit = Profit(row.number, earned.get(row.pk, ZERO), jobs=len(own))
        for charge in (charge for job in own for charge in charges.get(job.source_id, [])):
            _add(profit, charge, costs)
        found.append(profit)
    return found


def _add(profit: Profit, charge: Any, costs: dict) -> None:
    if charge.kind_of == "part":
        pieces, cost = costs.get((charge.bill.source_id, charge.base_line or charge.line), (ZERO, ZERO))
        price = charge.qty * charge.price_amount
        share = charge.amount / price if price else 1  # of a part that several bear
        profit.parts_cost += rounded(cost / pieces * charge.qty * share) if pieces else ZERO
    elif charge.kind_of == "travel":
        profit.travel_cost += charge.net_amount
    else:
        profit.labour_cost += charge.net_amount
