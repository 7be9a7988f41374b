"""Debts follow what was used, come in at the counter, or need not come."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction

from aftercare.domain.cores import actions, checks, queries
from aftercare.domain.cores.models import CoreReturn
from aftercare.domain.cores.tests.shop import AT, DAY, NOW, SYSTEM
from aftercare.domain.inventory.tests.stock import state
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

ORDER = Source("work.workorder", 1, "WO000001")


def all_of(source=ORDER):
    return queries.of_source(source, SYSTEM)


def told():
    return [(c.piece, c.status, c.qty, c.surplus_qty) for c in all_of()]


def test_a_replacement_makes_one_debt_with_its_terms(shop):
    rule = shop.rule(part_id=shop.a.pk, days=5, blocking="block", credit_amount=D("80.00"))
    core, = shop.use((shop.a, 2, "old 1"))
    assert (core.status, core.qty, core.serial, core.rule_id, core.blocking, core.charge_amount, core.credit_expected_amount) == (
        "owed", 2, "OLD1", rule.pk, "block", D("50.00"), D("80.00"))
    # Five working days of a six-day week, from a Monday.
    assert core.due_on == dt.date(2026, 3, 7) and core.number.startswith("OP260302")


def test_the_same_work_twice_owes_once(shop):
    assert len(shop.use((shop.a, 2))) == 1 and shop.use((shop.a, 2)) == []
    assert told() == [(1, "owed", 2, 0)]


@pytest.mark.both
def test_the_database_itself_owes_a_piece_once(shop):
    core, = shop.use((shop.a, 1))
    core.pk, core.number = None, "OP-TWIN"
    with pytest.raises(IntegrityError), transaction.atomic():
        core.save(force_insert=True)


def test_debts_grow_and_shrink_with_the_use(shop):
    shop.use((shop.a, 2))
    shop.use((shop.a, 3))
    assert told() == [(1, "owed", 2, 0), (2, "owed", 1, 0)]
    shop.use((shop.a, "1.5"))
    assert told() == [(1, "owed", D("1.5"), 0), (2, "cancelled", 1, 0)]
    shop.use((shop.a, 0))
    assert told() == [(1, "cancelled", D("1.5"), 0), (2, "cancelled", 1, 0)]
    shop.use((shop.a, 1))
    assert told()[2] == (3, "owed", 1, 0)


def test_what_need_not_come_back_is_withdrawn(shop):
    shop.use((shop.a, 2))
    shop.use((shop.a, 2), is_wanted=False)
    assert told() == [(1, "cancelled", 2, 0)]


def test_what_lies_here_already_is_marked_and_may_be_asked_for_again(shop):
    core = shop.received(qty=3)
    shop.use((shop.a, 1))
    assert told() == [(1, "received", 3, 2)]
    shop.use((shop.a, 2))
    assert told() == [(1, "received", 3, 1)]
    shop.use((shop.a, 0))
    core = actions.hand_back(queries.get_core(core.pk, SYSTEM), reason="换回原件", **shop.act("keeper"))
    assert (core.status, state(shop.a)) == ("cancelled", {})
    assert checks.check_stock() == []


def test_a_piece_that_is_asked_for_is_not_handed_back(shop):
    with pytest.raises(RuleBroken) as met:
        actions.hand_back(shop.received(), reason="x", **shop.act("keeper"))
    assert met.value.code == "still_demanded"


def test_a_use_taken_back_in_stock_shrinks_the_debt(shop):
    shop.use((shop.a, 3))
    actions.shrink(ORDER, "m1", D(1), **NOW)
    actions.shrink(ORDER, "m1", D(1), **NOW)
    actions.shrink(ORDER, "m1", D(5), **NOW)
    assert told() == [(1, "owed", 1, 0)]


def test_a_serial_number_told_later_is_kept(shop):
    shop.use((shop.s, 1))
    shop.use((shop.s, 1, "sn-7"))
    assert all_of()[0].serial == "SN-7"


def test_it_comes_in_and_lies_in_the_depot_to_be_returned(shop):
    core, = shop.use((shop.a, 2))
    core = actions.receive(core, **shop.act("keeper"))
    assert (core.status, core.received_by, core.place_id) == ("received", "keeper", shop.depot.pk)
    assert state(shop.a) == {(shop.depot.code, "A-1", "return", ""): (2, 0)} and checks.check_stock() == []


def test_a_part_of_it_leaves_the_rest_owed_by_a_tag_of_its_own(shop):
    core, = shop.use((shop.a, 3))
    core = actions.receive(core, qty=D(1), **shop.act("keeper"))
    first, rest = all_of()
    assert (first.qty, first.status, rest.qty, rest.status, rest.due_on, rest.piece) == (1, "received", 2, "owed", core.due_on, 2)
    with pytest.raises(RuleBroken) as met:
        actions.receive(rest, qty=D(9), **shop.act("keeper"))
    assert met.value.code == "more_than_owed"


def test_a_wrong_serial_is_refused_unless_a_reason_is_told(shop):
    core, = shop.use((shop.s, 1, "SN-1"))
    with pytest.raises(RuleBroken) as met:
        actions.receive(core, **shop.act("keeper"))
    assert met.value.code == "serial_expected"
    with pytest.raises(RuleBroken) as met:
        actions.receive(core, serial="SN-2", **shop.act("keeper"))
    assert (met.value.code, met.value.params["expected"], met.value.params["seen"]) == ("wrong_serial", "SN-1", "SN-2")
    core.refresh_from_db()
    assert core.status == "owed" and state(shop.s) == {}
    core = actions.receive(core, serial="sn-2", reason="标签磨损，照片为证", **shop.act("keeper"))
    assert (core.received_serial, core.mismatch_reason, core.lot) == ("SN-2", "标签磨损，照片为证", "SN-2")


def test_a_serial_part_without_a_known_number_needs_the_one_on_the_piece(shop):
    core, = shop.use((shop.s, 1))
    with pytest.raises(RuleBroken) as met:
        actions.receive(core, **shop.act("keeper"))
    assert met.value.code == "serial_expected"
    assert actions.receive(core, serial="SN-3", **shop.act("keeper")).mismatch_reason == ""


def test_a_serial_that_lies_in_stock_already_is_refused(shop):
    from aftercare.domain.inventory import actions as inventory

    inventory.receive(shop.depot, lines=[(shop.s.pk, D(1), D(1), "SN-1")], **NOW)
    core, = shop.use((shop.s, 1, "SN-1"))
    with pytest.raises(RuleBroken) as met:
        actions.receive(core, serial="SN-1", **shop.act("keeper"))
    assert met.value.code == "serial_in_stock"


def test_a_part_kept_by_lots_lies_under_its_tag(shop):
    core = shop.received(shop.lot)
    assert core.lot == core.number and checks.check_stock() == []


def test_a_hand_in_is_taken_back_and_done_again(shop):
    core = actions.undo_receive(shop.received(), reason="扫错", **shop.act("keeper"))
    assert (core.status, core.place_id, state(shop.a)) == ("owed", None, {})
    core = actions.receive(core, **shop.act("keeper"))
    assert core.arrivals == 2 and checks.check_stock() == []
    shop.use((shop.a, 0))
    with pytest.raises(RuleBroken) as met:
        actions.undo_receive(queries.get_core(core.pk, SYSTEM), reason="x", **shop.act("keeper"))
    assert met.value.code == "not_demanded"


def test_it_is_waived_with_right_and_reason_and_claimed_again(shop):
    core, = shop.use((shop.a, 1))
    for who in ("keeper", "engineer", "outlet"):
        with pytest.raises((NotAllowed, NotFound)):
            actions.waive(core, reason="客户留下", **shop.act(who))
    with pytest.raises(RuleBroken) as met:
        actions.waive(core, reason=" ", **shop.act("accountant"))
    assert met.value.code == "reason_needed"
    core = actions.waive(core, reason="客户留下", **shop.act("accountant"))
    assert (core.status, core.outcome) == ("waived", "客户留下")
    core = actions.reclaim(core, reason="客户交回", **shop.act("manager"))
    assert (core.status, core.closed_at) == ("owed", None)
    actions.waive(core, reason="客户留下", **shop.act("accountant"))
    shop.use((shop.a, 0))
    with pytest.raises(RuleBroken) as met:
        actions.reclaim(all_of()[0], reason="x", **shop.act("manager"))
    assert met.value.code == "not_demanded"


def test_nobody_waives_his_own(shop):
    core, = shop.use((shop.a, 1))
    core.employee = shop.staff["manager"]
    core.save()
    with pytest.raises(RuleBroken) as met:
        actions.waive(core, reason="x", **shop.act("manager"))
    assert met.value.code == "own_core"


def test_it_is_thrown_away(shop):
    core = actions.scrap(shop.received(), reason="烧毁", **shop.act("keeper"))
    assert (core.status, state(shop.a)) == ("scrapped", {}) and checks.check_stock() == []


def test_refurbishing_turns_it_into_another_part_worth_what_the_work_cost(shop):
    from aftercare.domain.inventory import checks as stock
    from aftercare.domain.inventory import queries as known

    core = actions.refurbish(shop.received(qty=2), part=shop.b, unit_cost=D("12.50"), reason="换绕组", **shop.act("keeper"))
    assert (core.status, core.into_part_id) == ("refurbished", shop.b.pk)
    assert state() == {(shop.depot.code, "B-1", "good", ""): (2, 0)}
    assert known.unit_costs([shop.b.pk], branch_id=shop.head.pk, actor=SYSTEM) == {shop.b.pk: D("12.50")}
    assert checks.check_stock() + stock.check_balances() + stock.check_costs() == []


def test_refurbishing_refuses_what_makes_no_sense(shop):
    core = shop.received()
    for code, given in {"bad_condition": {"condition": "defective"}, "serial_needed": {"part": shop.s}, "place_elsewhere": {}}.items():
        if code == "place_elsewhere":
            from aftercare.domain.inventory import actions as inventory

            given = {"place": inventory.ensure_depot(shop.away.pk, **NOW)}
        with pytest.raises(RuleBroken) as met:
            actions.refurbish(core, **given, **shop.act("keeper"))
        assert met.value.code == code


@pytest.mark.parametrize("verb, more", [("receive", {}), ("waive", {"reason": "x"}), ("charge", {})])
def test_only_what_is_owed_is_taken_in_waived_or_charged(shop, verb, more):
    with pytest.raises(WrongState):
        getattr(actions, verb)(shop.received(), **more, **shop.act("system"))


@pytest.mark.parametrize("verb", ["scrap", "undo_receive", "hand_back", "refurbish"])
def test_only_what_lies_here_is_dealt_with(shop, verb):
    core, = shop.use((shop.a, 1))
    with pytest.raises(WrongState):
        getattr(actions, verb)(core, reason="x", **shop.act("system"))


def test_a_scan_finds_the_owed_piece_or_tells_loudly_why_not(shop):
    one, = shop.use((shop.s, 1, "SN-1"), order=1)
    assert queries.find_for_scan(one.number.lower(), shop.keeper).pk == one.pk
    assert queries.find_for_scan(" sn-1 ", shop.keeper).pk == one.pk
    for code in ("SN-9", "", "OP999"):
        with pytest.raises(RuleBroken) as met:
            queries.find_for_scan(code, shop.keeper)
        assert met.value.code == "unknown_code"
    with pytest.raises(RuleBroken) as met:
        queries.find_for_scan(one.number, shop.stranger)
    assert met.value.code == "unknown_code"
    shop.use((shop.a, 1, "SN-1"), order=2)
    with pytest.raises(RuleBroken) as met:
        queries.find_for_scan("SN-1", shop.keeper)
    assert met.value.code == "several_owed"
    actions.receive(one, serial="SN-1", **shop.act("keeper"))
    with pytest.raises(WrongState) as late:
        queries.find_for_scan(one.number, shop.keeper)
    assert late.value.params["state"] == "received"


def test_everybody_sees_what_is_his(shop):
    own, = shop.use((shop.a, 1), order=1)
    theirs, = shop.use((shop.a, 1), order=2, outlet=shop.low)
    assert [c.pk for c in queries.list_cores(shop.outlet)] == [theirs.pk]
    assert {c.pk for c in queries.list_cores(shop.engineer)} == {own.pk, theirs.pk}
    assert {c.pk for c in queries.list_cores(shop.keeper)} == {own.pk, theirs.pk}
    assert queries.list_cores(shop.stranger).count() == 0
    with pytest.raises(NotFound):
        queries.get_core(own.number, shop.outlet)
    for who in ("engineer", "outlet"):
        with pytest.raises((NotAllowed, NotFound)):
            actions.receive(theirs, **shop.act(who))


def test_totals_tell_who_owes_what(shop, django_assert_num_queries):
    shop.rule()
    for order in (1, 2):
        shop.use((shop.a, 1), order=order)
    shop.use((shop.a, 1), order=3, outlet=shop.low)
    shop.received(order=4)
    with django_assert_num_queries(2):
        rows = queries.totals(SYSTEM, day=DAY + dt.timedelta(days=60))
    assert [(r.kind, r.number, r.owed, r.overdue, r.received) for r in rows] == [("employee", "E-engineer", 2, 2, 1), ("outlet", "N1", 1, 1, 0)]
    assert queries.total_of(SYSTEM, day=DAY, outlet_id=shop.low.pk).overdue == 0
    assert queries.total_of(SYSTEM, day=DAY, employee_id=shop.staff["manager"].pk) is None


def test_lists_narrow_in_one_statement(shop, django_assert_num_queries):
    shop.use((shop.a, 1))
    actor = shop.keeper
    with django_assert_num_queries(1):
        found = list(queries.overdue(queries.search_cores(queries.list_cores(actor), "压缩"), DAY + dt.timedelta(days=90)))
        assert [(c.part.name, c.employee.name, c.outlet) for c in found] == [("压缩机", "engineer", None)]


def test_the_check_tells_a_debt_that_nobody_used(shop):
    from aftercare.domain.inventory import actions as inventory

    shop.use((shop.a, 2))
    assert len(checks.check_debts()) == 1
    inventory.receive(shop.depot, lines=[(shop.a.pk, D(5), D(1))], **NOW)
    inventory.consume(source=ORDER, lines=[("m1", shop.a.pk, D(2), shop.depot.pk)], **NOW)
    assert checks.check_debts() == []
    CoreReturn.objects.update(qty=1)
    assert len(checks.check_debts()) == 1


def test_the_check_tells_a_piece_that_lies_elsewhere(shop):
    from aftercare.domain.inventory import actions as inventory

    core = shop.received()
    inventory.post(source=Source("tests", 1, "T"), key="k", lines=[inventory.MoveLine(
        shop.a.pk, D(1), shop.depot.pk, inventory.ensure_outside("scrap", **NOW).pk, "return", "return")], **NOW)
    assert len(checks.check_stock()) == 1
    CoreReturn.objects.filter(pk=core.pk).update(status="scrapped")
    assert len(checks.check_stock()) == 1 and AT
