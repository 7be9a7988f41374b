"""Journeys of a unit's warranty: audit and its reversal, swaps on site, exclusion found at work, exchange, flags."""

import datetime as dt

import pytest

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as covers
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import exchange_unit, judge_cover, moves, register_request, swap_component
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from tests import world
from tests.journeys.test_story import hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db):
    return world.found()


def open_order(company, unit, fault="不制冷", **values):
    return register_request.register(
        branch_id=company.head.pk, customer=company.customer, asset=unit, fault=fault, mode="bench", actor=company.actor("clerk"),
        at=world.MONDAY, **values).order


def to_working(company, order):
    repairer = company.actor("repairer")
    order = moves.make(order, "dispatch", engineer=company.people["repairer"], actor=company.actor("dispatcher"), at=hours(1))
    order = moves.make(order, "accept", actor=repairer, at=hours(2))
    return moves.make(order, "start", actor=repairer, at=hours(3))


def to_audited(company, order, done_at=None, **inputs):
    done_at = done_at or hours(50)
    order = moves.make(order, "complete", findings="换板", minutes=30, actor=company.actor("repairer"), at=done_at, **inputs)
    order = moves.make(order, "inspect", actor=company.actor("inspector"), at=done_at + dt.timedelta(hours=1))
    return moves.make(order, "audit", actor=company.actor("auditor"), at=done_at + dt.timedelta(hours=2))


def lines_of(company, unit):
    return [entry.kind_of for entry in covers.list_entries(world.SYSTEM, unit.pk).order_by("id") if not hasattr(entry, "reversal")
            and entry.reverses_id is None]


def test_a_swap_from_the_order_is_booked_by_the_audit_and_undone_with_it(company):
    boss = {"actor": world.SYSTEM, "at": world.MONDAY}
    pump = catalog.ensure_product("压缩机 QD", category_name="部件", **boss)[0]
    entitlement.create_term(name="换件半年", kind="part", months=6, covers_labour=False, covers_travel=False,
                            valid_from=dt.date(2020, 1, 1), **boss)
    first = assets.register_asset(product=pump, serial="P-1", customer=company.customer, branch_id=company.head.pk,
                                  parent=company.new_unit, **boss)
    order = to_working(company, open_order(company, company.new_unit))
    engineer = company.actor("repairer")
    with pytest.raises(NotAllowed):
        swap_component.swap(order, old=first.pk, new_serial="P-2", actor=company.actor("keeper"), at=hours(4))
    swap = swap_component.swap(order, old=first.number, new_serial="p 2", reason="漏氟", actor=engineer, at=hours(4))
    assert [one.serial for one in units.list_components(company.new_unit)] == ["p 2"]
    swap_component.undo(order, swap_id=swap.pk, reason="拿错", actor=engineer, at=hours(5))
    assert [one.serial for one in units.list_components(company.new_unit)] == ["P-1"]
    swap = swap_component.swap(order, old=first.pk, new_serial="P-3", actor=engineer, at=hours(6))
    order = to_audited(company, order)
    assert lines_of(company, swap.new) == ["part"] and "repair_days" in lines_of(company, company.new_unit)
    with pytest.raises(WrongState):
        swap_component.swap(order, old=swap.new.pk, new_serial="P-4", actor=engineer, at=hours(60))
    order = moves.make(order, "reverse_audit", reason="件号错", actor=company.actor("auditor"), at=hours(60))
    assert [one.serial for one in units.list_components(company.new_unit)] == ["P-1"]
    assert lines_of(company, swap.new) == [] and "repair_days" not in lines_of(company, company.new_unit)
    order = moves.make(order, "audit", actor=company.actor("auditor"), at=hours(61))
    assert [one.serial for one in units.list_components(company.new_unit)] == ["P-3"]
    assert lines_of(company, swap.new) == ["part"]


