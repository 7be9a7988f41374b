"""One contract and one claim, so that the table asks for pages that are there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.entitlement import actions, queries
from tests.world import SYSTEM, World


def write(company: World, at: dt.datetime) -> dict[str, object]:
    """Numbers by the noun of their address."""
    given = {"actor": SYSTEM, "at": at}
    contract = actions.create_contract(
        customer=company.customer, branch_id=company.head.pk, name="全保", starts_on=dt.date(2026, 1, 1), months=12, price=Decimal(100),
        scopes=[{"asset": company.old_unit}], visit_plans=[{"title": "保养", "work_type": company.work_type, "every": 6}], **given)
    contract = actions.activate(contract, **given)
    actions.make_notices(contract, at=at)
    maker = actions.set_agreement(name="清风电器", brands=["清风"], **given)
    actions.collect_lines([
        {"agreement": maker, "branch_id": company.head.pk, "source_kind": "work.workorder", "source_id": n, "source_number": f"WO{n}", "round": 1,
         "line": "labour", "kind_of": "labour", "name": "人工费", "account": "warranty_cost", "booked_amount": 80, "cost_amount": 80,
         "claimed_amount": 80, "audited_on": dt.date(2026, 3, 1)}
        for n in (1, 2)
    ])
    first, second = queries.list_claim_lines(SYSTEM).order_by("pk")
    claim = actions.open_claim(maker, branch_id=company.head.pk, line_ids=[first.pk], **given)
    return {
        "contracts": contract.number, "instalments": queries.instalments_of(contract)[0].pk, "visits": queries.list_visits(SYSTEM)[0].pk,
        "planned-visits": queries.list_visits(SYSTEM)[0].pk, "contract-notices": queries.list_notices(SYSTEM)[0].pk,
        "claims": claim.number, "claim-lines": second.pk, "claim-agreements": maker.pk,
    }
