"""A customer asks for what the law gives him: rules loaded, repairs counted, asked, answered; on pages and over the API."""

import datetime as dt
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from aftercare.api.tests.caller import Caller
from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions, queries
from aftercare.domain.entitlement.models import RightRule
from aftercare.domain.people import actions as people
from aftercare.domain.work import actions as work
from aftercare.flows import ask_rights, claim_rights
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from tests.world import FOUNDED, MONDAY, SYSTEM

DAY, ZONE = dt.date, "Asia/Shanghai"
BY_SYSTEM = {"actor": SYSTEM, "at": FOUNDED}


@pytest.fixture
def shop(world):
    """The world with the sets loaded, and a unit bought on Sunday 1 March 2026."""
    claim_rights.load_sets(**BY_SYSTEM)
    world.rows.unit = assets.register_asset(
        product=world.product, serial="QF-3", customer=world.customer, branch_id=world.head.pk, sold_on=DAY(2026, 3, 1),
        invoiced_on=DAY(2026, 3, 1), delivered_on=DAY(2026, 3, 1), invoice_number="F-26", actor=SYSTEM, at=MONDAY)
    return world


def by(shop, name, at=MONDAY):
    return {"actor": shop.actor(name), "at": at}


def repair(shop, fault, begins, days, service_class="C"):
    """A repair of the unit, from that day on, done after some days."""
    at = dt.datetime.combine(begins, dt.time(2), dt.UTC)
    order = work.open_order(
        work_type=shop.work_type, branch_id=shop.head.pk, customer=shop.customer, asset=shop.unit, product=shop.product, fault=fault,
        entitlement={"service_class": service_class}, actor=SYSTEM, at=at)
    done = at + dt.timedelta(days=days)
    return work.backfill(order, findings="换件", result="fixed", finished_at=done, actor=SYSTEM, at=done)


def statuses(answer):
    return {right.remedy: right.status for right in answer.rights}


@pytest.mark.django_db
def test_the_sets_are_loaded_once_and_only_for_categories_there_are(world):
    made, left = claim_rights.load_sets(**by(world, "manager"))
    assert {row.category.name for row in made if row.category_id} == {"空调"} and "洗衣机" in left
    assert {row.law for row in made} == {"部分商品修理更换退货责任规定", "消费者权益保护法"}
    assert not any(row.checked_at for row in made) and claim_rights.load_sets(**by(world, "manager"))[0] == []
    catalog.ensure_category("洗衣机", **BY_SYSTEM)
    assert {row.category.name for row in claim_rights.load_sets(**by(world, "manager"))[0]} == {"洗衣机"}
    with pytest.raises(NotAllowed):
        claim_rights.load_sets(**by(world, "dispatcher"))


@pytest.mark.django_db
def test_a_rule_is_written_checked_changed_and_checked_again(world):
    given = {"name": "七日", "law": "店规", "kind": "early", "remedies": ["refund"], "days": 7, "valid_from": DAY(2020, 1, 1)}
    boss = by(world, "manager")
    for wrong, code in (({"days": 0}, "no_length"), ({"remedies": []}, "no_remedy"), ({"law": " "}, "law_missing"),
                        ({"kind": "slow_parts"}, "no_limit"), ({"valid_to": DAY(2019, 1, 1)}, "bad_span")):
        with pytest.raises(RuleBroken) as refused:
            actions.create_right_rule(**given | wrong, **boss)
        assert refused.value.code == code
    rule = actions.create_right_rule(**given, **boss)
    with pytest.raises(RuleBroken, match="条款号"):
        actions.check_rule(rule, **boss)
    rule = actions.check_rule(actions.edit_right_rule(rule, article="第一条", **boss), **boss)
    assert (rule.status, rule.checked_by, rule.checked_at) == ("checked", "陈经理", MONDAY)
    rule = actions.edit_right_rule(rule, days=10, **boss)
    assert (rule.status, rule.checked_at, rule.days) == ("draft", None, 10)
    with pytest.raises(Stale):
        actions.edit_right_rule(rule, version=1, days=11, **boss)
    with pytest.raises(NotAllowed):
        actions.create_right_rule(**given, **by(world, "clerk"))
    with pytest.raises(NotFound):
        queries.get_right_rule(987654, world.actor("manager"))


