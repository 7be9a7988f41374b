"""An old part, a shipment and a rule, so that the table asks for pages that are there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.cores import actions, queries
from aftercare.foundation.sources import Source
from tests.world import SYSTEM, World


def write(company: World, at: dt.datetime) -> dict[str, object]:
    """Numbers by the noun of their address."""
    given = {"actor": SYSTEM, "at": at}
    rule = actions.create_rule(part_id=company.capacitor.pk, valid_from=dt.date(2025, 1, 1), **given)
    core, = actions.follow(
        Source("work.workorder", 1, "WO260302000001"), [actions.Demand("m1", company.compressor, Decimal(1))], branch_id=company.head.pk,
        employee_id=company.people["engineer"].pk, **given)
    # An outlet's piece that was overdue and charged in a month that is over, and the bill for it.
    dear = queries.rule_line(actions.create_rule(
        branch_id=company.outlet.pk, valid_from=dt.date(2025, 1, 1), days=5, charge_amount=Decimal("50.00"), **given))
    late, = actions.follow(
        Source("work.workorder", 2, "WO260302000002"), [actions.Demand("m1", company.compressor, Decimal(1), rule=dear)],
        branch_id=company.head.pk, employee_id=company.people["engineer"].pk, outlet_id=company.outlet.pk, actor=SYSTEM, at=at - dt.timedelta(days=90))
    actions.charge(late, actor=SYSTEM, at=at - dt.timedelta(days=40))
    bill, = actions.draw_bills(**given)
    shipment = actions.open_shipment(branch_id=company.head.pk, **given)
    return {"core-returns": core.number, "cores": core.number, "core-shipments": shipment.number, "core-rules": rule.pk, "core": core.number,
            "core-bills": bill.number}
