"""Opening, editing, materials, card, lists, suggestions and kept figures."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from aftercare.domain.journal.models import Mention
from aftercare.domain.people.models import Certificate, Skill
from aftercare.domain.work import actions, queries
from aftercare.domain.work.lifecycle import ORDER, Status
from aftercare.domain.work.models import Figure, WorkOrder
from aftercare.domain.work.tests.company import AT, employee_actor, everything, hours
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_an_order_carries_what_is_known(company, open_order):
    order = open_order()
    assert order.number == "WO260302000001" and (order.phone, order.address) == ("13800001111", "南京路一号")
    assert (order.category_id, order.region_id, order.month) == (company.category.pk, company.district.pk, dt.date(2026, 3, 1))
    # 120 working minutes from 09:00; 480 less the lunch hour run into the next morning or the same afternoon.
    assert order.respond_due_at == hours(2) and order.due_at > hours(8)
    assert set(Mention.objects.filter(fact__object_id=order.pk).values_list("kind", flat=True)) == {"parties.customer", "assets.asset"}


def test_an_order_without_words_is_refused(company, open_order):
    with pytest.raises(RuleBroken) as refused:
        open_order(title="", fault=None)
    assert refused.value.code == "title_missing"
    assert open_order(title="", fault=None, detail="漏水\n很急").title == "漏水"
    with pytest.raises(RuleBroken):
        open_order(mode="teleport")
    with pytest.raises(RuleBroken):
        open_order(limit_amount=Decimal("-5"))
    with pytest.raises(NotAllowed):
        open_order(actor=employee_actor(company.clerk))


def test_the_month_is_the_branchs_own(open_order):
    late = dt.datetime(2026, 3, 31, 16, 30, tzinfo=dt.UTC)
    assert open_order(at=late).month == dt.date(2026, 4, 1)


def test_a_repeat_is_joined_when_opened(company, boss, open_order):
    first = actions.backfill(open_order(), result="fixed", finished_at=hours(3), actor=boss, at=hours(3))
    assert open_order(at=hours(24 * 29)).repeat_of_id == first.pk
    assert open_order(at=hours(24 * 31)).repeat_of_id is None
    assert open_order(at=hours(24 * 5), fault=None, title="漏水").repeat_of_id is None
    assert [o.pk for o in queries.repeats_of(first)] == [first.pk + 1]


def test_editing_needs_the_version_and_keeps_words_and_limits(company, boss, open_order):
    order = open_order()
    changed = actions.edit_order(order, version=1, title="水漏一地", urgent=True, actor=boss, at=hours(1))
    assert changed.version == 2 and queries.list_orders(boss, text="水漏").get() == changed
    with pytest.raises(Stale):
        actions.edit_order(order, version=1, title="x", actor=boss, at=hours(1))
    for values, code in (({"status": "closed"}, "not_editable"), ({"title": " "}, "title_missing"), ({"mode": "x"}, "bad_mode")):
        with pytest.raises(RuleBroken) as refused:
            actions.edit_order(changed, version=2, actor=boss, at=hours(1), **values)
        assert refused.value.code == code


def test_a_new_decision_is_stamped(boss, open_order):
    order = actions.stamp_entitlement(open_order(), {"service_class": "C", "payer": "maker"}, reason="补发票", actor=boss, at=hours(1))
    assert (order.service_class, order.entitlement["payer"]) == ("C", "maker")


def test_material_lines_and_their_refusals(company, boss, open_order):
    order = open_order(lines=[{"part": company.part, "qty": 1}])
    assert queries.materials_of(order).get().price_amount == Decimal("320.00")
    line = actions.add_material(order, part=company.part, qty=2, is_free=True, free_reason="客户不满", actor=boss, at=hours(1))
    with pytest.raises(RuleBroken) as refused:
        actions.add_material(order, part=company.part, qty=1, is_free=True, actor=boss, at=hours(1))
    assert refused.value.code == "free_reason_missing"
    with pytest.raises(RuleBroken) as refused:
        actions.add_material(order, part=company.part, qty=0, actor=boss, at=hours(1))
    assert refused.value.code == "quantity_not_positive"
    assert actions.change_material(line, qty=3, actor=boss, at=hours(1)).qty == 3
    for fields, code in (({"part": 1}, "not_editable"), ({"price_amount": -1}, "bad_price"), ({"free_reason": ""}, "free_reason_missing")):
        with pytest.raises(RuleBroken) as refused:
            actions.change_material(line, actor=boss, at=hours(1), **fields)
        assert refused.value.code == code
    for column, code in (("used_qty", "used_already"), ("reserved_qty", "reserved_still")):
        setattr(line, column, Decimal(1))
        with pytest.raises(RuleBroken) as refused:
            actions.remove_material(line, actor=boss, at=hours(1))
        assert refused.value.code == code
        setattr(line, column, Decimal(0))
    actions.remove_material(line, actor=boss, at=hours(1))
    assert queries.materials_of(order).count() == 1


def test_material_lines_end_with_the_work(company, boss, open_order):
    order = open_order()
    actions.backfill(order, result="fixed", actor=boss, at=hours(1))
    with pytest.raises(RuleBroken) as refused:
        actions.add_material(order, part=company.part, qty=1, actor=boss, at=hours(2))
    assert refused.value.code == "materials_closed"
    with pytest.raises(NotAllowed):
        actions.add_material(open_order(), part=company.part, qty=1, actor=employee_actor(company.clerk), at=hours(2))
    with pytest.raises(Stale):
        actions.add_materials(open_order(), lines=[{"part": company.part, "qty": 1}], version=9, actor=boss, at=hours(2))


def test_an_engineer_writes_lines_on_his_own_order_only(company, boss, open_order):
    wang = employee_actor(company.wang, "work.perform", own=True)
    order = actions.dispatch(open_order(), engineer=company.wang, actor=boss, at=AT)
    actions.add_material(order, part=company.part, qty=1, actor=wang, at=hours(1))
    with pytest.raises(NotFound):
        actions.add_material(open_order(), part=company.part, qty=1, actor=wang, at=hours(1))


def test_the_repair_card_has_a_version(company, boss, open_order):
    order = open_order(mode="bench")
    card = actions.write_card(order, inspection="外壳变形", tests=[{"name": "电压", "value": "220", "unit": "V"}], actor=boss, at=hours(1))
    card = actions.write_card(order, version=card.version, minutes=30, actor=boss, at=hours(2))
    assert (card.version, card.inspection, queries.card_of(order).minutes) == (2, "外壳变形", 30)
    with pytest.raises(Stale):
        actions.write_card(order, version=1, minutes=40, actor=boss, at=hours(2))
    with pytest.raises(RuleBroken):
        actions.write_card(order, colour="红", actor=boss, at=hours(2))


@pytest.mark.both
def test_lists_narrow(company, boss, open_order):
    one = open_order()
    two = open_order(title="漏水", fault=None, urgent=True, region=company.province, mode="bench", at=hours(24))
    actions.dispatch(two, engineer=company.wang, actor=boss, at=hours(24))

    def found(**filters):
        return {o.pk for o in queries.list_orders(boss, at=hours(25), **filters)}

    both = {one.pk, two.pk}
    assert found() == both == found(status=["pending", "dispatched"]) == found(open=True) == found(text="WO2603") == found(text="1380000")
    assert found(text="778899") == both == found(text="张三丰") == found(region="310000") == found(branch=company.branch.pk)
    assert {one.pk} == found(status="pending") == found(text=one.number) == found(region="310101") == found(late=True)
    assert {two.pk} == found(text="漏水") == found(urgent=True) == found(engineer=company.wang.pk) == found(mode="bench")
    assert {two.pk} == found(created_from=dt.date(2026, 3, 3)) and {one.pk} == found(created_to=dt.date(2026, 3, 2))
    assert found(text="水") == set() == found(text="不存在的词") == found(repeat=True) == found(open=False)
    for wrong in ({"password": "x"}, {"late": True}):
        with pytest.raises(LookupError):
            queries.list_orders(boss, **wrong)


def test_a_list_costs_one_statement(boss, open_order, django_assert_num_queries):
    for _n in range(3):
        open_order()
    with django_assert_num_queries(1):
        for order in queries.list_orders(boss).order_by(*queries.ORDER_SORT):
            assert order.customer.name and order.product.name and order.branch.name and order.region.name and not order.engineer


def test_scope_hides_what_is_not_ones_own(company, boss, open_order):
    order = actions.dispatch(open_order(), engineer=company.wang, actor=boss, at=AT)
    assert queries.get_order(order.number, employee_actor(company.wang, own=True)).pk == order.pk
    with pytest.raises(NotFound):
        queries.get_order(order.number, employee_actor(company.zhao, own=True))
    with pytest.raises(NotFound):
        queries.get_order("WO000000000000", boss)


def test_engineers_are_suggested_with_reasons(company, boss, open_order, django_assert_max_num_queries):
    Skill.objects.create(employee=company.wang, category_code="AC")
    Skill.objects.create(employee=company.zhao, category_code="TV")
    order = queries.get_order(open_order().pk, boss)
    with django_assert_max_num_queries(7):
        first, second = queries.suggest_engineers(order, at=AT, actor=boss)
    assert (first.name, second.name, second.refused) == ("王工", "赵工", "no_skill")
    assert [code for code, _ in first.reasons] == ["skill", "district", "load"]
    assert all(queries.reason_sentence(code, params) for code, params in first.reasons)
    assert queries.reason_sentence(second.refused, {}) == "没有这个品类的技能"


def test_certificates_and_refusals_weigh(company, boss, open_order):
    company.category.needs_certificate = True
    company.category.save()
    for engineer in (company.wang, company.zhao):
        Certificate.objects.create(employee=engineer, category_code="AC", name="证", expires_on=dt.date(2027, 1, 1))
    order = actions.dispatch(open_order(), engineer=company.wang, actor=boss, at=AT)
    order = actions.refuse(order, reason="远", actor=everything(company.wang), at=AT)
    best = queries.suggest_engineers(queries.get_order(order.pk, boss), at=AT, actor=boss)[0]
    assert best.name == "赵工" and "certificate" in dict(best.reasons)


def test_boards_and_days(company, boss, open_order, django_assert_max_num_queries):
    planned = actions.dispatch(open_order(), engineer=company.wang, planned_at=hours(2), actor=boss, at=AT)
    loose = actions.dispatch(open_order(), engineer=company.wang, actor=boss, at=AT)
    actions.dispatch(open_order(), engineer=company.wang, planned_at=hours(48), actor=boss, at=AT)
    day = dt.date(2026, 3, 2)
    wang = employee_actor(company.wang, own=True)
    assert [o.pk for o in queries.day_of_engineer(company.wang.pk, day=day, actor=wang)] == [planned.pk, loose.pk]
    with django_assert_max_num_queries(2):
        board = queries.board(company.branch.pk, day=day, actor=boss)
    assert [(e.name, len(orders)) for e, orders in board] == [("王工", 2), ("赵工", 0)]


def test_what_helped_before_is_suggested(company, boss, open_order):
    for solution in ("加氟", "加氟", "换板"):
        actions.backfill(open_order(), result="fixed", solution=solution, cause="泄漏", actor=boss, at=hours(1))
    found = queries.suggested_solutions(product_id=company.product.pk, category_id=company.category.pk, fault_id=company.fault.pk)
    assert [(s.solution, s.cause, s.times) for s in found] == [("加氟", "泄漏", 2), ("换板", "泄漏", 1)]
    assert queries.suggested_solutions(category_id=company.category.pk) == []
    assert len(queries.suggested_solutions(product_id=10**9, category_id=company.category.pk, fault_id=company.fault.pk)) == 2


def test_orders_of_unit_and_customer(company, boss, open_order):
    order = open_order()
    assert queries.open_orders_of_asset(company.asset.pk) == [order] == queries.list_of_customer(company.customer.pk, boss)
    assert queries.open_orders_of_customer(company.customer.pk, boss) == [order] == queries.list_of_asset(company.asset.pk, boss)
    actions.cancel(order, reason="误", actor=boss, at=hours(1))
    assert queries.open_orders_of_asset(company.asset.pk) == []


@pytest.mark.both
def test_figures_follow_every_change_and_fold_together(company, boss, open_order):
    for amount in ("10.00", "20.50"):
        order = open_order()
        actions.set_amount(order, amount=Decimal(amount), actor=boss, at=AT)
        actions.set_amount(order, amount=Decimal(amount), actor=boss, at=AT)
    actions.cancel(order, reason="误", actor=boss, at=hours(1))
    open_order(at=hours(24 * 40))
    wanted = [(dt.date(2026, 3, 1), "cancelled", 1, Decimal("20.50")), (dt.date(2026, 3, 1), "pending", 1, Decimal("10.00")),
              (dt.date(2026, 4, 1), "pending", 1, Decimal("0.00"))]
    for _step in (lambda: None, actions.fold_figures, actions.fold_figures, lambda: actions.rebuild_figures(actor=boss)):
        _step()
        assert [tuple(row.values()) for row in queries.figures(boss)] == wanted
        assert queries.compare_figures() == []
    assert Figure.objects.count() == 3 and queries.count_by_status(boss)["pending"] == 2
    assert queries.figures(boss, since=dt.date(2026, 4, 1)) == queries.figures(boss, branch_id=company.branch.pk)[2:]
    assert queries.figures(Actor(kind="employee", id=1, name="外人")) == []
    Figure.objects.update(orders=5)
    assert len(queries.compare_figures()) == 3


def test_one_who_sees_only_his_own_counts_only_them(company, boss, open_order):
    actions.dispatch(open_order(), engineer=company.wang, actor=boss, at=AT)
    open_order()
    assert queries.count_by_status(employee_actor(company.wang, own=True))["dispatched"] == 1
    assert queries.count_by_status(employee_actor(company.wang, own=True))["pending"] == 0


def test_every_state_and_move_stands_in_the_readme():
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.+) \|$", text, re.M)
    told = {state: (label, set(re.findall(r"`(\w+)`", moves))) for state, label, moves in rows}
    assert told == {s.value: (str(s.label), {m.name for m in ORDER.moves.values() if s in m.sources}) for s in Status}


def test_labels_are_chinese_and_moves_have_actions():
    assert all(re.search(r"[\u4e00-\u9fff]", str(move.label)) for move in ORDER.moves.values())
    assert set(ORDER.actions) == set(ORDER.moves)
    assert WorkOrder._meta.get_field("status").choices == list(Status.choices)