@pytest.mark.django_db
@pytest.mark.both
def test_repairs_are_counted_by_fault_and_cover(shop, django_assert_num_queries):
    cold = catalog.ensure_code("fault", "不制冷", **BY_SYSTEM)[0]
    loud = catalog.ensure_code("fault", "噪音大", **BY_SYSTEM)[0]
    repair(shop, cold, DAY(2026, 3, 20), 3)
    repair(shop, cold, DAY(2026, 4, 20), 3, service_class="A")
    now = work.open_order(work_type=shop.work_type, branch_id=shop.head.pk, customer=shop.customer, asset=shop.unit, product=shop.product,
                          fault=cold, actor=SYSTEM, at=dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC))
    shown = {"proofs": frozenset({"card"}), "zone": ZONE}
    assert statuses(ask_rights.for_order(now, on=DAY(2026, 6, 1), **shown))["exchange"] == "no"
    second = repair(shop, cold, DAY(2026, 5, 20), 2)
    answer = ask_rights.for_order(now, on=DAY(2026, 6, 1), **shown)
    assert statuses(answer) == {"refund": "no", "exchange": "yes", "refund_less": "yes", "repair": "yes"}
    # Four days of the first repair, three of the third; the paid one stops nothing.
    assert answer.right("exchange").until == DAY(2027, 3, 8) and second.number in queries.right_sentence(answer.right("exchange"))
    assert ask_rights.for_unit(shop.unit, on=DAY(2026, 6, 1), fault_id=loud.pk, **shown).right("exchange").status == "no"
    # Thirty days later the order still runs: a repair that takes too long, whatever its fault was before.
    assert "in_repair" in {row["code"] for row in ask_rights.for_unit(
        shop.unit, on=DAY(2026, 7, 2), current=now.pk, **shown).right("exchange").reasons}
    many = [shop.unit, shop.old_unit, shop.new_unit]
    with django_assert_num_queries(3):
        loaded = units.load_for_decision([unit.pk for unit in many])
        assert len(ask_rights.for_units(loaded, on=DAY(2026, 6, 1), zone=ZONE)) == 3


@pytest.mark.django_db
def test_a_claim_is_judged_by_the_day_it_was_made_and_answered_once(shop):
    clerk, boss = by(shop, "clerk"), by(shop, "dispatcher")
    late = dt.datetime(2026, 3, 20, 2, tzinfo=dt.UTC)
    claim = claim_rights.claim(shop.unit, remedy="refund", told="不制冷", **clerk)
    assert (claim.status, claim.claimed_on, queries.right_claims_of_asset(shop.unit.pk, shop.actor("clerk"))) == ("claimed", DAY(2026, 3, 2), [claim])
    with pytest.raises(WrongState):
        claim_rights.claim(shop.unit, remedy="refund", **clerk)
    with pytest.raises(RuleBroken) as refused:
        claim_rights.grant(claim, reply="同意退货", **boss)
    assert refused.value.code == "papers_missing"
    claim = claim_rights.add_evidence(claim, proofs=["card"], **clerk)
    with pytest.raises(NotAllowed):
        claim_rights.grant(claim, reply="同意退货", **clerk)
    # Eighteen days after the sale it is still the right of the second day.
    claim = claim_rights.grant(claim, reply="同意退货", actor=shop.actor("dispatcher"), at=late)
    assert (claim.status, claim.decided_by, claim.is_against_rule) == ("granted", "周主任", False)
    claim = actions.finish_right(claim, note="已退款 2999 元", actor=shop.actor("dispatcher"), at=late)
    assert claim.status == "done" and claim.done_at == late
    later = claim_rights.claim(shop.unit, remedy="refund", actor=shop.actor("clerk"), at=late)
    with pytest.raises(RuleBroken) as refused:
        claim_rights.grant(later, reply="同意", actor=shop.actor("dispatcher"), at=late)
    assert refused.value.code == "no_right"
    refused_one = claim_rights.refuse(later, reason="已过 7 日", actor=shop.actor("dispatcher"), at=late)
    assert (refused_one.status, refused_one.is_against_rule) == ("refused", False)


