"""Lines, statements and rates in the database."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from aftercare.domain.settlement import actions, checks, queries
from aftercare.domain.settlement.models import Accrual, Rate, Statement
from aftercare.domain.settlement.tests import factories
from aftercare.domain.settlement.tests.factories import APRIL, AT, MARCH, MAY, SYSTEM
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from aftercare.foundation.sources import Source

pytestmark = [pytest.mark.django_db, pytest.mark.both]
LATER = dt.datetime(2026, 4, 2, 4, tzinfo=dt.UTC)


@pytest.fixture
def engineer():
    return factories.engineer(factories.branch())


@pytest.fixture
def rate():
    return actions.create_rate(valid_from=dt.date(2026, 1, 1), labour_percent=Decimal(20), actor=SYSTEM, at=AT)


def lock(statement, at=LATER):
    return actions.lock_statement(actions.refresh_statement(statement, actor=SYSTEM, at=at), actor=SYSTEM, at=at)


def test_audited_work_is_booked_once(engineer, rate):
    work = factories.work(engineer)
    (line,) = actions.accrue(work, actor=SYSTEM, at=AT)
    assert (line.amount, line.month) == (Decimal("20.00"), MARCH)
    assert [a.pk for a in actions.accrue(work, actor=SYSTEM, at=AT)] == [line.pk]
    assert Accrual.objects.count() == 1


def test_accruing_takes_few_statements(engineer, rate, django_assert_max_num_queries):
    actions.accrue(factories.work(engineer, 1), actor=SYSTEM, at=AT)
    with django_assert_max_num_queries(7):  # two of them begin and end the transaction
        actions.accrue(factories.work(engineer, 2), actor=SYSTEM, at=AT)


def test_lines_are_append_only(engineer, rate):
    (line,) = actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    for change in (lambda: Accrual.objects.filter(pk=line.pk).update(amount=99), lambda: line.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_reversal_takes_back_once_and_work_may_be_audited_again(engineer, rate):
    work = factories.work(engineer)
    actions.accrue(work, actor=SYSTEM, at=AT)
    (back,) = actions.reverse_accruals(work.source, actor=SYSTEM, at=AT, reason="审核有误")
    assert back.amount == Decimal("-20.00")
    assert actions.reverse_accruals(work.source, actor=SYSTEM, at=AT) == []
    actions.accrue(factories.work(engineer, round=2), actor=SYSTEM, at=AT)
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    assert (statement.commission_amount, statement.orders) == (Decimal("20.00"), 1)


def test_repeat_takes_back_from_the_first_engineer(engineer, rate):
    other = factories.engineer(engineer.branch, "E2")
    actions.create_deduction(cause="repeat", percent=Decimal(100), valid_from=MARCH, actor=SYSTEM, at=AT)
    first = factories.work(other, 1)
    actions.accrue(first, actor=SYSTEM, at=AT)
    for pk in (2, 3):
        again = factories.work(engineer, pk, repeat_of=first.source, repeat_finished_at=AT)
        actions.accrue(again, actor=SYSTEM, at=AT)
    taken = Accrual.objects.filter(employee=other, kind_of="repeat")
    assert [line.amount for line in taken] == [Decimal("-20.00")], "nothing is left to take the second time"
    assert not Accrual.objects.filter(employee=engineer).exclude(amount=0).exists()


def test_locked_month_never_changes(engineer, rate):
    work = factories.work(engineer)
    actions.accrue(work, actor=SYSTEM, at=AT)
    march = lock(actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT))
    assert (march.status, march.total_amount) == (Statement.Status.LOCKED, Decimal("3020.00"))
    (late,) = actions.accrue(factories.work(engineer, 2), actor=SYSTEM, at=LATER)
    (claw_back,) = actions.reverse_accruals(work.source, actor=SYSTEM, at=LATER)
    assert late.month == claw_back.month == APRIL
    assert queries.recompute(Statement.objects.get(pk=march.pk)).is_equal
    with pytest.raises(WrongState):
        actions.refresh_statement(march, actor=SYSTEM, at=LATER)
    assert actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=LATER).version == march.version


def test_a_month_is_locked_with_all_its_lines_though_nobody_brought_it_up_to_date(engineer, rate):
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    line, = actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    march = actions.lock_statement(statement, actor=SYSTEM, at=LATER)
    assert (march.commission_amount, march.orders, march.last_accrual) == (line.amount, 1, line.pk) and line.amount > 0
    assert queries.recompute(Statement.objects.get(pk=march.pk)).is_equal


def test_open_statements_are_brought_up_to_date_by_the_clock(engineer, rate):
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    line, = actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    assert actions.refresh_stale(at=LATER) == 1 and actions.refresh_stale(at=LATER) == 0
    statement.refresh_from_db()
    assert (statement.commission_amount, statement.last_accrual) == (line.amount, line.pk)


def test_lines_skip_every_locked_month(engineer, rate):
    for month, at in ((MARCH, LATER), (APRIL, dt.datetime(2026, 5, 2, tzinfo=dt.UTC))):
        lock(actions.open_statement(engineer.pk, month, actor=SYSTEM, at=at), at)
    (line,) = actions.accrue(factories.work(engineer), actor=SYSTEM, at=LATER)
    assert line.month == MAY


def test_recomputation_finds_a_wrong_total(engineer, rate):
    actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    assert queries.recompute(statement).is_equal
    Statement.objects.filter(pk=statement.pk).update(total_amount=1)
    statement.refresh_from_db()
    assert not queries.recompute(statement).is_equal


def test_recomputation_finds_a_line_that_does_not_follow(engineer, rate):
    (line,) = actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    forged = {**line.explanation, "inputs": {**line.explanation["inputs"], "source": {"kind": "w", "id": 9, "number": "9"}}}
    Accrual.objects.create(
        employee=engineer, branch=engineer.branch, month=MARCH, at=AT, kind_of="commission", amount=Decimal(500),
        source_kind="w", source_id=9, source_number="9", key="x", explanation=forged,
    )
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    (problem,) = queries.recompute(statement).problems
    assert "500" in problem


def test_rewards_and_penalties_by_hand(engineer):
    actions.reward(engineer.pk, amount=Decimal(50), reason="客户表扬", day=AT.date(), actor=SYSTEM, at=AT, key="k")
    actions.reward(engineer.pk, amount=Decimal(50), reason="客户表扬", day=AT.date(), actor=SYSTEM, at=AT, key="k")
    actions.penalise(engineer.pk, amount=Decimal(20), reason="迟到", day=AT.date(), actor=SYSTEM, at=AT)
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    assert (statement.commission_amount, statement.deduction_amount) == (Decimal(50), Decimal(20))
    assert queries.recompute(statement).is_equal


@pytest.mark.parametrize(("amount", "reason", "code"), [(0, "x", "amount_too_small"), (5, " ", "reason_required")])
def test_refused_adjustments(engineer, amount, reason, code):
    with pytest.raises(RuleBroken) as refused:
        actions.reward(engineer.pk, amount=Decimal(amount), reason=reason, day=AT.date(), actor=SYSTEM, at=AT)
    assert refused.value.code == code


def test_nobody_adjusts_or_locks_his_own_month(engineer):
    own = factories.actor(engineer, "settlement.adjust", "settlement.lock", "settlement.manage",
                          "settlement.view_statement", branch_id=engineer.branch_id)
    with pytest.raises(NotAllowed):
        actions.reward(engineer.pk, amount=Decimal(5), reason="x", day=AT.date(), actor=own, at=AT)
    statement = actions.open_statement(engineer.pk, MARCH, actor=own, at=AT)
    with pytest.raises(NotAllowed):
        actions.lock_statement(statement, actor=own, at=LATER)


def test_appeal_and_its_answer(engineer):
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    own = factories.actor(engineer, "settlement.appeal", "settlement.view_statement", people=[engineer.pk])
    appealed = actions.appeal(statement, reason="少一单", actor=own, at=LATER)
    assert (appealed.status, appealed.appeal) == (Statement.Status.APPEALED, "少一单")
    with pytest.raises(WrongState):
        actions.lock_statement(appealed, actor=SYSTEM, at=LATER)
    draft = actions.resolve_appeal(appealed, reason="已补", actor=SYSTEM, at=LATER)
    assert lock(draft).status == Statement.Status.LOCKED


def test_another_engineers_month_is_not_there(engineer):
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    other = factories.engineer(engineer.branch, "E2")
    stranger = factories.actor(other, "settlement.appeal", "settlement.view_statement", people=[other.pk])
    with pytest.raises(NotFound):
        queries.get_statement(statement.number, stranger)
    with pytest.raises(NotFound):
        actions.appeal(statement, reason="x", actor=stranger, at=AT)


def test_a_month_is_locked_only_when_it_is_over(engineer):
    statement = actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT)
    last_hour = dt.datetime(2026, 3, 31, 15, 59, tzinfo=dt.UTC)  # 23:59 in Shanghai
    with pytest.raises(RuleBroken) as refused:
        actions.lock_statement(statement, actor=SYSTEM, at=last_hour)
    assert refused.value.code == "month_not_over"
    actions.lock_statement(statement, actor=SYSTEM, at=last_hour + dt.timedelta(minutes=1))


def test_equal_rates_on_the_same_days_are_refused(rate):
    with pytest.raises(RuleBroken) as refused:
        actions.create_rate(valid_from=MARCH, valid_to=APRIL, actor=SYSTEM, at=AT)
    assert refused.value.code == "rate_overlaps"
    actions.create_rate(valid_from=MARCH, mode="bench", actor=SYSTEM, at=AT)
    ended = actions.edit_rate(rate, version=rate.version, valid_to=dt.date(2026, 1, 31), actor=SYSTEM, at=AT)
    actions.create_rate(valid_from=MARCH, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken):
        actions.edit_rate(ended, version=ended.version, valid_to=None, actor=SYSTEM, at=AT)
    with pytest.raises(Stale):
        actions.edit_rate(ended, version=1, amount=Decimal(3), actor=SYSTEM, at=AT)


def test_deductions_have_steps(rate):
    first = actions.create_deduction(cause="overdue", over_minutes=0, amount=Decimal(5), valid_from=MARCH, actor=SYSTEM, at=AT)
    actions.create_deduction(cause="overdue", over_minutes=60, amount=Decimal(9), valid_from=MARCH, actor=SYSTEM, at=AT)
    for fields, code in (({"over_minutes": 60}, "rate_overlaps"), ({"percent": Decimal(101)}, "out_of_range"),
                         ({"valid_to": dt.date(2026, 1, 1)}, "validity_reversed"), ({"cause": "x"}, "unknown_field")):
        with pytest.raises(RuleBroken) as refused:
            actions.edit_deduction(first, version=first.version, actor=SYSTEM, at=AT, **fields)
        assert refused.value.code == code


def test_first_jobs_leave_reversed_ones_out(engineer, rate):
    work = factories.work(engineer)
    actions.accrue(work, actor=SYSTEM, at=AT)
    assert [job.paid_amount for job in queries.find_first_jobs(work.source)] == [Decimal("20.00")]
    actions.reverse_accruals(work.source, actor=SYSTEM, at=AT)
    assert queries.find_first_jobs(Source("work.workorder", 1, "")) == []


def test_export_has_a_row_for_each_statement(engineer, rate):
    actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    actions.refresh_month(MARCH, actor=SYSTEM, at=AT)
    (row,) = queries.export_rows(SYSTEM, month=MARCH)
    assert len(row) == len(queries.EXPORT_COLUMNS) and row[-1] == Decimal("3020.00")
    statement = queries.find_statement(engineer.pk, MARCH, SYSTEM)
    (line,) = queries.line_rows(statement)
    assert "20" in line[-1]


def test_the_check_recomputes_locked_months_and_compares_rates(engineer, rate):
    actions.accrue(factories.work(engineer), actor=SYSTEM, at=AT)
    march = lock(actions.open_statement(engineer.pk, MARCH, actor=SYSTEM, at=AT))
    assert checks.check_statements() == checks.check_rates() == []
    Statement.objects.filter(pk=march.pk).update(total_amount=1)
    Rate.objects.create(valid_from=MARCH)
    (problem,) = checks.check_statements()
    assert march.number in problem
    assert len(checks.check_rates()) == 1
