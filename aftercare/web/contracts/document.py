"""Everything a contract's page shows, read in few statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from aftercare.domain.entitlement import access, queries
from aftercare.domain.entitlement.lifecycle import InstalmentStatus, VisitStatus
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.flows import contract_money
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import contract_profit
from aftercare.web.contracts.moves import MOVES
from aftercare.web.contracts.registers import INSTALMENT_TONES, TONES, VISIT_TONES
from aftercare.web.pages import timelines

VISITS_SHOWN = 12
JOBS_SHOWN = 20


def build(contract: Any, actor: Actor) -> dict[str, Any]:
    """Context of contracts/contract.html."""
    today = clock.local_day(clock.now(), actor.zone)
    may_keep = actor.may(access.KEEP_CONTRACT, branch_id=contract.branch_id, people=contract.people_shown())
    is_living = contract.status in ("draft", "active", "suspended")
    moves = MOVES.buttons(contract, actor)
    jobs = queries.jobs_of(contract, limit=JOBS_SHOWN)
    found = orders.get_orders([job.source_id for job in jobs], actor)
    return {
        "contract": contract, "title": contract.name, "number": contract.number, "list_label": _t("维保合同"), "list_url": "/contracts/",
        "status": {"label": contract.get_status_display(), "tone": TONES[contract.status]},
        "sub": f"{contract.customer.name} · {contract.starts_on} – {contract.ends_on}",
        "moves": [b for b in moves if not b["primary"]] + [b for b in moves if b["primary"]],
        "may_edit": may_keep, "may_change": may_keep and is_living, "is_draft": contract.status == "draft",
        "may_end": may_keep and contract.status in ("active", "suspended"),
        "days_left": (contract.ends_on - today).days, "renewal": queries.find_renewal_of(contract),
        "scopes": list(contract.scopes.select_related("asset", "asset__product", "category").order_by("pk")),
        "plans": list(contract.visit_rules.select_related("work_type", "asset").order_by("pk")),
        "quotas": queries.quotas_of([contract.pk]).get(contract.pk, []), "ledger": queries.quota_ledger(contract, limit=12),
        "instalments": _instalments(contract, actor), "visits": _visits(contract, actor, today),
        "pauses": list(contract.pauses.order_by("from_on")), "notices": list(contract.notices.order_by("pk")),
        "jobs": [(job, found.get(job.source_id)) for job in jobs], "profit": _profit(contract, actor, today),
        "phone": parties.shown_phone(contract.customer, actor),
        "events": timelines.events("entitlement.servicecontract", contract.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip


def _instalments(contract: Any, actor: Actor) -> list[dict[str, Any]]:
    rows = queries.instalments_of(contract)
    bills = contract_money.bills_of(rows)
    may_bill = actor.may(access.BILL_CONTRACT, branch_id=contract.branch_id) and contract.status != "draft"
    return [_instalment(row, bills.get(row.pk), may_bill) for row in rows]


def _instalment(row: Any, bill: Any, may_bill: bool) -> dict[str, Any]:
    paid = bill.paid_amount if bill else Decimal("0.00")
    return {
        "row": row, "paid": paid, "tone": INSTALMENT_TONES[row.status], "bill_id": bill.pk if bill else None,
        "is_paid": row.status == InstalmentStatus.BILLED and paid >= row.amount,
        "bill_url": f"/instalments/{row.pk}/bill" if may_bill and row.status == InstalmentStatus.PLANNED else "",
    }


def _visits(contract: Any, actor: Actor, today) -> list[dict[str, Any]]:
    rows = queries.list_visits(actor).filter(contract=contract)
    ahead = list(rows.filter(visit_on__gte=today).order_by("visit_on", "id")[:VISITS_SHOWN])
    past = list(rows.filter(visit_on__lt=today).order_by("-visit_on", "-id")[: max(VISITS_SHOWN - len(ahead), 3)])
    return [
        {"row": row, "tone": VISIT_TONES[row.status], "is_late": row.status == VisitStatus.PLANNED and row.visit_on < today}
        for row in [*reversed(past), *ahead]
    ]


def _profit(contract: Any, actor: Actor, today) -> Any:
    if not actor.may("inventory.view_cost", branch_id=contract.branch_id) or not contract.signed_at:
        return None
    (found,) = contract_profit.calculate([contract], day=today)
    return found
