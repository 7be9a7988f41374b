"""Every move of a quote, every refusal, what stays frozen, and that one answer counts."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from aftercare.domain.quotes import actions, queries
from aftercare.domain.quotes.models import Consent, Quote, QuoteLine
from aftercare.domain.quotes.tests.conftest import AT
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from aftercare.foundation.sources import Source

pytestmark = pytest.mark.django_db
SYSTEM = {"actor": Actor.system("test"), "at": AT}
LATER = AT + dt.timedelta(days=40)


def test_a_quote_is_told_with_a_link_and_holds_to_the_end_of_its_last_day(desk):
    draft = desk.make(valid_days=3)
    assert (draft.number, draft.total_amount, draft.covered_amount) == ("BJ260302000001", D(210), D(210))
    assert queries.link_of(draft) == ""
    sent = actions.send(draft, **SYSTEM)
    # 2026-03-05 24:00 in Shanghai
    assert sent.valid_until == dt.datetime(2026, 3, 5, 16, 0, tzinfo=dt.UTC)
    token = queries.link_of(sent).rsplit("/", 1)[1]
    assert queries.find_by_token(token) == sent and token not in str(vars(sent))
    assert queries.find_by_token("") is None and queries.find_by_token("x" * 22) is None
    again = actions.renew_link(sent, **SYSTEM)
    assert queries.find_by_token(token) is None and queries.link_of(again) != queries.link_of(sent)


def test_consent_is_kept_with_its_evidence_and_counts_once(desk):
    sent = desk.send()
    with pytest.raises(RuleBroken) as refused:
        actions.accept(sent, channel="signature", name="李女士", **SYSTEM)
    assert (refused.value.code, refused.value.field) == ("signature_missing", "signature")
    done = actions.accept(sent, channel="call", name="李女士", evidence={"reference": "REC-0012"}, **SYSTEM)
    kept = queries.consent_of(done)
    assert (done.status, kept.agreed, kept.channel, kept.evidence) == ("accepted", True, "call", {"reference": "REC-0012"})
    for again in (lambda: actions.accept(sent, channel="portal", name="x", **SYSTEM),
                  lambda: actions.refuse(sent, channel="portal", name="x", reason="贵", **SYSTEM)):
        with pytest.raises(WrongState):
            again()
    assert Consent.objects.count() == 1


def test_a_refusal_asks_for_who_and_how(desk):
    sent = desk.send()
    for values, code in (({"channel": "fax", "name": "李"}, "unknown_channel"), ({"channel": "call", "name": ""}, "name_missing")):
        with pytest.raises(RuleBroken) as refused:
            actions.refuse(sent, reason="贵", **values, **SYSTEM)
        assert refused.value.code == code
    assert actions.refuse(sent, channel="call", name="李", reason="贵", **SYSTEM).status == "refused"


def test_a_new_round_takes_the_place_of_the_one_before(desk):
    first = actions.accept(desk.send(), channel="counter", name="李", **SYSTEM)
    second = desk.make(lines=_lines())
    first.refresh_from_db()
    assert (first.status, second.round, second.status) == ("superseded", 2, "draft")
    assert queries.current_of(Source("work.workorder", 1, "")) == second
    assert [q.round for q in queries.list_of_source(Source("work.workorder", 1, ""))] == [2, 1]
    actions.supersede(second, reason="写错", **SYSTEM)
    assert queries.current_of(Source("work.workorder", 1, "")) is None
    with pytest.raises(RuleBroken):
        actions.supersede(desk.make(), reason=" ", **SYSTEM)


def _lines():
    return [actions.Line("labour", "人工费", D(1), D("99.90"), D("99.90"), D("99.90"))]


def test_after_the_last_day_nobody_agrees_and_time_ends_it(desk):
    sent = desk.send(valid_days=1)
    with pytest.raises(RuleBroken) as early:
        actions.expire(sent, **SYSTEM)
    assert early.value.code == "not_expired"
    with pytest.raises(RuleBroken) as late:
        actions.accept(sent, channel="portal", name="李", actor=SYSTEM["actor"], at=LATER)
    assert late.value.code == "quote_expired"
    assert queries.list_overdue(AT) == [] and queries.list_overdue(LATER) == [sent]
    assert actions.expire(sent, actor=SYSTEM["actor"], at=LATER).status == "expired"


@pytest.mark.parametrize(("values", "code"), [
    ({"lines": []}, "no_lines"), ({"valid_days": 0}, "bad_validity"), ({"valid_days": 91}, "bad_validity"),
    ({"inspection_amount": D(-1)}, "amount_too_small"),
])
def test_quotes_that_may_not_be_made(desk, values, code):
    with pytest.raises(RuleBroken) as refused:
        desk.make(**values)
    assert refused.value.code == code


@pytest.mark.both
def test_lines_and_answers_cannot_be_changed_in_the_database(desk):
    done = actions.accept(desk.send(), channel="counter", name="李", **SYSTEM)
    for change in (lambda: QuoteLine.objects.filter(quote=done).update(price_amount=1), lambda: Consent.objects.all().delete(),
                   lambda: Quote.objects.filter(pk=desk.make(2).pk).update(source_id=1, round=9)):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            change()
    assert [line.price_amount for line in queries.lines_of(done)] == [D(120), D(300)]


def test_rights_and_what_is_seen(desk):
    clerk, stranger = desk.person("quotes.view_quote", "quotes.make"), Actor("employee", 9, "x", employee_id=9)
    quote = desk.make(actor=clerk)
    sent = actions.send(quote, actor=clerk, at=AT)
    assert queries.get_quote(sent.number, clerk) == sent
    assert {m.name for m in queries.open_moves(sent, clerk)} == {"renew_link", "supersede"}
    with pytest.raises(NotFound):
        queries.get_quote(sent.number, stranger)
    with pytest.raises(NotAllowed):
        actions.accept(sent, channel="counter", name="x", actor=clerk, at=AT)
    with pytest.raises(Stale):
        actions.supersede(sent, reason="x", version=1, actor=clerk, at=AT)
    with pytest.raises(NotAllowed):
        desk.make(3, actor=stranger)


def test_the_branchs_own_rules_stand_above_the_companys(desk):
    assert queries.rules_at(desk.branch.pk) == queries.Rules()
    actions.set_policy(free_limit_amount=D(300), valid_days=7, tax_note="含税", **SYSTEM)
    assert queries.rules_at(desk.branch.pk).free_limit == 300
    actions.set_policy(free_limit_amount=D(200), **SYSTEM)
    actions.set_policy(branch_id=desk.branch.pk, inspection_amount=D(30), **SYSTEM)
    assert queries.rules_at(desk.branch.pk) == queries.Rules(None, 15, D(30), "")
    with pytest.raises(RuleBroken):
        actions.set_policy(valid_days=0, **SYSTEM)
    with pytest.raises(NotAllowed):
        actions.set_policy(actor=desk.person("quotes.make"), at=AT)
