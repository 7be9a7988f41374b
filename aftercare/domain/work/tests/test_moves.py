"""Every move of an order, and every refusal."""

import datetime as dt

import pytest

from aftercare.domain.journal.models import Fact
from aftercare.domain.people.models import Certificate, Skill
from aftercare.domain.work import actions, queries
from aftercare.domain.work.lifecycle import ORDER, Status
from aftercare.domain.work.models import Signature, Visit, WorkOrder
from aftercare.domain.work.tests.company import AT, employee_actor, everything, hours
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(company, boss, open_order):
    """An order in the wanted state, walked there by ordinary moves; bench orders for bench states."""

    def walk(state: str, **values) -> WorkOrder:
        bench = values.get("mode") == "bench" or state in ("repaired",)
        order = open_order(**({"mode": "bench"} if bench else {}) | values)
        wang, inspector = everything(company.wang), everything(company.inspector)
        steps = {
            "dispatched": lambda o: actions.dispatch(o, engineer=company.wang, actor=boss, at=hours(0.1)),
            "accepted": lambda o: actions.accept(o, actor=wang, at=hours(0.2)),
            "scheduled": lambda o: actions.schedule(o, planned_at=hours(2), actor=wang, at=hours(0.3)),
            "en_route": lambda o: actions.set_out(o, actor=wang, at=hours(1)),
            "working": lambda o: (actions.start if bench else actions.arrive)(o, actor=wang, at=hours(1.5)),
            "repaired": lambda o: actions.finish_repair(o, findings="换压缩机", minutes=30, actor=wang, at=hours(2)),
            "done": lambda o: actions.complete(o, findings="换压缩机", minutes=30, actor=wang, at=hours(2)),
            "inspected": lambda o: actions.inspect(o, actor=inspector, at=hours(3)),
            "audited": lambda o: actions.audit(o, actor=boss, at=hours(4)),
            "settled": lambda o: actions.settle(o, actor=boss, at=hours(5)),
            "closed": lambda o: actions.close(o, actor=boss, at=hours(6)),
        }
        aside = {
            "waiting_part": ("working", lambda o: actions.wait_for_part(o, reason="缺件", actor=wang, at=hours(1.6))),
            "hard": ("working", lambda o: actions.escalate(o, reason="没见过", actor=wang, at=hours(1.6))),
            "quoting": ("working", lambda o: actions.request_quote(o, amount="80", actor=wang, at=hours(1.6))),
            "rework": ("done", lambda o: actions.send_back(o, reason="还响", actor=inspector, at=hours(2.5))),
            "cancelled": ("pending", lambda o: actions.cancel(o, reason="不修了", actor=boss, at=hours(1))),
        }
        if state in aside:
            before, step = aside[state]
            return step(_walk(order, before, steps, bench))
        return _walk(order, state, steps, bench)

    return walk


def _walk(order, state, steps, bench):
    skipped = {"en_route", "scheduled"} if bench else {"repaired"}
    if state == "repaired":
        skipped = {"en_route", "scheduled"}
    if state == "pending":
        return order
    for name, step in steps.items():
        if name in skipped - {state}:
            continue
        if name == "repaired" and state != "repaired":
            continue
        order = step(order)
        if name == state:
            return order
    raise AssertionError(state)


# How each move is made in the tests: its inputs and who makes it.
INPUTS = {
    "dispatch": lambda c: {"engineer": c.zhao},
    "recall": lambda c: {"reason": "换人"},
    "refuse": lambda c: {"reason": "路远"},
    "schedule": lambda c: {"planned_at": hours(9)},
    "wait_for_part": lambda c: {"reason": "缺压缩机"},
    "escalate": lambda c: {"reason": "没见过"},
    "accept_quote": lambda c: {"reason": "电话同意"},
    "refuse_quote": lambda c: {"reason": "太贵"},
    "lapse_quote": lambda c: {"reason": "撤回"},
    "finish_repair": lambda c: {"findings": "换压缩机", "minutes": 20},
    "complete": lambda c: {"findings": "换压缩机", "minutes": 20},
    "send_back": lambda c: {"reason": "没修好"},
    "reverse_audit": lambda c: {"reason": "价格错"},
    "cancel": lambda c: {"reason": "客户取消"},
    "backfill": lambda c: {"findings": "老单", "result": "fixed"},
}
ENGINEERS = {"take", "accept", "refuse", "set_out", "arrive", "start", "wait_for_part", "escalate", "resume", "request_quote",
             "finish_repair", "complete", "restart"}
BENCH = {"start", "finish_repair", "hand_over"}
EACH = [(move.name, str(source)) for move in ORDER.moves.values() for source in sorted(move.sources)]