@pytest.mark.django_db
def test_refusing_what_the_rule_gives_takes_the_right_to_override(shop):
    claim = claim_rights.claim(shop.unit, remedy="exchange", proofs=["card"], **by(shop, "clerk"))
    people.grant(shop.people["clerk"], role=people.create_role(code="answers", name="答复", permissions=["entitlement.decide_right"], **BY_SYSTEM),
                 branch=shop.head, **BY_SYSTEM)
    with pytest.raises(NotAllowed):
        claim_rights.refuse(claim, reason="不想换", **by(shop, "clerk"))
    with pytest.raises(RuleBroken):
        claim_rights.refuse(claim, reason=" ", **by(shop, "manager"))
    claim = claim_rights.refuse(claim, reason="门店自行协商解决", **by(shop, "manager"))
    assert (claim.status, claim.is_against_rule) == ("refused", True)
    other = claim_rights.claim(shop.unit, remedy="repair", **by(shop, "clerk"))
    assert actions.withdraw_right(other, reason="客户不要了", **by(shop, "clerk")).status == "withdrawn"
    with pytest.raises(RuleBroken, match="晚于今天"):
        claim_rights.claim(shop.unit, remedy="repair", claimed_on=DAY(2026, 3, 3), **by(shop, "clerk"))
    with pytest.raises(NotFound):
        queries.get_right_claim(claim.number, shop.actor("stranger"))


@pytest.mark.django_db
def test_the_day_ends_at_midnight_of_the_branch(shop):
    # The eighth of March in Shanghai ends at 16:00 UTC.
    for hour, minute, status in ((15, 59, "proof"), (16, 0, "no")):
        at = dt.datetime(2026, 3, 8, hour, minute, tzinfo=dt.UTC)
        claim = claim_rights.claim(shop.unit, remedy="refund", actor=shop.actor("clerk"), at=at)
        assert queries.list_right_claims(shop.actor("clerk")).get(pk=claim.pk).ruling["rights"][0]["status"] == status
        actions.withdraw_right(claim, reason="试", actor=shop.actor("clerk"), at=at)


@pytest.mark.django_db
def test_the_sentences_in_three_languages(shop):
    answer = ask_rights.for_unit(shop.unit, on=DAY(2026, 3, 5), zone=ZONE, proofs=frozenset({"card"}))
    said = {}
    for code in ("zh-hans", "zh-hant", "en"):
        with translation.override(code):
            said[code] = queries.right_sentence(answer.right("refund"))
    assert said["zh-hans"] == ("可以要求退货：自开票日 2026-03-01 起 7 天，至 2026-03-08（含当日）；依据《部分商品修理更换退货责任规定》第九条。"
                               "2026-03-08 之后不再适用。")
    assert said["zh-hant"].startswith("可以要求退貨：自開票日 2026-03-01") and "Refund may be asked for: 7 days from 2026-03-01" in said["en"]


