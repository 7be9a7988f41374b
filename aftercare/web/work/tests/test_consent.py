"""Work that begins without the customer's consent: said on the pages before, and refused or noted as the branch wants it."""

import datetime as dt
import uuid

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.domain.quotes import queries as quotes
from aftercare.domain.work import queries
from aftercare.foundation.access import Actor
from aftercare.web.work.tests import cast

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company():
    company = cast.found()
    catalog.set_labour_price(amount=80, fee="labour", valid_from=dt.date(2020, 1, 1), **company.make)
    return company


def post(client, url, **data):
    return client.post(url, {"idempotency_key": uuid.uuid4().hex, **data})


def test_the_rules_of_quotes_say_what_happens_and_the_engineer_is_held_until_the_customer_agreed(company):
    role = next(role for role in staff.list_roles(SYSTEM) if role.code == "administrator")
    people.grant(company.people["clerk"], role=role, branch=company.branch, **company.make)
    boss = company.client("clerk")
    typed = {"branch": "", "free_limit_amount": "", "valid_days": "15", "inspection_amount": "", "tax_note": ""}
    assert post(boss, "/quotes/rules/new/", **typed, at_start="no").status_code == 422
    assert post(boss, "/quotes/rules/new/", **typed, at_start="refuse").status_code == 303
    assert "拒绝" in boss.get("/quotes/rules/").content.decode()

    order = company.register()
    company.move(order, "dispatch", "dispatcher", engineer="A002")
    company.move(order, "accept", "wang")
    wang, page = company.client("wang"), f"/field/job/{order.number}/"
    before = wang.get(page).content.decode()
    assert "须先报价并取得客户同意" in before and f"/orders/{order.number}/quote/" in before
    assert post(wang, f"{page}arrive").status_code == 422
    assert queries.get_order(order.number, SYSTEM).status == "accepted"
    assert post(wang, f"/orders/{order.number}/quote/", valid_days="15", lump_amount="", inspection_amount="", tax_note="", note="").status_code == 303
    quote = quotes.list_quotes(SYSTEM).get()
    assert post(boss, f"/quotes/{quote.number}/moves/accept", channel="counter", name="林晓燕", evidence="本人在柜台").status_code == 303
    assert post(wang, f"{page}arrive").status_code == 303
    assert queries.get_order(order.number, SYSTEM).status == "working"
