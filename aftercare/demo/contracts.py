"""Service contracts of the demo's companies, and what the makers reimburse of their warranty."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from aftercare.demo.company import SYSTEM, ZONE, Company
from aftercare.domain.billing import actions as billing
from aftercare.domain.catalog import actions as words
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.parties import actions as parties
from aftercare.flows import contract_money, contract_visits
from aftercare.foundation import clock
from aftercare.foundation.sources import Source

# Who reimburses warranty work, on which brand, at which percent of labour.
MAKERS = (("暖庐热能有限公司", "暖庐", 80), ("禾风电器厂", "禾风", 100))
_DAY = dt.timedelta(days=1)


def agree(at: dt.datetime) -> None:
    """What two makers reimburse."""
    for name, brand, percent in MAKERS:
        maker = parties.create_supplier(name=name, contact="售后结算部", phone="02155500101", actor=SYSTEM, at=at)
        entitlement.set_agreement(supplier=maker, brands=[brand], labour_percent=Decimal(percent), contact="售后结算部 021-5550 0101",
                                  actor=SYSTEM, at=at)


def sign(unit: Any, company: Company, *, at: dt.datetime) -> None:
    """A year or two of service for the unit of a company, agreed on the day the unit came in."""
    person, branch = unit.owner, company.branches[unit.owner.centre]
    dispatcher = company.by("dispatcher", person.centre)
    turn = int(unit.serial[-4:], 36) % 7
    day = clock.local_day(at, ZONE)
    contract = entitlement.create_contract(
        customer=person.row, branch_id=branch.pk, name=f"{unit.row.product.name} 年度维保", starts_on=day, months=24 if turn % 3 else 12,
        price=Decimal(1200 + 240 * turn), owner=company.staff[company.who("dispatcher", person.centre)], respond_minutes=240,
        repair_minutes=960, quota={"visits": Decimal(2 + turn % 3), "parts": Decimal(6)}, scopes=[{"asset": unit.row}],
        instalment_count=2, every_months=6, over_use="rate", over_visit_amount=Decimal(90), actor=dispatcher, at=at,
    )
    entitlement.activate(contract, actor=dispatcher, at=at)


def live(company: Company, *, now: dt.datetime) -> None:
    """What became of the contracts by now: billed and mostly paid, planned, ended or renewed, told."""
    today = clock.local_day(now, ZONE)
    accountant = company.by("accountant", "HQ")
    for turn, row in enumerate(contracts.instalments_due(SYSTEM, today)):
        at = min(clock.day_bounds(row.due_on, ZONE)[0] + dt.timedelta(hours=10), now)
        row = contract_money.bill_instalment(row, actor=accountant, at=at)
        if turn % 6:
            billing.collect(Source.of(row), amount=row.amount, method="transfer", at_desk=True, actor=accountant,
                            at=min(at + dt.timedelta(days=4), now))
    upkeep = words.ensure_work_type("保养", is_repair=False, actor=SYSTEM, at=now)[0]
    for turn, contract in enumerate(contracts.list_contracts(SYSTEM).filter(status="active").order_by("pk")):
        dispatcher = company.by("dispatcher", _centre(company, contract))
        if contract.ends_on < today and turn % 2:
            contract = entitlement.renew(contract, price=contract.price_amount + 100, actor=dispatcher, at=now)
            contract = contracts.find_renewal_of(contract)
        if contract.ends_on > today + dt.timedelta(days=30):
            entitlement.add_visit_plan(contract, title="例行保养", work_type=upkeep, first_on=today + _DAY * (8 + turn * 3 % 40), every=3,
                                       actor=dispatcher, at=now)
    contract_visits.close_day(day=today, actor=SYSTEM, at=now)


def _centre(company: Company, contract: Any) -> str:
    return next(number for number, branch in company.branches.items() if branch.pk == contract.branch_id)


def claim(company: Company, *, now: dt.datetime) -> None:
    """What was audited is claimed from the makers: the first one has answered and paid, the second one has it before him."""
    accountant = company.by("accountant", "HQ")
    for turn, waiting in enumerate(row for row in contracts.waiting_sums(SYSTEM) if row["agreement_id"]):
        given: dict[str, Any] = {"actor": accountant, "at": now}
        opened = entitlement.open_claim(contracts.get_agreement(waiting["agreement_id"], SYSTEM), branch_id=waiting["branch_id"], **given)
        if turn % 3 == 2:
            continue
        opened = entitlement.send(opened, **given)
        if turn % 3 == 1:
            continue
        answers = [_answer(line, place) for place, line in enumerate(contracts.lines_of_claim(opened))]
        opened = entitlement.answer(opened, answers=answers, **given)
        if opened.accepted_amount:
            entitlement.reimburse(opened, amount=opened.accepted_amount, **given)


def _answer(line: Any, place: int) -> dict[str, Any]:
    if place % 7 == 6:
        return {"line": line.pk, "answer": "rejected", "reason": "超过报修时限"}
    if place % 7 == 5 and line.claimed_amount > 2:
        return {"line": line.pk, "answer": "partly", "accepted": line.claimed_amount / 2 // 1, "reason": "只认一半"}
    return {"line": line.pk, "answer": "accepted"}
