"""Doors beside the moves: parts carried, fees typed, charges let off, words written, outlets chosen."""

import uuid

import pytest

from aftercare.domain.inventory import queries as stock
from aftercare.domain.journal import queries as journal
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.domain.work import queries
from aftercare.flows import charging, prepare_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.web.work.tests import cast

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company():
    return cast.found()


@pytest.fixture
def order(company):
    """A job of Wang's that needs two pieces."""
    order = company.move(company.register(), "dispatch", "dispatcher", engineer="A002")
    prepare_parts.add(order, lines=[{"part": "P-10032", "qty": 2}], actor=company.actor("dispatcher"), at=clock.now())
    return queries.get_order(order.number, SYSTEM)


@pytest.fixture
def done(company, order):
    """The same job, done and not paid."""
    for name in ("accept", "arrive"):
        order = company.move(order, name, "wang")
    return company.move(order, "complete", "wang", findings="换了电容", minutes=30)


def post(client, url, **data):
    return client.post(url, {"idempotency_key": uuid.uuid4().hex, **data})


def place_of(order):
    return queries.materials_of(order).get().place.kind_of


def test_the_keeper_issues_from_the_pick_list_and_the_engineer_brings_back(company, order):
    keeper, wang = company.client("keeper"), company.client("wang")
    assert order.number in keeper.get("/picking/").content.decode()
    assert order.number in keeper.get("/picking/print/").content.decode()
    answer = post(keeper, f"/orders/{order.number}/carry", way="issue", next="/picking/")
    assert (answer.status_code, answer["Location"], place_of(order)) == (303, "/picking/", "van")
    assert order.number not in keeper.get("/picking/").content.decode()
    assert post(wang, f"/orders/{order.number}/carry", way="return").status_code == 303
    assert place_of(order) == "depot" and not stock.reservations_of(Source.of(order))


def test_who_has_no_part_in_it_carries_nothing(company, order):
    assert post(company.client("caller"), f"/orders/{order.number}/carry", way="issue").status_code == 403
    assert post(company.client("zhao"), f"/orders/{order.number}/carry", way="issue").status_code == 404
    assert company.client("caller").get("/picking/").status_code == 403


def test_a_foreign_address_is_not_followed(company, order):
    answer = post(company.client("keeper"), f"/orders/{order.number}/carry", way="issue", next="https://example.org/")
    assert answer["Location"] == f"/orders/{order.number}/"


def test_a_typed_fee_stays_when_charges_are_worked_out_anew(company, done):
    url = f"/orders/{done.number}/fee"
    assert post(company.client("dispatcher"), url, name="远程费", amount="50").status_code == 303
    order = queries.get_order(done.number, SYSTEM)
    before = order.amount
    order = queries.get_order(done.number, SYSTEM)
    bill = charging.price(order, actor=company.actor("dispatcher"), at=clock.now())
    assert bill.due_amount == before
    assert "远程费" in company.client("dispatcher").get(f"/orders/{done.number}/").content.decode()
    post(company.client("dispatcher"), url, name="远程费", amount="0")
    assert queries.get_order(done.number, SYSTEM).amount == before - 50


def test_a_charge_is_let_off_with_a_reason_by_who_may(company, done):
    url, auditor = f"/orders/{done.number}/waive", company.client("auditor")
    line = f"m{queries.materials_of(done).get().pk}"
    before = queries.get_order(done.number, SYSTEM).amount
    # The engineer may only ask; another lets it off or not.
    assert post(company.client("wang"), url, line=line, amount="10", reason="熟客").status_code == 303
    assert queries.get_order(done.number, SYSTEM).amount == before
    assert "熟客" in auditor.get("/waivers/").content.decode()
    assert post(auditor, url, line=line, amount="10", reason="").status_code == 422
    assert post(auditor, url, line=line, amount="10", reason="熟客").status_code == 303
    assert queries.get_order(done.number, SYSTEM).amount == before - 10


def test_a_word_stands_on_the_timeline(company, order):
    clerk = company.client("clerk")
    assert post(clerk, f"/orders/{order.number}/note", text="客户催单，答应下午到").status_code == 303
    assert "答应下午到" in clerk.get(f"/orders/{order.number}/").content.decode()
    assert post(clerk, f"/orders/{order.number}/note", text=" ").status_code == 422
    assert post(clerk, f"/contacts/{order.contact_number}/note", text="已回电").status_code == 303
    assert "已回电" in clerk.get(f"/contacts/{order.contact_number}/").content.decode()


def test_looking_at_an_unknown_callers_number_is_written_down(company):
    from aftercare.domain.cases import actions as cases

    contact = cases.register_contact(
        channel="phone", kind="consultation", branch_id=company.branch.pk, phone="13811112222", text="问价",
        actor=company.actor("clerk"), at=company.at,
    )  # fmt: skip
    answer = company.client("clerk").post(f"/contacts/{contact.number}/unmask")
    assert answer.json() == {"text": "13811112222"}
    assert journal.timeline("cases.contact", contact.pk)[0].verb == "cases.contact.unmask"


def test_an_outlet_gets_an_order_sees_it_and_accepts(company):
    outlet = people.create_branch(number="N1", name="浦东网点", kind_of="outlet", parent=company.branch, **company.make)
    boss = people.create_employee(number="N001", name="outlet", branch=outlet, is_engineer=True, **company.make)
    role = next(role for role in staff.list_roles(SYSTEM) if role.code == "outlet")
    people.grant(boss, role=role, branch=outlet, **company.make)
    company.people["outlet"] = boss
    order = company.register()
    dispatcher, client = company.client("dispatcher"), company.client("outlet")
    assert "浦东网点" in dispatcher.get(f"/orders/{order.number}/").content.decode()
    assert client.get(f"/orders/{order.number}/").status_code == 404
    answer = post(dispatcher, f"/orders/{order.number}/moves/dispatch", engineer="A002", outlet="N1")
    assert answer.status_code == 303
    page = client.get(f"/orders/{order.number}/").content.decode()
    assert "moves/accept" in page
    assert post(client, f"/orders/{order.number}/moves/accept", staff="N001").status_code == 303
    found = queries.get_order(order.number, SYSTEM)
    assert (found.status, found.outlet_id, found.engineer_id) == ("accepted", outlet.pk, boss.pk)


def test_a_dispatch_to_nobody_is_refused(company):
    order = company.register()
    answer = post(company.client("dispatcher"), f"/orders/{order.number}/moves/dispatch")
    assert answer.status_code == 422 and "请选择工程师或网点" in answer.content.decode()


def test_what_the_product_does_itself_is_told_as_the_systems(company, order):
    from aftercare.domain.work import actions

    actions.note(order, text="自动", actor=Actor.system("reactions"), at=clock.now())
    page = company.client("clerk").get(f"/orders/{order.number}/").content.decode()
    assert "<b>系统</b>" in page and "reactions" not in page
