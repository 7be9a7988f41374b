"""The board: placing, refusing, taking back, and the quiet poll."""

import datetime as dt
import uuid

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.work import queries
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.work.tests import cast

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def company():
    return cast.found()


@pytest.fixture
def tomorrow():
    return clock.local_day(clock.now(), "Asia/Shanghai") + dt.timedelta(days=1)


def place(client, order, lane, start, day):
    data = {"job": order.pk, "lane": lane, "start": start, "day": day.isoformat() if day else "",
            "idempotency_key": uuid.uuid4().hex}  # fmt: skip
    return client.post("/board/assign", data, headers=FETCH)


def test_a_job_is_placed_and_taken_back_by_undo(company, tomorrow):
    order, client = company.register(), company.client("dispatcher")
    answer = place(client, order, company.people["wang"].pk, 9 * 60, tomorrow).json()
    order = queries.get_order(order.number, SYSTEM)
    assert (order.status, order.engineer.name) == ("dispatched", "wang")
    assert order.planned_at.astimezone(clock.zone("Asia/Shanghai")).hour == 9
    assert client.post(answer["undo"], headers=FETCH).status_code == 200
    assert queries.get_order(order.number, SYSTEM).status == "pending"


def test_moving_within_a_lane_keeps_the_engineers_word(company, tomorrow):
    order, client = company.register(), company.client("dispatcher")
    place(client, order, company.people["wang"].pk, 540, tomorrow)
    company.move(queries.get_order(order.number, SYSTEM), "accept", "wang")
    answer = place(client, order, company.people["wang"].pk, 600, tomorrow)
    moved = queries.get_order(order.number, SYSTEM)
    assert moved.status == "scheduled"
    client.post(answer.json()["undo"], headers=FETCH)
    back = queries.get_order(order.number, SYSTEM)
    assert (back.status, moved.planned_at - back.planned_at) == ("scheduled", dt.timedelta(hours=1))


def test_an_overlap_is_refused_with_its_reason(company, tomorrow):
    one, two = company.register(), company.register(phone="13800002222")
    client = company.client("dispatcher")
    assert place(client, one, company.people["wang"].pk, 540, tomorrow).status_code == 200
    answer = place(client, two, company.people["wang"].pk, 570, tomorrow)
    assert answer.status_code == 409 and one.number in answer.json()["detail"]
    assert queries.get_order(two.number, SYSTEM).status == "pending"


def test_an_hour_that_is_over_is_refused_and_an_undo_puts_it_back_all_the_same(company, tomorrow, monkeypatch):
    order, client = company.register(), company.client("dispatcher")
    wang = company.people["wang"]
    yesterday = tomorrow - dt.timedelta(days=2)
    answer = place(client, order, wang.pk, 540, yesterday)
    assert answer.status_code == 422 and answer.json()["code"] == "planned_in_past"
    assert queries.get_order(order.number, SYSTEM).status == "pending"
    # Planned in time, moved when its hour was over, and moved by mistake.
    company.move(order, "dispatch", "dispatcher", engineer=wang.pk, planned_at=clock.now() + dt.timedelta(minutes=1))
    before = queries.get_order(order.number, SYSTEM).planned_at
    later = clock.now() + dt.timedelta(hours=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    moved = place(client, queries.get_order(order.number, SYSTEM), wang.pk, 600, tomorrow + dt.timedelta(days=1))
    assert moved.status_code == 200, moved.content
    assert client.post(moved.json()["undo"], headers=FETCH).status_code == 200
    assert queries.get_order(order.number, SYSTEM).planned_at == before
    assert client.post(f"/board/undo?before={order.pk}", headers=FETCH).json()["code"] == "undo_over"


def test_a_missing_certificate_is_refused(company, tomorrow):
    category, _made = catalog.ensure_category("燃气", **company.make)
    catalog.edit_category(category, version=category.version, needs_certificate=True, **company.make)
    order = company.register(product="燃气灶", category="燃气")
    answer = place(company.client("dispatcher"), order, company.people["wang"].pk, 540, tomorrow)
    assert answer.status_code == 422 and "证书" in answer.json()["detail"]


def test_only_dispatchers_place_jobs(company, tomorrow):
    order = company.register()
    assert place(company.client("clerk"), order, company.people["wang"].pk, 540, tomorrow).status_code == 403


def test_a_poll_that_knows_everything_is_answered_with_nothing(company, tomorrow):
    company.register()
    client = company.client("dispatcher")
    version = client.get("/board/").context["version"]
    assert client.get(f"/board/?version={version}", headers={"HX-Request": "true"}).status_code == 204
    assert client.get("/board/", headers={"If-None-Match": version}).status_code == 304
    company.register(phone="13800002222")
    assert client.get(f"/board/?version={version}", headers={"HX-Request": "true"}).status_code == 200


def test_suggestions_come_with_reasons(company):
    order = company.register()
    answer = company.client("dispatcher").get(f"/board/suggest/{order.pk}").content.decode()
    assert "wang" in answer and "当日已有" in answer


def test_days_are_paged(company):
    answer = company.client("dispatcher").get("/board/?day=2026-03-02")
    assert answer.status_code == 200 and "day=2026-03-03" in answer.content.decode()
