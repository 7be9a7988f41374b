"""An old part, a shipment and a rule, so that the table asks for pages that are there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.cores import actions
from aftercare.foundation.sources import Source
from tests.world import SYSTEM, World


def write(company: World, at: dt.datetime) -> dict[str, object]:
    """Numbers by the noun of their address."""
    given = {"actor": SYSTEM, "at": at}
    rule = actions.create_rule(part_id=company.capacitor.pk, valid_from=dt.date(2025, 1, 1), **given)
    core, = actions.follow(
        Source("work.workorder", 1, "WO260302000001"), [actions.Demand("m1", company.compressor, Decimal(1))], branch_id=company.head.pk,
        employee_id=company.people["engineer"].pk, **given)
    shipment = actions.open_shipment(branch_id=company.head.pk, **given)
    return {"core-returns": core.number, "cores": core.number, "core-shipments": shipment.number, "core-rules": rule.pk, "core": core.number}
