"""People come in by number or name, guessers do not, and both are written down."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

from aftercare.domain.journal import queries as journal
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries
from aftercare.foundation.access import Actor

pytestmark = pytest.mark.django_db
PASSWORD = "harbour-lamp-71"
AT = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def account():
    make = {"actor": Actor.system("test"), "at": AT}
    branch = people.create_branch(number="N", name="北方", **make)
    employee = people.create_employee(number="A007", name="王五", branch=branch, **make)
    return people.create_account(employee, username="wang", password=PASSWORD, **make)


def _sign_in(client, login="A007", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def _verbs():
    return list(journal.list_facts(Actor.system("test")).filter(kind="people.account").order_by("id")
                .values_list("verb", flat=True))[1:]


@pytest.mark.parametrize("login", ["A007", "a007", "wang"])
def test_number_and_name_both_let_in(client, account, login):
    response = _sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(account.pk)
    assert _verbs() == ["people.account.sign_in"]


def test_page_speaks_chinese_and_offers_no_registration(client):
    page = client.get(reverse("account_login")).content.decode()
    assert "工号或用户名" in page
    assert "signup" not in page and "password/reset" not in page


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "password/set/", "login/code/confirm/"])
def test_what_needs_mail_or_registration_is_closed(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_wrong_password_tells_nothing(client, account):
    known = _sign_in(client, "A007", "wrong").content.decode()
    unknown = _sign_in(client, "A999", "wrong").content.decode()
    assert "工号、用户名或密码不对" in known and "工号、用户名或密码不对" in unknown
    assert "_auth_user_id" not in client.session
    assert _verbs() == ["people.account.sign_in_failed"] * 2


def test_guessing_locks_the_account_for_five_minutes(client, account):
    with time_machine.travel(AT, tick=False) as traveller:
        for login in ("A007", "wang", "a007", "WANG", "A007"):
            _sign_in(client, login, "wrong")
        assert "登录失败次数过多" in _sign_in(client).content.decode()
        assert "_auth_user_id" not in client.session
        traveller.shift(dt.timedelta(minutes=5, seconds=1))
        assert _sign_in(client).status_code == 302


def test_success_forgets_earlier_failures(client, account):
    for _round in range(2):
        for _guess in range(4):
            _sign_in(client, "A007", "wrong")
        cache.clear()
        assert _sign_in(client).status_code == 302
        client.logout()


def test_who_left_is_out_at_once(client, account):
    _sign_in(client)
    employee = account.employee
    people.leave(employee, version=employee.version, on=AT.date(), actor=Actor.system("test"), at=AT)
    response = client.get(reverse("account_change_password"))
    assert response.status_code == 302 and "login" in response["Location"]
    client.logout()
    _sign_in(client)
    assert "_auth_user_id" not in client.session


def test_sign_out_is_recorded(client, account):
    _sign_in(client)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
    assert _verbs() == ["people.account.sign_in", "people.account.sign_out"]


def test_own_password_follows_the_policy(client, account):
    _sign_in(client)
    url = reverse("account_change_password")
    assert client.get(url).status_code == 200
    weak = client.post(url, {"oldpassword": PASSWORD, "password1": "123", "password2": "123"})
    assert weak.status_code == 200
    client.post(url, {"oldpassword": PASSWORD, "password1": "another-lamp-72", "password2": "another-lamp-72"})
    assert queries.find_account_by_login("wang").check_password("another-lamp-72")
    assert _verbs()[-1] == "people.account.password"
    assert client.get(url).status_code == 200  # this session goes on


def test_second_factor_is_asked_for(client, account, django_capture_on_commit_callbacks):
    _sign_in(client)
    url = reverse("mfa_activate_totp")
    assert "reauthenticate" in client.get(url)["Location"]
    assert "确认身份" in client.get(reverse("account_reauthenticate")).content.decode()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(url)
    secret = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"code": code}).status_code == 302
    assert "people.account.second_factor" in _verbs()
    assert client.get(reverse("mfa_index")).status_code == 200
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.post(reverse("account_logout"))

    assert _sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert "两步验证" in client.get(reverse("mfa_authenticate")).content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert _verbs()[-1] == "people.account.sign_in_failed"
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "account_reauthenticate", "account_logout"):
        assert client.get(reverse(name)).status_code == 200


def test_closed_account_does_not_come_in(client, account):
    people.close_account(account, actor=Actor.system("test"), at=AT)
    _sign_in(client)
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("account_inactive")).status_code == 200


def test_signed_in_person_is_read_in_one_statement(client, account, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.find_account(account.pk).employee.branch.name == "北方"


def test_wrong_codes_lock_the_account_too(account):
    people.record_sign_in(account, at=AT)
    for _guess in range(people.accounts.FAILURES_ALLOWED):
        people.record_failed_sign_in(login="wang", at=AT, reason="second factor")
    assert queries.find_account(account.pk).locked_until == AT + people.accounts.LOCK_TIME
    people.open_account(account, actor=Actor.system("test"), at=AT)
    assert queries.find_account(account.pk).locked_until is None
