"""A move is made once, by who may make it, from a state that allows it, and is written down."""

import datetime as dt

import pytest

from aftercare.domain.journal.models import Fact
from aftercare.domain.settlement import actions
from aftercare.domain.settlement.lifecycle import STATEMENT
from aftercare.domain.settlement.models import Statement
from aftercare.foundation import lifecycle
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from aftercare.foundation.tests.factories import AT, SYSTEM, branch, holder, race, statement

pytestmark = pytest.mark.both
SEE = "settlement.view_statement"


@pytest.fixture
def row(db):
    return statement(branch())


def test_a_move_changes_state_version_and_journal(row):
    moved = actions.appeal(row, reason="少算", actor=SYSTEM, at=AT)
    assert (moved.status, moved.version) == ("appealed", 2)
    fact = Fact.objects.get(verb="settlement.statement.appeal")
    assert fact.changes == {"status": ["draft", "appealed"], "appeal": ["", "少算"]}
    assert (fact.kind, fact.object_id, fact.note) == ("settlement.statement", row.pk, "少算")


def test_a_refusal_rolls_everything_back(row):
    with pytest.raises(RuleBroken):
        actions.appeal(row, reason=" ", actor=SYSTEM, at=AT)
    assert Statement.objects.values_list("status", "version").get() == ("draft", 1)
    assert not Fact.objects.exists()


def test_a_move_from_another_state_is_refused(row):
    appealed = actions.appeal(row, reason="x", actor=SYSTEM, at=AT)
    with pytest.raises(WrongState) as refused:
        actions.lock_statement(appealed, actor=SYSTEM, at=AT)
    assert refused.value.params == {"state": "appealed", "move": "lock"}


def test_an_old_row_in_the_hand_is_read_again(row):
    actions.refresh_statement(row, actor=SYSTEM, at=AT)
    assert actions.appeal(row, reason="x", actor=SYSTEM, at=AT).version == 3


def test_an_old_version_is_refused(row):
    actions.refresh_statement(row, actor=SYSTEM, at=AT)
    with pytest.raises(Stale) as refused:
        actions.appeal(row, reason="x", version=1, actor=SYSTEM, at=AT)
    assert refused.value.params["version"] == 2


def test_who_sees_but_may_not_is_told_so(row):
    with pytest.raises(NotAllowed):
        actions.refresh_statement(row, actor=holder(SEE, branch_id=row.branch_id), at=AT)


def test_who_does_not_see_learns_nothing(row):
    with pytest.raises(NotFound):
        actions.refresh_statement(row, actor=holder(SEE, "settlement.manage", branch_id=-1), at=AT)


def test_buttons_are_the_moves_that_would_work(row):
    def names(*codes):
        return {m.name for m in STATEMENT.open_moves(row, holder(*codes, branch_id=row.branch_id))}

    assert names("settlement.manage", "settlement.lock") == {"refresh", "lock"}
    assert names() == set()
    elsewhere = holder("settlement.manage", branch_id=-1)
    assert STATEMENT.open_moves(row, elsewhere) == []
    own = holder("settlement.appeal", people=[row.employee_id])
    assert {m.name for m in STATEMENT.open_moves(row, own)} == {"appeal"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_of_many_racers_wins():
    row = statement(branch())
    outcomes = race(8, lambda n: actions.appeal(row, reason=str(n), actor=SYSTEM, at=AT))
    lost = [o for o in outcomes if isinstance(o, WrongState)]
    assert len(lost) == 7, outcomes
    assert Fact.objects.filter(verb="settlement.statement.appeal").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_claim_several_win(monkeypatch):
    """Negative control: the guard is the conditional update; read, decide, write lets several through."""
    import threading

    row = statement(branch())
    seen = threading.Barrier(4)

    def careless(self, move, subject, actor, version):
        fresh = type(subject).objects.get(pk=subject.pk)
        if fresh.status not in move.sources:
            raise self._wrong_state(move, fresh)
        return fresh, fresh.status

    def act(n):
        # All read before one writes: the moment that luck alone would have to bring.
        current = Statement.objects.get(pk=row.pk)
        seen.wait(timeout=60)
        return actions.appeal(current, reason=str(n), actor=SYSTEM, at=AT)

    monkeypatch.setattr(lifecycle.Lifecycle, "_claim", careless)
    outcomes = race(4, act)
    assert sum(not isinstance(o, Exception) for o in outcomes) > 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_racing_edits_of_one_version_one_wins():
    row = statement(branch())

    def edit(n):
        return lifecycle.revise(row, appeal=str(n), version=1, actor=SYSTEM, at=AT, permission="settlement.manage")

    outcomes = race(8, edit)
    assert sum(isinstance(o, Stale) for o in outcomes) == 7, outcomes
    assert Fact.objects.count() == 1


def test_an_edit_keeps_before_and_after(row):
    edited = lifecycle.revise(row, appeal="a", month=dt.date(2026, 4, 1), actor=SYSTEM, at=AT, permission="settlement.manage")
    assert edited.version == 2
    assert Fact.objects.get().changes == {"appeal": ["", "a"], "month": ["2026-03-01", "2026-04-01"]}


def test_an_edit_that_changes_nothing_is_not_written_down(row):
    lifecycle.revise(row, appeal="", actor=SYSTEM, at=AT, permission="settlement.manage")
    assert not Fact.objects.exists()


def test_a_new_row_needs_the_permission_at_its_branch(db):
    place = branch()
    employee = statement(place).employee
    new = Statement(number="X", employee=employee, branch=place, month=dt.date(2026, 9, 1))
    with pytest.raises(NotAllowed):
        lifecycle.open_new(new, actor=holder("settlement.manage", branch_id=-1), at=AT, permission="settlement.manage")
    lifecycle.open_new(new, actor=holder("settlement.manage", branch_id=place.pk), at=AT, permission="settlement.manage")
    assert Fact.objects.get().number == "X"
