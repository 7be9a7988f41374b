"""Calls after the service: queue, answer once, a bad level becomes a complaint."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.cases.models import Contact
from aftercare.domain.feedback import actions as feedback
from aftercare.domain.feedback.models import Callback
from aftercare.domain.people.models import Employee
from aftercare.foundation.sources import Source
from aftercare.web.field.tests.staff import form, hire, hours, register, sign_in

GOOD = {"attitude": "4", "skill": "3", "punctuality": "4", "promise": "4"}


@pytest.fixture
def caller(company):
    employee = Employee.objects.create(number="E9", name="回访", branch=company.branch)
    hire(employee, "caller")
    return sign_in(employee)


@pytest.fixture
def callback(company):
    order = register(company).order
    return feedback.schedule_callback(
        Source.of(order), customer_id=company.customer.pk, branch_id=company.branch.pk, engineer_id=company.wang.pk,
        subject="不制冷", due_at=hours(0.5), actor=company.boss, at=hours(0),
    )


def url(callback) -> str:
    return f"/callbacks/{callback.number}/"


def test_the_queue_shows_what_is_due_in_few_statements(caller, callback):
    caller.get("/callbacks/")
    with CaptureQueriesContext(connection) as seen:
        page = caller.get("/callbacks/?tab=due").content.decode()
    assert callback.number in page and len(seen) <= 14, [q["sql"][:90] for q in seen]


@pytest.mark.parametrize("text", ["13800001111", "张三丰", "CB", "WO"])
def test_a_call_is_found(caller, callback, text):
    text = {"CB": callback.number, "WO": callback.source_number}.get(text, text)
    assert callback.number in caller.get("/callbacks/", {"q": text}).content.decode()
    assert callback.number not in caller.get("/callbacks/", {"q": "13999999999"}).content.decode()


def test_the_page_links_the_telephone_and_asks_four_questions(caller, callback):
    with CaptureQueriesContext(connection) as seen:
        page = caller.get(url(callback)).content.decode()
    assert "tel:" in page and page.count('role="radiogroup"') == 4
    assert len(seen) <= 22, [q["sql"][:90] for q in seen]


def test_an_answer_counts_once(caller, callback):
    given = form(comment="很好", version=callback.version, **GOOD)
    assert [caller.post(url(callback), given).status_code for _ in range(2)] == [303, 303]
    row = Callback.objects.get(pk=callback.pk)
    assert (row.status, row.skill, row.comment, row.tries) == ("answered", 3, "很好", 1)
    assert not Contact.objects.filter(kind_of="complaint").exists()


def test_a_missing_level_keeps_the_rest(caller, callback):
    answer = caller.post(url(callback), form(comment="他说挺好", attitude="4", skill="3", punctuality="2"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "他说挺好" in page and "请选择四个等级之一" in page
    assert page.count("checked") == 3
    assert Callback.objects.get(pk=callback.pk).status == "open"


def test_dissatisfaction_opens_a_complaint(caller, callback):
    assert caller.post(url(callback), form(comment="态度差", **GOOD | {"attitude": "1"})).status_code == 303
    (complaint,) = Contact.objects.filter(kind_of="complaint")
    assert complaint.number in caller.get(url(callback)).content.decode()


def test_nobody_answers(caller, callback):
    assert caller.post(f"{url(callback)}moves/miss", form()).status_code == 303
    assert Callback.objects.get(pk=callback.pk).tries == 1
    assert caller.post(f"{url(callback)}moves/give_up", form()).status_code == 303
    assert Callback.objects.get(pk=callback.pk).status == "unreached"


def test_who_did_the_work_does_not_ask_about_it(company, callback):
    wang = sign_in(company.wang)
    assert 'role="radiogroup"' not in wang.get(url(callback)).content.decode()
    assert wang.post(url(callback), form(**GOOD)).status_code in (403, 409)
    assert Callback.objects.get(pk=callback.pk).status == "open"
