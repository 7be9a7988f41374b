"""Pages for customers: one object by one link, no sign-in, nothing of others."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.test import Client

from aftercare.domain.assets.models import Asset
from aftercare.domain.cases.models import Contact
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.quotes import queries as quoted
from aftercare.flows import prepare_parts, quoting
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.portal import entrance, units


@pytest.fixture
def quote(company):
    """A quote of ¥188 for a boiler on the bench, told to its owner."""
    catalog.set_labour_price(amount=D(120), valid_from=dt.date(2025, 1, 1), **company.make)
    order = company.register(mode="bench", serial="SN-778899")
    order = company.move(order, "dispatch", "dispatcher", engineer=company.people["wang"].number)
    order = company.move(company.move(order, "accept", "wang"), "start", "wang")
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 1}], actor=company.actor("wang"), at=clock.now())
    return quoting.propose(order, inspection_amount=D(30), actor=company.actor("wang"), at=clock.now())


def ask(path, **typed):
    """A customer's browser, strict about forged posts and with no cookie of ours."""
    client = Client(enforce_csrf_checks=True)
    return client.post(path, typed, headers={"Origin": "null"}) if typed else client.get(path)


def test_the_page_shows_the_quote_and_nothing_else(quote, company):
    page = ask(quoted.link_of(quote))
    body = page.content.decode()
    assert page.status_code == 200 and "188.00" in body and "SN-778899" in body and "30.00" in body
    assert "林晓燕" not in body and "张杨路" not in body and "13800001111" not in body
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "no-store")
    assert "noindex" in page["X-Robots-Tag"]
    assert quoted.get_quote(quote.pk, Actor.system("t")).seen_at is not None
    assert quoted.get_quote(quote.pk, Actor.system("t")).status == "sent", "a look answers nothing"
    assert "Quote" in ask(quoted.link_of(quote) + "?lang=en").content.decode()


def test_a_customer_agrees_once(quote, company):
    link = quoted.link_of(quote)
    nameless = ask(link, answer="agree", name=" ")
    assert nameless.status_code == 422
    assert ask(link, answer="agree", name="林晓燕").status_code == 303
    kept = quoted.consent_of(quote)
    assert (kept.agreed, kept.channel, kept.name, kept.evidence["address"]) == (True, "portal", "林晓燕", "127.0.0.1")
    assert ask(link, answer="refuse", name="别人").status_code == 409
    assert "您已同意" in ask(link).content.decode()
    page = company.client("clerk").get(f"/orders/{quote.source_number}/").content.decode()
    assert "客户链接 · 林晓燕" in page and "服务中" in page


def test_a_customer_refuses_and_the_thing_waits_for_him(quote, company):
    assert ask(quoted.link_of(quote), answer="refuse", name="林晓燕", reason="太贵").status_code == 303
    order = quoting.order_of(quote)
    assert (order.status, order.result, order.amount) == ("repaired", "unrepaired", D(30))


def test_old_and_wrong_links_say_so(quote, company):
    link = quoted.link_of(quote)
    quoting.withdraw(quote, reason="写错", actor=company.actor("wang"), at=clock.now())
    for method in (lambda: ask(link), lambda: ask(link, answer="agree", name="x")):
        answer = method()
        assert answer.status_code == 410 and "188.00" not in answer.content.decode()
    assert ask("/portal/quotes/" + "x" * 22).status_code == 404


def test_a_link_ends_with_its_last_day(quote, company, monkeypatch):
    link, late = quoted.link_of(quote), quote.valid_until
    monkeypatch.setattr(clock, "now", lambda: late)
    assert ask(link).status_code == ask(link, answer="agree", name="x").status_code == 410


def test_who_guesses_is_made_to_wait(quote, monkeypatch):
    monkeypatch.setattr(entrance, "MOST_MISSES", 2)
    told = [ask(f"/portal/quotes/guess{n}").status_code for n in range(3)]
    assert told == [404, 404, 429] and ask(quoted.link_of(quote)).status_code == 200


def test_a_label_opens_the_request_page_that_tells_nothing_of_the_owner(company):
    company.register(serial="SN-778899")
    unit = Asset.objects.get(serial="SN-778899")
    path = f"/u/{unit.token}/"
    body = ask(path).content.decode()
    assert "壁挂炉" in body and "SN-778899" in body and "林晓燕" not in body and "13800001111" not in body
    assert ask(path, phone="abc", text="漏水").status_code == 422
    assert ask(path, phone="13911112222", text="漏水", website="http://spam").status_code == 303
    assert not Contact.objects.filter(channel="portal").exists()
    done = ask(path, phone="139 1111 2222", text="漏水", name="张")
    stranger = Contact.objects.get(channel="portal")
    assert done.status_code == 303 and stranger.number in ask(done["Location"]).content.decode()
    assert (stranger.asset, stranger.customer, stranger.status, stranger.phone) == (unit, None, "new", "13911112222")
    ask(path, phone="13800001111", text="还漏")
    assert Contact.objects.filter(channel="portal").latest("id").customer == unit.customer
    # A clerk finds it among what waits.
    assert stranger.number in company.client("clerk").get("/contacts/?tab=new").content.decode()


def test_requests_are_limited_by_telephone(company, monkeypatch):
    monkeypatch.setattr(units, "_PER_PHONE", 1)
    company.register(serial="SN-778899")
    path = f"/u/{Asset.objects.get(serial='SN-778899').token}/"
    assert [ask(path, phone="13911112222", text="漏水").status_code for _ in range(2)] == [303, 429]
    assert Contact.objects.filter(channel="portal").count() == 1


def test_a_label_leads_staff_to_their_own_page(company):
    company.register(serial="SN-778899")
    unit = Asset.objects.get(serial="SN-778899")
    assert company.client("wang").get(f"/u/{unit.token}/")["Location"].startswith("/field/scan/")
    assert company.client("clerk").get(f"/u/{unit.token}/")["Location"] == f"/assets/{unit.number}/"
    assert ask("/u/unknown-token/").status_code == 404