def sign_in(shop, name):
    employee = shop.people[name]
    people.create_account(employee, password="harbour-lamp-71", **BY_SYSTEM)
    browser = Client()
    browser.force_login(employee.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def key():
    return {"idempotency_key": str(uuid.uuid4())}


@pytest.mark.django_db
def test_on_pages_from_loading_to_the_answer(world):
    boss = sign_in(world, "manager")
    assert "部分商品修理更换退货责任规定" in boss.get("/rights/load/").content.decode()
    assert boss.post("/rights/load/", key()).status_code == 303
    rule = RightRule.objects.get(key__contains=":early7:", category__isnull=False)
    tried = boss.get(f"/rights/{rule.pk}/", {"start": "2026-03-01", "on": "2026-03-08", "proofs": ["invoice", "card"]}).content.decode()
    assert "使用前请核对" in tried and "可以要求退货：自开票日 2026-03-01 起 7 天" in tried
    assert boss.post(f"/rights/{rule.pk}/moves/check_rule", key()).status_code == 303
    assert "陈经理" in boss.get("/rights/?tab=checked").content.decode()
    shown = boss.get(f"/rights/{rule.pk}/edit/").content.decode()
    assert 'value="第九条"' in shown
    wrong = {"name": "新", "law": "店规", "kind_of": "early", "starts": "sale", "months": 0, "days": 0, "repairs": 0, "limit_days": 0,
             "valid_from": "2026-01-01", "remedies": ["refund"], **key()}
    refused = boss.post("/rights/new/", wrong)
    assert refused.status_code == 422 and "请填写月数或天数" in refused.content.decode() and "店规" in refused.content.decode()
    assert boss.post("/rights/new/", wrong | {"days": 3, **key()}).status_code == 303

    clerk = sign_in(world, "clerk")
    number = world.new_unit.number
    assert "三包权利" in clerk.get(f"/assets/{number}/").content.decode()
    assert clerk.get(f"/desk/?customer={world.customer.number}").status_code == 200
    form = {"remedy": "repair", "claimed_on": "2026-03-01", "proofs": ["card"], "told": "不制冷", **key()}
    answer = clerk.post(f"/right-claims/new/?asset={number}", form)
    assert answer.status_code == 303, answer.content.decode()
    page = boss.get(answer.url).content.decode()
    assert "可以要求免费修理" in page and "不制冷" in page
    assert boss.post(f"{answer.url}moves/grant_right", {"reply": "免费修", **key()}).status_code == 303
    assert "免费修" in boss.get(answer.url).content.decode() and number in boss.get("/right-claims/?tab=granted").content.decode()
    assert "要求免费修理" not in clerk.get("/right-claims/?tab=claimed").content.decode()
    assert boss.get("/right-claims/export.xlsx").status_code == 200


@pytest.mark.django_db
def test_over_the_api_and_at_the_label(shop):
    api = Caller(people.make_token(shop.people["manager"], name="t", scopes=["*"], actor=SYSTEM, at=MONDAY)[1])
    number = shop.unit.number
    found = api.get(f"/assets/{number}/rights", on="2026-03-05", proofs="card").json()
    assert [(row["remedy"], row["status"]) for row in found["rights"]] == [
        ("refund", "yes"), ("exchange", "yes"), ("refund_less", "no"), ("repair", "yes")]
    made = api.post(f"/assets/{number}/right-claims", {"remedy": "refund", "proofs": ["card"], "claimed_on": "2026-03-02"})
    assert made.status_code == 201, made.content
    path = f"/right-claims/{made.json()['number']}"
    assert {move["name"] for move in made.json()["moves"]} == {"grant_right", "refuse_right", "add_evidence", "withdraw_right"}
    assert api.post(f"{path}/grant_right", {"reply": "同意"}).json()["status"] == "granted"
    assert api.get("/right-claims", status="granted").json()["items"][0]["asset"] == number
    rule = api.get("/right-rules", kind="early").json()["items"][0]
    assert api.post(f"/right-rules/{rule['id']}/try", {"start": "2026-03-01", "on": "2026-03-02"}).json()["rights"]
    assert api.post("/right-rules/load", {}).json()["made"] == 0

    label = Client().get(f"/api/v1/portal/units/{shop.unit.token}/rights", HTTP_ACCEPT="application/json")
    assert label.status_code == 200 and len(label.json()["rights"]) == 4
    text = label.content.decode()
    assert not any(word in text for word in (shop.customer.name, shop.customer.number, number, shop.unit.serial))
    assert Client().get("/api/v1/portal/units/nonsense/rights").status_code == 404
