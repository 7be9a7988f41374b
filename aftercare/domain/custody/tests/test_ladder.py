"""Unclaimed things: each step once and in its distance, told before it counts, disposal only by right."""

import datetime as dt

import pytest

from aftercare.domain.custody import actions, checks, queries, rules
from aftercare.domain.custody.lifecycle import CUSTODY
from aftercare.domain.custody.models import Reminder
from aftercare.domain.custody.tests.conftest import AT
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState

D = dt.date
RULE = rules.Rule(first_days=10, second_days=20, notice_days=30)


def days(count):
    return AT + dt.timedelta(days=count)


@pytest.fixture
def held(company, boss):
    actions.set_rule(first_days=10, second_days=20, notice_days=30, actor=boss, at=AT)
    row = actions.receive(customer=company.customer, item="空调", branch_id=company.branch.pk, asset=company.asset, actor=boss, at=AT)
    return actions.mark_ready(row, actor=boss, at=AT)


@pytest.mark.parametrize(("day", "stage", "last", "due"), [
    (9, 0, None, None), (10, 0, None, 1), (400, 0, None, 1), (19, 1, 10, None), (20, 1, 10, 2), (25, 1, 20, None), (30, 1, 20, 2),
    (400, 1, 395, None), (30, 2, 20, 3), (29, 2, 15, None), (99, 3, 30, None),
])
def test_a_step_is_due_by_days_and_keeps_its_distance(day, stage, last, due):
    first = D(2026, 1, 1)
    last_on = None if last is None else first + dt.timedelta(days=last)
    assert rules.due_stage(RULE, today=first + dt.timedelta(days=day), ready_on=first, stage=stage, last_on=last_on) == due


def refused(code, run, *args, **given):
    with pytest.raises((RuleBroken, WrongState, NotAllowed)) as told:
        run(*args, **given)
    assert told.value.code == code


def test_the_ladder_is_climbed_step_by_step_and_ends_in_disposal(held, boss):
    refused("not_due", actions.remind, held, actor=boss, at=days(9))
    for stage, day in ((1, 10), (2, 20), (3, 30)):
        held = actions.remind(held, actor=boss, at=days(day))
        refused("not_due", actions.remind, held, actor=boss, at=days(day))
        refused("notice_needed", actions.dispose, held, reason="x", actor=boss, at=days(500))
        assert held.stage == stage and queries.last_reminder(held).days == day
        channel = "letter" if stage == 3 else "phone"
        if stage == 3:
            refused("notice_by_letter", actions.note_told, held, channel="phone", actor=boss, at=days(day + 1))
        held = actions.note_told(held, channel=channel, note="本人接听", actor=boss, at=days(day + 1))
        refused("told_already", actions.note_told, held, channel=channel, actor=boss, at=days(day + 1))
    letter = queries.last_reminder(held)
    assert letter.number.startswith("TZ") and (letter.until_on - D(2026, 4, 1)).days == 60
    refused("too_early", actions.dispose, held, reason="提存", actor=boss, at=days(91))
    refused("reason_missing", actions.dispose, held, reason=" ", actor=boss, at=days(92))
    gone = actions.dispose(held, reason="依法变卖，价款提存", actor=boss, at=days(92))
    assert gone.status == "disposed" and gone.disposal == "依法变卖，价款提存"
    assert checks.check_ladder() == []
    Reminder.objects.filter(custody=gone, stage=3).update(told_at=None)
    type(gone).objects.filter(pk=gone.pk).update(stage=1)
    assert len(checks.check_ladder()) == 2


def test_steps_that_are_not_due_and_untold_ones_offer_no_buttons(held, boss):
    names = {move.name for move in queries.open_moves(held, boss)}
    assert names == {"move_to", "unmark_ready", "hand_back", "void_receipt"}
    held = actions.remind(held, actor=boss, at=days(10))
    assert "note_told" in {move.name for move in queries.open_moves(held, boss)}


def test_what_is_not_ready_is_not_reminded_of(held, boss):
    held = actions.unmark_ready(held, actor=boss, at=AT)
    refused("not_due", actions.remind, held, actor=boss, at=days(99))
    refused("nothing_to_tell", actions.note_told, held, channel="phone", actor=boss, at=AT)
    refused("no_such_channel", actions.note_told, held, channel="pigeon", actor=boss, at=AT)


@pytest.mark.both
def test_the_database_itself_makes_a_step_once(held, boss):
    stale = queries.get_custody(held.number, boss)
    actions.remind(held, actor=boss, at=days(10))
    row = Reminder.objects.get(custody=held)
    Reminder.objects.filter(pk=row.pk).update(made_at=AT - dt.timedelta(days=400))
    type(held).objects.filter(pk=held.pk).update(stage=0)
    refused("reminded_already", actions.remind, stale, actor=boss, at=days(10))
    assert set(CUSTODY.moves) == set(CUSTODY.actions)


def test_rules_belong_to_the_company_or_a_branch_and_must_rise(company, boss):
    assert queries.rule_at(company.branch.pk) == rules.Rule()
    actions.set_rule(loan_days=9, actor=boss, at=AT)
    actions.set_rule(branch_id=company.branch.pk, paper_days=3, leaving="warn", actor=boss, at=AT)
    assert queries.rule_at(company.other.pk).loan_days == 9
    here = queries.rule_at(company.branch.pk)
    assert (here.paper_days, here.leaving, here.loan_days) == (3, "warn", 15)
    for code, fields in (("ladder_order", {"second_days": 2}), ("ladder_order", {"notice_days": 25}), ("wait_too_short", {"wait_days": 59}),
                         ("bad_percent", {"deposit_percent": 101}), ("bad_days", {"loan_days": 0}), ("no_such_kind", {"leaving": "x"})):
        refused(code, actions.set_rule, actor=boss, at=AT, **fields)
    assert queries.list_rules(boss).count() == 2


def test_where_a_thing_lay_is_told(company, boss):
    held = actions.receive(customer=company.customer, item="锅", branch_id=company.branch.pk, place="A-1", actor=boss, at=AT)
    for hour, place in ((1, "B-2"), (2, "C-3")):
        held = actions.move_to(held, place=place, actor=boss, at=AT + dt.timedelta(hours=hour))
    assert [row["place"] for row in queries.places_of(held)] == ["C-3", "B-2", "A-1"]