def test_a_cause_that_the_term_excludes_makes_the_order_paid(company):
    boss = {"actor": world.SYSTEM, "at": world.MONDAY}
    liquid = catalog.ensure_code("cause", "进液", **boss)[0]
    term = covers.list_terms(world.SYSTEM).get()
    entitlement.edit_term(term, version=term.version, excluded_codes=[liquid], **boss)
    order = open_order(company, company.new_unit)
    assert order.service_class == "C" and order.entitlement["excludes"] == [liquid.pk]
    order = to_working(company, order)
    order = moves.make(order, "complete", findings="主板进液", minutes=30, cause="进液", actor=company.actor("repairer"), at=hours(5))
    assert order.service_class == "A" and "「进液」不在" in covers.sentence(order.entitlement)
    order = judge_cover.override(order, service_class="D", reason="老客户", percents={"labour": 50, "travel": 0},
                                 actor=company.actor("manager"), at=hours(6))
    assert order.entitlement["shares"]["labour"] == [{"payer": "company", "percent": 50}, {"payer": "customer", "percent": 50}]
    assert order.entitlement["payers"]["travel"] == "customer"


def test_the_third_claim_of_a_fault_is_told_when_it_is_registered(company):
    for turn in range(2):
        order = to_working(company, open_order(company, company.new_unit, open_anyway=True))
        to_audited(company, order, done_at=hours(5 + turn))
    found = register_request.register(
        branch_id=company.head.pk, customer=company.customer, asset=company.new_unit, fault="不制冷", open_anyway=True,
        actor=company.actor("clerk"), at=hours(30))
    assert "third_claim" in found.decision.flags
    assert {"code": "suspicious_unit", "flags": found.decision.flags} in found.warnings


def test_an_exchanged_unit_is_the_customers_and_the_old_one_ours(company):
    manager = company.actor("manager")
    done = exchange_unit.exchange(company.new_unit, new_serial="QF-EX-1", on=hours(0).date(), reason="三次维修", actor=manager, at=hours(1))
    assert done.new.customer_id == company.customer.pk and done.old.customer_id is None
    assert done.cover.kind_of == "exchange" and not orders.list_of_asset(done.new.pk, manager)
    with pytest.raises(RuleBroken):
        exchange_unit.exchange(done.old, new_serial="X", on=hours(0).date(), reason="再来", actor=manager, at=hours(2))


def test_a_blocked_customer_is_refused_until_the_flag_ends_or_is_lifted(company):
    manager, clerk, today = company.actor("manager"), company.actor("clerk"), hours(0).date()
    with pytest.raises(NotAllowed):
        parties.flag_customer(company.customer, kind="block", reason="欠款", actor=clerk, at=hours(0))
    customer = parties.flag_customer(company.customer, kind="block", reason="欠款", until_on=today, actor=manager, at=hours(0))
    for values, code in (({"kind": "x"}, "unknown_kind"), ({"reason": " "}, "reason_missing"), ({}, "flagged_already"),
                         ({"until_on": today - dt.timedelta(days=1)}, "past_day")):
        with pytest.raises(RuleBroken) as refused:
            parties.flag_customer(customer, **{"kind": "block", "reason": "欠款"} | values, actor=manager, at=hours(0))
        assert refused.value.code == code
    with pytest.raises(RuleBroken) as refused:
        open_order(company, company.new_unit)
    assert refused.value.code == "customer_blocked" and "欠款" in str(refused.value)
    assert people.flags_in_force(customer.pk, today + dt.timedelta(days=1)) == []
    (flag,) = people.flags_in_force(customer.pk, today)
    customer = parties.lift_flag(customer, flag_id=flag.pk, reason="已付清", actor=manager, at=hours(1))
    parties.flag_customer(customer, kind="watch", reason="易怒", actor=manager, at=hours(1))
    found = register_request.register(branch_id=company.head.pk, customer=company.customer, asset=company.new_unit, fault="响",
                                      actor=clerk, at=hours(2))
    assert {"code": "customer_flagged", "flag": "watch", "reason": "易怒"} in found.warnings
    assert people.list_flags(customer).count() == 2
