"""Sign-ins, passwords and tokens."""

import datetime as dt

import pytest

from aftercare.domain.journal.models import Fact
from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import Token
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PASSWORD = "harbour-lamp-71"


@pytest.fixture
def do(company):
    return {"actor": company.system, "at": company.at}


def test_account_is_found_by_number_and_by_name(company, do):
    account = actions.create_account(company.hire("A007"), username="wang", password=PASSWORD, **do)
    for login in ("wang", "A007", " WANG ", "a007"):
        assert queries.find_account_by_login(login) == account
    assert queries.find_account_by_login("nobody") is None
    assert queries.find_account_by_login("") is None


def test_user_name_may_not_be_the_number_of_another(company, do):
    actions.create_account(company.hire("A007"), username="wang", password=PASSWORD, **do)
    with pytest.raises(RuleBroken) as refusal:
        actions.create_account(company.hire("A008"), username="A007", password=PASSWORD, **do)
    assert refusal.value.code == "username_taken"


@pytest.mark.parametrize("password", ["short1", "password123", "A00700A007"])
def test_password_meets_the_policy(company, do, password):
    with pytest.raises(RuleBroken) as refusal:
        actions.create_account(company.hire("A00700A007"), password=password, **do)
    assert (refusal.value.code, refusal.value.field) == ("weak_password", "password")


def test_password_is_set_and_never_told(company, do):
    account = actions.create_account(company.hire("A007"), password=PASSWORD, **do)
    fresh = actions.set_password(account, password="another-lamp-72", **do)
    assert fresh.check_password("another-lamp-72")
    for fact in Fact.objects.all():
        assert "pbkdf2" not in str(fact.changes) and "lamp" not in str((fact.changes, fact.data, fact.note))


def test_password_of_somebody_with_more_rights_is_safe(company):
    chief = company.actor(company.hire("chief", role="chief"))
    boss = company.hire("boss", role="admin")
    account = actions.create_account(boss, password=PASSWORD, actor=company.system, at=company.at)
    for attempt in (
        lambda: actions.set_password(account, password="another-lamp-72", actor=chief, at=company.at),
        lambda: actions.close_account(account, actor=chief, at=company.at),
        lambda: actions.make_token(boss, name="x", scopes=["*"], actor=chief, at=company.at),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_token_acts_within_its_scopes(company, do, django_assert_num_queries):
    me = company.hire("me", role="chief")
    token, raw = actions.make_token(me, name="脚本", scopes=["read"], actor=company.actor(me), at=company.at)
    assert raw not in str(Token.objects.values()) and raw.startswith(f"aft_{token.prefix}_")
    actor = queries.authenticate_token(raw, at=company.at)
    with django_assert_num_queries(1):
        queries.authenticate_token(raw, at=company.at)
    assert actor.employee_id == me.pk and actor.via == "api"
    assert actor.holds("people.view_employee") and not actor.holds("people.edit_employee")
    with pytest.raises(NotAllowed) as refusal:
        actions.make_token(me, name="更多", scopes=["*"], actor=actor, at=company.at)
    assert refusal.value.code == "token_by_token"


def test_token_ends_by_date_and_by_hand(company, do):
    me = company.hire("me", role="chief")
    end = company.at + dt.timedelta(days=1)
    token, raw = actions.make_token(me, name="脚本", scopes=["*"], expires_at=end, **do)
    assert queries.authenticate_token(raw, at=company.at)
    assert queries.authenticate_token(raw, at=end) is None
    assert queries.authenticate_token(raw + "x", at=company.at) is None
    for wrong in ("", "aft", "aft_", "Bearer x", f"aft_{token.prefix}_"):
        assert queries.authenticate_token(wrong, at=company.at) is None
    actions.revoke_token(token, actor=company.actor(me), at=company.at)
    assert queries.authenticate_token(raw, at=company.at) is None
    with pytest.raises(NotFound):
        actions.revoke_token(token, **do)


def test_last_use_is_kept_to_ten_minutes(company, do):
    me = company.hire("me")
    _token, raw = actions.make_token(me, name="脚本", scopes=["*"], **do)
    for minutes in (0, 5, 11):
        actions.use_token(raw, at=company.at + dt.timedelta(minutes=minutes))
    assert Token.objects.get().last_used_at == company.at + dt.timedelta(minutes=11)
    assert actions.use_token("aft_x_y", at=company.at) is None


@pytest.mark.parametrize(("fields", "code"), [
    ({"scopes": []}, "unknown_scope"), ({"scopes": ["moon"]}, "unknown_scope"), ({"name": ""}, "required"),
    ({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "already_expired"),
])
def test_wrong_tokens_are_refused(company, do, fields, code):
    with pytest.raises(RuleBroken) as refusal:
        actions.make_token(company.hire("me"), **{"name": "脚本", "scopes": ["read"], **fields}, **do)
    assert refusal.value.code == code


def test_token_needs_the_right_to_make_one(company):
    me = company.hire("me", role="branch")
    with pytest.raises(NotAllowed):
        actions.make_token(me, name="脚本", scopes=["read"], actor=company.actor(me), at=company.at)


def test_sign_ins_are_recorded(company, do):
    account = actions.create_account(company.hire("A007"), password=PASSWORD, **do)
    actions.record_sign_in(account, at=company.at, address="10.0.0.1")
    actions.record_failed_sign_in(login="A007", at=company.at, address="10.0.0.2")
    actions.record_failed_sign_in(login="my-secret-password", at=company.at, address="10.0.0.2")
    actions.record_sign_out(account, at=company.at)
    facts = Fact.objects.filter(kind="people.account", verb__contains="sign_").order_by("id")
    verbs = list(facts.values_list("verb", "address"))
    assert verbs == [
        ("people.account.sign_in", "10.0.0.1"), ("people.account.sign_in_failed", "10.0.0.2"),
        ("people.account.sign_in_failed", "10.0.0.2"), ("people.account.sign_out", ""),
    ]
    assert "my-secret" not in str(list(Fact.objects.values()))
