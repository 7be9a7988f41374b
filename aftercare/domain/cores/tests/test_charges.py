"""Overdue old parts are charged exactly once, lifted as the terms say, and touch the month."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.cores import actions, checks, queries
from aftercare.domain.cores.models import CoreReturn
from aftercare.domain.cores.tests.shop import DAY, SYSTEM
from aftercare.domain.settlement import queries as months
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken

LATE = 20
LATE_DAY = DAY + dt.timedelta(days=LATE)


def charged(shop, days=LATE):
    return actions.charge_overdue(day=DAY + dt.timedelta(days=days), **shop.act("system", days))


def fresh(core):
    return queries.get_core(core.pk, SYSTEM)


def amounts(core):
    return [line.amount for line in queries.charges_of(core)]


def deducted(shop):
    statement = months.find_statement(shop.staff["engineer"].pk, DAY, SYSTEM)
    return [line.amount for line in months.list_lines(statement)] if statement else []


@pytest.fixture
def owed(shop):
    shop.rule(charge_amount=D("50.00"))
    return shop.use((shop.a, 2))[0]


def test_the_days_run_charges_once_and_books_a_penalty(shop, owed):
    assert charged(shop, 4) == (0, [])
    assert charged(shop) == (1, []) and charged(shop) == (0, [])
    core = fresh(owed)
    assert (core.charged_amount, amounts(core), deducted(shop)) == (D("100.00"), [D("100.00")], [D("-100.00")])
    statement = months.find_statement(shop.staff["engineer"].pk, DAY, SYSTEM)
    assert months.sentence(months.list_lines(statement)[0]).startswith("事由 旧件逾期未交") and checks.check_charges() == []


def test_an_outlets_charge_is_kept_here(shop):
    shop.rule()
    core, = shop.use((shop.a, 1), outlet=shop.low)
    assert charged(shop) == (1, [])
    line, = queries.charges_of(fresh(core))
    assert (line.outlet_id, line.accrual_id, deducted(shop)) == (shop.low.pk, None, [])
    assert queries.total_of(SYSTEM, day=LATE_DAY, outlet_id=shop.low.pk).charged_amount == D("50.00")


def test_a_late_hand_in_takes_the_charge_back(shop, owed):
    charged(shop)
    core = actions.receive(fresh(owed), **shop.act("keeper", LATE))
    assert (core.charged_amount, amounts(core), deducted(shop)) == (0, [D("100.00"), D("-100.00")], [D("-100.00"), D("100.00")])
    assert checks.check_charges() == []


def test_unless_the_rule_keeps_it(shop):
    shop.rule(is_charge_lifted=False)
    core, = shop.use((shop.a, 2))
    charged(shop)
    core = actions.receive(fresh(core), qty=D(1), **shop.act("keeper", LATE))
    assert (core.charged_amount, amounts(core)) == (D("100.00"), [D("100.00")])
    rest = CoreReturn.objects.get(status="owed")
    assert charged(shop) == (0, []) and rest.charged_at is not None  # it was charged together with the whole


def test_the_rest_of_a_late_hand_in_is_charged_by_itself(shop, owed):
    charged(shop)
    actions.receive(fresh(owed), qty=D(1), **shop.act("keeper", LATE))
    assert charged(shop) == (1, []) and CoreReturn.objects.get(status="owed").charged_amount == D("50.00")


def test_it_is_charged_by_hand_once_and_again_only_when_meant(shop, owed):
    for who in ("keeper", "engineer"):
        with pytest.raises((NotAllowed, NotFound)):
            actions.charge(owed, **shop.act(who, LATE))
    core = actions.charge(owed, **shop.act("accountant", LATE))
    with pytest.raises(RuleBroken) as met:
        actions.charge(core, **shop.act("accountant", LATE))
    assert met.value.code == "charged_already"
    core = actions.lift_charge(core, reason="路上丢件", **shop.act("accountant", LATE))
    assert charged(shop) == (0, [])  # what a person let off is not charged by the day's run
    with pytest.raises(RuleBroken) as met:
        actions.lift_charge(core, reason="x", **shop.act("accountant", LATE))
    assert met.value.code == "nothing_charged"
    core = actions.charge(core, again=True, **shop.act("accountant", LATE))
    assert amounts(core) == [D("100.00"), D("-100.00"), D("100.00")] and checks.check_charges() == []


def test_what_is_not_overdue_or_costs_nothing_is_not_charged(shop, owed):
    with pytest.raises(RuleBroken) as met:
        actions.charge(owed, **shop.act("accountant"))
    assert met.value.code == "not_overdue"
    free = actions.follow(
        queries_source(9), [actions.Demand("m1", shop.b, D(1))], branch_id=shop.head.pk, employee_id=shop.staff["engineer"].pk,
        **shop.act("system"))[0]
    with pytest.raises(RuleBroken) as met:
        actions.charge(free, **shop.act("accountant", 60))
    assert met.value.code == "nothing_to_charge"


def queries_source(number):
    from aftercare.foundation.sources import Source

    return Source("work.workorder", number, f"WO{number:06}")


@pytest.mark.parametrize("end", ["waive", "withdraw", "lessen"])
def test_a_charge_goes_with_what_it_was_for(shop, owed, end):
    charged(shop)
    if end == "waive":
        actions.waive(fresh(owed), reason="客户留下", **shop.act("accountant", LATE))
    else:
        shop.use((shop.a, 0 if end == "withdraw" else 1), days=LATE)
    assert sum(amounts(owed)) == 0 and sum(deducted(shop)) == 0 and checks.check_charges() == []
    assert charged(shop) == ((1, []) if end == "lessen" else (0, []))


def test_what_is_claimed_again_is_charged_again(shop, owed):
    charged(shop)
    core = actions.waive(fresh(owed), reason="x", **shop.act("accountant", LATE))
    actions.reclaim(core, reason="y", **shop.act("accountant", LATE))
    assert charged(shop) == (1, []) and sum(amounts(owed)) == D("100.00")


def test_who_owes_is_reminded_before_and_after_the_day_and_no_oftener(shop, owed):
    def remind(days):
        return actions.remind(day=DAY + dt.timedelta(days=days), **shop.act("system", days))

    assert [remind(0), remind(3), remind(3), remind(5), remind(6), remind(7)] == [0, 1, 0, 0, 1, 0]
    assert fresh(owed).reminders == 2


def test_the_policy_of_a_month_is_the_strictest_of_what_is_overdue(shop):
    shop.rule(blocking="warn")
    shop.rule(part_id=shop.s.pk, blocking="block")
    shop.use((shop.a, 1), order=1)
    shop.use((shop.s, 1, "SN-1"), order=2)
    shop.use((shop.a, 1), order=3, outlet=shop.low)
    engineer = shop.staff["engineer"].pk
    assert queries.overdue_of(day=DAY, employee_id=engineer) == []
    late = queries.overdue_of(day=LATE_DAY, employee_id=engineer)
    assert len(late) == 2 and queries.policy_of(late) == "block" and queries.policy_of([]) == "none"
    assert [c.blocking for c in queries.overdue_of(day=LATE_DAY, outlet_id=shop.low.pk)] == ["warn"]


def test_rules_with_the_same_conditions_share_no_day(shop):
    rule = shop.rule(branch_id=shop.head.pk, category_id=shop.kind.pk)
    for terms in ({}, {"valid_from": dt.date(2026, 6, 1)}):
        with pytest.raises(RuleBroken) as met:
            shop.rule(branch_id=shop.head.pk, category_id=shop.kind.pk, **terms)
        assert met.value.code == "rule_overlaps"
    rule = actions.edit_rule(rule, version=rule.version, valid_to=dt.date(2026, 5, 31), **shop.act("manager"))
    shop.rule(branch_id=shop.head.pk, category_id=shop.kind.pk, valid_from=dt.date(2026, 6, 1))
    assert queries.overlapping_rules() == []
    with pytest.raises(NotAllowed):
        actions.edit_rule(rule, version=rule.version, days=3, **shop.act("keeper"))


@pytest.mark.parametrize("field, value, code", [
    ("days", 0, "out_of_range"), ("blocking", "maybe", "unknown_policy"), ("charge_amount", D("-1"), "amount_too_small"),
    ("valid_to", dt.date(2025, 1, 1), "validity_reversed"), ("credit_amount", D("1.234"), "amount_too_fine"),
])
def test_a_rule_is_sound(shop, field, value, code):
    with pytest.raises(RuleBroken) as met:
        shop.rule(**{field: value})
    assert met.value.params.get("field", getattr(met.value, "field", field)) == field and code


def test_a_rule_keeps_its_conditions(shop):
    rule = shop.rule()
    with pytest.raises(RuleBroken) as met:
        actions.edit_rule(rule, version=rule.version, part_id=shop.a.pk, **shop.act("manager"))
    assert met.value.code == "unknown_field"