@pytest.mark.parametrize(("name", "source"), EACH)
def test_every_move_from_every_source(company, boss, bring, name, source):
    if name in BENCH and source in ("scheduled", "en_route"):
        source = "accepted"
    order = bring(source, **({"mode": "bench"} if name in BENCH else {}))
    actor = everything(company.wang if name in ENGINEERS else company.auditor)
    moved = ORDER.actions[name](order, actor=actor, at=hours(8), **INPUTS.get(name, lambda c: {})(company))
    assert moved.status == ORDER.moves[name].target
    fact = Fact.objects.filter(kind="work.workorder", object_id=order.pk).order_by("-id").first()
    assert fact.verb == f"work.order.{name}" and fact.name and fact.data["number"] == order.number
    assert queries.compare_figures() == []


@pytest.mark.parametrize("state", [s.value for s in Status])
def test_no_move_starts_from_elsewhere(company, bring, boss, state):
    order = bring(state)
    for move in ORDER.moves.values():
        if state not in move.sources:
            with pytest.raises(WrongState):
                ORDER.actions[move.name](order, actor=boss, at=hours(9), **INPUTS.get(move.name, lambda c: {})(company))
    assert WorkOrder.objects.get(pk=order.pk).status == state


@pytest.mark.parametrize("name", [m.name for m in ORDER.moves.values()])
def test_no_move_without_its_permission(company, bring, name):
    move = ORDER.moves[name]
    order = bring(str(sorted(move.sources)[0]), **({"mode": "bench"} if name in BENCH else {}))
    with pytest.raises(NotAllowed):
        ORDER.actions[name](order, actor=employee_actor(company.clerk), at=hours(9), **INPUTS.get(name, lambda c: {})(company))


def test_an_order_elsewhere_is_not_found(company, bring):
    stranger = employee_actor(company.clerk, "work.dispatch")
    order = bring("pending")
    WorkOrder.objects.filter(pk=order.pk).update(branch=company.other)
    with pytest.raises(NotFound):
        actions.dispatch(order, engineer=company.wang, actor=stranger, at=AT)


@pytest.mark.parametrize("name", ["recall", "refuse", "wait_for_part", "escalate", "send_back", "reverse_audit", "cancel",
                                  "accept_quote", "refuse_quote"])
def test_reasons_are_asked_for(company, bring, name):
    order = bring(str(sorted(ORDER.moves[name].sources)[0]))
    with pytest.raises(RuleBroken) as refused:
        ORDER.actions[name](order, reason="  ", actor=everything(company.auditor), at=hours(9))
    assert refused.value.code == "reason_missing" and refused.value.field == "reason"


def test_dispatch_asks_for_somebody_fit(company, boss, open_order):
    order = open_order()
    with pytest.raises(RuleBroken) as refused:
        actions.dispatch(order, actor=boss, at=AT)
    assert refused.value.code == "nobody_chosen"
    with pytest.raises(RuleBroken) as refused:
        actions.dispatch(order, engineer=company.clerk, actor=boss, at=AT)
    assert refused.value.code == "not_engineer"
    Skill.objects.create(employee=company.wang, category_code="TV")
    with pytest.raises(RuleBroken) as refused:
        actions.dispatch(order, engineer=company.wang, actor=boss, at=AT)
    assert refused.value.code == "no_skill"


def test_dispatch_asks_for_a_certificate_where_one_is_needed(company, boss, open_order):
    company.category.needs_certificate = True
    company.category.save()
    order = open_order()
    with pytest.raises(RuleBroken) as refused:
        actions.dispatch(order, engineer=company.wang, actor=boss, at=AT)
    assert refused.value.code == "no_certificate"
    paper = Certificate.objects.create(employee=company.wang, category_code="AC", name="上岗证", expires_on=dt.date(2026, 3, 1))
    with pytest.raises(RuleBroken) as refused:
        actions.dispatch(order, engineer=company.wang, actor=boss, at=AT)
    assert refused.value.code == "certificate_expired"
    paper.expires_on = dt.date(2026, 3, 2)
    paper.save()
    assert actions.dispatch(order, engineer=company.wang, actor=boss, at=AT).engineer_id == company.wang.pk


def test_two_plans_at_one_time_are_refused(company, boss, open_order):
    actions.dispatch(open_order(), engineer=company.wang, planned_at=hours(2), actor=boss, at=AT)
    second = open_order()
    with pytest.raises(WrongState) as refused:
        actions.dispatch(second, engineer=company.wang, planned_at=hours(2.5), actor=boss, at=AT)
    assert refused.value.code == "overlap"
    assert actions.dispatch(second, engineer=company.wang, planned_at=hours(3), actor=boss, at=AT).status == "dispatched"


