"""Reports as pages: who may read and sign, once; as a sheet and as a workbook."""

import pytest

from aftercare.foundation import clock
from aftercare.reports import signatures
from aftercare.web.field.tests.staff import at_work, form, sign_in

PAGES = ("engineer-day/", "director-day/", "service-level/", "engineer-day/print/", "director-day/print/")
BOOKS = ("engineer-day", "director-day", "service-level")


@pytest.fixture
def dispatcher(company):
    return sign_in(company.dispatcher)


@pytest.fixture
def today(company):
    return clock.local_day(clock.now(), "Asia/Shanghai")


@pytest.mark.parametrize("path", ["", *PAGES])
def test_a_dispatcher_reads_all_of_them(company, dispatcher, path):
    at_work(company)
    assert dispatcher.get(f"/reports/{path}").status_code == 200


@pytest.mark.parametrize("name", BOOKS)
def test_each_is_given_as_a_workbook(company, dispatcher, name):
    at_work(company)
    assert b"".join(dispatcher.get(f"/reports/{name}/export.xlsx").streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("path", ["director-day/", "service-level/"])
def test_an_engineer_reads_only_his_own_day(company, path):
    wang = sign_in(company.wang)
    assert wang.get(f"/reports/{path}").status_code == 403
    assert wang.get("/reports/engineer-day/").status_code == 200
    assert wang.get(f"/reports/engineer-day/?employee={company.zhao.pk}").status_code in (403, 404)


def test_an_engineer_hands_in_his_day_once_and_the_director_signs_too(company, dispatcher, today):
    at_work(company)
    given = form(employee=company.wang.pk, day=today, kilometres="32.5", remark="雨天")
    wang = sign_in(company.wang)
    assert [wang.post("/reports/engineer-day/sign", given).status_code for _ in range(2)] == [303, 303]
    assert dispatcher.post("/reports/engineer-day/sign", form(employee=company.wang.pk, day=today)).status_code == 303
    first, second = signatures.list_signatures("engineer_day", company.wang.pk, today)
    assert (first.name, first.figures["kilometres"], first.remark, second.name) == ("王工", "32.5", "雨天", "主任")
    assert "雨天" in wang.get(f"/reports/engineer-day/?day={today}").content.decode()


@pytest.mark.parametrize("kilometres", ["-1", "十", "99999"])
def test_senseless_kilometres_are_refused(company, today, kilometres):
    answer = sign_in(company.wang).post("/reports/engineer-day/sign", form(day=today, kilometres=kilometres))
    assert answer.status_code == 422
    assert not signatures.list_signatures("engineer_day", company.wang.pk, today)


def test_the_directors_day_is_signed_by_who_may(company, dispatcher, today):
    url, given = "/reports/director-day/sign", form(branch=company.branch.pk, day=today, remark="看过")
    assert sign_in(company.clerk).post(url, given).status_code == 403
    assert [dispatcher.post(url, given).status_code for _ in range(2)] == [303, 303]
    (signed,) = signatures.list_signatures("director_day", company.branch.pk, today)
    assert signed.remark == "看过"


@pytest.mark.parametrize("query", ["?since=nonsense&until=&group=moon", "?group=branch", "?group=category&since=2020-01-01"])
def test_odd_questions_get_an_answer(dispatcher, query):
    assert dispatcher.get(f"/reports/service-level/{query}").status_code == 200
