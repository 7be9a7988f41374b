"""Contacts on pages: each gets an outcome, and the outcome is shown."""

import uuid

import pytest

from aftercare.domain.cases import queries
from aftercare.flows import register_request
from aftercare.foundation.access import Actor
from aftercare.web.work.tests import cast

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company():
    return cast.found()


@pytest.fixture
def contact(company):
    return register_request.register(
        branch_id=company.branch.pk, kind="complaint", phone="13800001111", customer_name="林晓燕", detail="师傅迟到两小时",
        actor=company.actor("clerk"), at=company.at,
    ).contact  # fmt: skip


def post(client, url, **data):
    return client.post(url, {"idempotency_key": uuid.uuid4().hex, **data})


def test_a_complaint_is_taken_up_and_answered(company, contact):
    client, url = company.client("clerk"), f"/contacts/{contact.number}/"
    assert post(client, f"{url}moves/take_up").status_code == 303
    refused = post(client, f"{url}moves/solve", outcome="answered", answer="")
    assert refused.status_code == 422
    assert post(client, f"{url}moves/solve", outcome="answered", answer="已道歉并减免上门费").status_code == 303
    page = client.get(url).content.decode()
    assert "已道歉并减免上门费" in page and "已答复" in page and "已办结" in page


def test_a_contact_is_handed_on_and_reopened(company, contact):
    client, url = company.client("clerk"), f"/contacts/{contact.number}/"
    assert post(client, f"{url}moves/hand_on", handler="A001", reason="请主任处理").status_code == 303
    assert queries.get_contact(contact.number, SYSTEM).handler.name == "dispatcher"
    post(client, f"{url}moves/solve", outcome="withdrawn")
    assert post(client, f"{url}moves/reopen", reason="又来电").status_code == 303
    assert queries.get_contact(contact.number, SYSTEM).status == "open"


def test_it_leads_to_the_desk_and_shows_what_it_became(company, contact):
    client = company.client("clerk")
    assert f"/desk/?contact={contact.number}" in client.get(f"/contacts/{contact.number}/").content.decode()
    order = company.register(phone="13800002222")
    page = client.get(f"/contacts/{order.contact_number}/").content.decode()
    assert f"/orders/{order.number}/" in page and "/desk/?contact=" not in page


def test_who_may_only_look_gets_no_buttons(company, contact):
    page = company.client("auditor").get(f"/contacts/{contact.number}/").content.decode()
    assert "moves/solve" not in page
    assert post(company.client("auditor"), f"/contacts/{contact.number}/moves/void", reason="x").status_code == 403


def test_the_list_finds_by_words_and_kind(company, contact):
    client = company.client("clerk")
    assert contact.number in client.get("/contacts/?q=迟到").content.decode()
    assert contact.number in client.get("/contacts/?kind=complaint&created=today").content.decode()
    assert contact.number not in client.get("/contacts/?kind=praise").content.decode()