def test_an_appointment_can_be_moved_but_not_into_the_past(company, boss, bring):
    order = bring("scheduled")
    with pytest.raises(RuleBroken) as refused:
        actions.schedule(order, planned_at=hours(0), actor=employee_actor(company.dispatcher, "work.schedule"), at=hours(3))
    assert refused.value.code == "planned_in_past"
    assert actions.schedule(order, planned_at=hours(20), actor=boss, at=hours(3)).planned_at == hours(20)


def test_a_refused_order_comes_first_the_next_day(company, boss, bring, open_order):
    refused = actions.refuse(bring("dispatched"), reason="路远", actor=everything(company.wang), at=hours(1))
    open_order(urgent=True, at=hours(24))
    assert refused.refusals == 1 and refused.engineer_id is None
    assert Visit.objects.get(order=refused).reply_reason == "路远"
    assert queries.pool(boss, at=hours(24))[0].pk == refused.pk


def test_an_outlet_sees_and_answers_what_it_was_given(company, boss, open_order):
    with pytest.raises(RuleBroken):
        actions.dispatch(open_order(), outlet=company.other, actor=boss, at=AT)
    order = actions.dispatch(open_order(), outlet=company.outlet, actor=boss, at=AT)
    company.clerk.branch = company.outlet
    keeper = employee_actor(company.clerk, "work.view_order", "work.perform")
    company.zhao.branch = company.outlet
    assert queries.count_unnamed(keeper) == 1
    assert [m.name for m in queries.open_moves(order, keeper)] == ["accept", "refuse"]
    order = actions.accept(order, engineer=company.zhao, actor=keeper, at=hours(1))
    assert (order.status, order.engineer_id, order.outlet_id) == ("accepted", company.zhao.pk, company.outlet.pk)
    assert queries.count_unnamed(keeper) == 0


def test_device_time_is_kept_as_a_claim(company, bring):
    order = actions.arrive(bring("en_route"), actor=everything(company.wang), at=hours(1.4), claimed_at=hours(1.2),
                           position={"lat": 31.2, "lon": 121.5})
    visit = Visit.objects.get(order=order)
    assert visit.arrived_at == hours(1.4) and visit.claimed_at == {"arrived": hours(1.2).isoformat()}
    assert visit.position["arrived"]["lat"] == 31.2


def test_a_completion_is_complete(company, bring):
    order, wang = bring("working"), everything(company.wang)
    for values, code in (({"findings": " "}, "findings_missing"), ({"findings": "好", "minutes": -1}, "bad_minutes"),
                         ({"findings": "好", "result": "?"}, "bad_result")):
        with pytest.raises(RuleBroken) as refused:
            actions.complete(order, actor=wang, at=hours(2), **values)
        assert refused.value.code == code
    done = actions.complete(order, findings="加氟", cause="泄漏", solution="加氟利昂", signed_name="张", signature=b"png",
                            actor=wang, at=hours(2))
    assert (done.cause.name, done.solution.name, done.minutes, done.result) == ("泄漏", "加氟利昂", 30, "fixed")
    assert Signature.objects.get(order=done).name == "张" and Visit.objects.get(order=done).outcome == "fixed"


def test_bench_and_site_keep_apart(company, bring):
    wang = everything(company.wang)
    with pytest.raises(RuleBroken) as refused:
        actions.start(bring("accepted"), actor=wang, at=hours(2))
    assert refused.value.code == "not_bench"
    with pytest.raises(RuleBroken) as refused:
        actions.arrive(bring("accepted", mode="bench"), actor=wang, at=hours(2))
    assert refused.value.code == "not_on_site"


def test_nobody_judges_his_own_work(company, bring):
    wang = everything(company.wang)
    for name, state, values in (("inspect", "done", {}), ("send_back", "done", {"reason": "x"}), ("audit", "inspected", {}),
                                ("reverse_audit", "audited", {"reason": "x"})):
        with pytest.raises(RuleBroken) as refused:
            ORDER.actions[name](bring(state), actor=wang, at=hours(9), **values)
        assert refused.value.code == "own_work"


def test_rework_goes_back_to_the_engineer_and_counts_another_visit(company, bring):
    order = actions.restart(bring("rework"), actor=everything(company.wang), at=hours(10))
    assert (order.status, order.visit_count, order.finished_at) == ("working", 2, None)


def test_an_old_register_is_taken_over_without_an_engineer(open_order, boss):
    order = actions.backfill(open_order(), findings="", result="unknown", finished_at=hours(50), actor=boss, at=hours(51))
    assert (order.status, order.engineer_id, order.finished_at) == ("done", None, hours(50))
