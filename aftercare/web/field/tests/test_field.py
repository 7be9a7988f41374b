"""The engineer's day on the telephone: who sees what, each step once, refusals that keep what was typed."""

import base64
import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.assets.models import Asset
from aftercare.domain.billing.models import Collection
from aftercare.domain.catalog import actions as catalog_actions
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.work.models import Material, Signature, Visit, WorkOrder
from aftercare.flows import moves
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.web.field import shown
from aftercare.web.field.tests.staff import at_work, dispatched, form, hours, register, sign_in

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40).decode()
# Statements of a page, session and rights included; a page that needs more has to say why.
LIMITS = {"/field/": 14, "/field/van/": 16, "/field/me/": 18, "/field/scan/?q=SN-778899": 20}


def job(order) -> str:
    return f"/field/job/{order.number}/"


def fresh(order) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


@pytest.mark.parametrize("path", LIMITS)
def test_pages_open_for_engineers_in_few_statements(company, wang, path):
    at_work(company)
    wang.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert wang.get(path).status_code == 200
    assert len(seen) <= LIMITS[path], [q["sql"][:90] for q in seen]


def test_a_job_page_needs_at_most_25_statements(company, wang):
    order = at_work(company)
    wang.post(f"{job(order)}parts", form(part="P-1", qty="1"))
    with CaptureQueriesContext(connection) as seen:
        assert wang.get(job(order)).status_code == 200
    assert len(seen) <= 25, [q["sql"][:90] for q in seen]


def test_parts_are_picked_by_where_they_sit_in_the_unit(company, wang):
    order = at_work(company)
    assert f"{job(order)}model/" in wang.get(job(order)).content.decode()
    part = catalog.get_part("P-1", Actor.system("test"))
    catalog_actions.set_fitting(order.product, part=part, position="U7", qty=Decimal(1), actor=Actor.system("test"), at=clock.now())
    with CaptureQueriesContext(connection) as seen:
        page = wang.get(f"{job(order)}model/").content.decode()
    assert "U7" in page and "P-1" in page and len(seen) <= 18, len(seen)
    taken = wang.post(f"{job(order)}parts", form(part_id=str(part.pk), qty="1", **{"from": "model"}))
    assert taken["Location"] == f"{job(order)}model/"
    assert "已加" in wang.get(f"{job(order)}model/").content.decode()
    assert sign_in(company.zhao).get(f"{job(order)}model/").status_code == 404


def test_who_performs_nothing_is_refused(company):
    assert sign_in(company.clerk).get("/field/").status_code == 403


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get("/field/")["Location"].startswith("/accounts/login/")


def test_a_colleagues_job_is_not_found(company):
    order = dispatched(company)
    zhao = sign_in(company.zhao)
    assert zhao.get(job(order)).status_code == 404
    assert zhao.post(f"{job(order)}accept", form()).status_code == 404
    assert order.title not in zhao.get("/field/").content.decode()


def test_today_shows_the_next_job_with_its_customer(company, wang):
    dispatched(company)
    page = wang.get("/field/").content.decode()
    assert "不制冷" in page and "13800001111" in page and "接单" in page and "今天 1 单" in page


def test_the_day_is_sorted_into_late_today_and_later():
    now = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)

    def order(pk, status, planned=None, due=None, finished=None):
        given = {"pk": pk, "status": status, "created_at": now - dt.timedelta(hours=9), "planned_at": planned, "due_at": due}
        return WorkOrder(finished_at=finished, **given)

    hour = dt.timedelta(hours=1)
    rows = [
        order(1, "done", finished=now - hour), order(2, "accepted", due=now - hour), order(3, "accepted", planned=now + hour),
        order(4, "dispatched", planned=now + 30 * hour), order(5, "working", planned=now + 2 * hour),
    ]
    day = shown.sort_day(rows, day=clock.local_day(now, "Asia/Shanghai"), at=now, zone="Asia/Shanghai")
    assert ([o.pk for o in day.late], [o.pk for o in day.other]) == ([2], [4])
    assert [o.pk for o in day.today] == [3, 5, 1]  # what is done comes last
    assert (day.hero.pk, day.done, day.total) == (5, 1, 4)


def test_steps_from_acceptance_to_arrival_keep_the_telephones_claims(company, wang):
    order = dispatched(company)
    claimed = (clock.now() - dt.timedelta(minutes=20)).isoformat()
    for name in ("accept", "set_out", "arrive"):
        given = form(claimed_at=claimed, position="31.2,121.5,12") if name != "accept" else form()
        assert wang.post(job(order) + name, given).status_code == 303
    visit = Visit.objects.get(order=order)
    assert fresh(order).status == "working"
    assert visit.position["arrived"] == {"lat": 31.2, "lon": 121.5, "accuracy": 12}
    assert visit.claimed_at["arrived"].startswith(claimed[:16])


def test_a_position_that_is_none_is_left_out(company, wang):
    order = dispatched(company)
    wang.post(f"{job(order)}accept", form())
    assert wang.post(f"{job(order)}set_out", form(position="999,nan,x", claimed_at="soon")).status_code == 303
    assert Visit.objects.get(order=order).position == {}


def test_the_same_form_twice_makes_one_step(company, wang):
    order = dispatched(company)
    given = form()
    first = wang.post(f"{job(order)}accept", given)
    again = wang.post(f"{job(order)}accept", given)
    assert (first.status_code, again.status_code, first["Location"]) == (303, 303, again["Location"])
    assert fresh(order).version == order.version + 1


def test_a_step_without_a_key_is_refused(company, wang):
    order = dispatched(company)
    assert wang.post(f"{job(order)}accept", {}).status_code == 422
    assert fresh(order).status == "dispatched"


def test_a_refusal_needs_a_reason_and_gives_the_job_back(company, wang):
    order = dispatched(company)
    assert wang.post(f"{job(order)}refuse", form(reason=" ")).status_code == 422
    answer = wang.post(f"{job(order)}refuse", form(reason="车坏了"))
    assert (answer.status_code, answer["Location"]) == (303, "/field/")
    assert fresh(order).status == "pending"


def test_a_step_out_of_turn_is_told_and_changes_nothing(company, wang):
    order = dispatched(company)
    answer = wang.post(f"{job(order)}resume", form())
    assert answer.status_code == 409
    assert fresh(order).status == "dispatched"


def test_an_unknown_step_is_not_found(company, wang):
    assert wang.post(f"{job(dispatched(company))}audit", form()).status_code == 404


def test_the_units_own_number_matches(company, wang):
    order = at_work(company)
    assert wang.post(f"{job(order)}unit", form(serial="sn-778899")).status_code == 303
    assert Asset.objects.count() == 1


def test_another_number_is_warned_of_until_confirmed(company, wang):
    order = at_work(company)
    answer = wang.post(f"{job(order)}unit", form(serial="XX-1"))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="XX-1"' in page and 'name="confirm"' in page
    assert fresh(order).asset_id == company.asset.pk
    assert wang.post(f"{job(order)}unit", form(serial="XX-1", confirm="1")).status_code == 303
    assert fresh(order).asset.serial == "XX-1"


def test_an_order_without_a_unit_gets_one_registered(company, wang):
    order = at_work(company, asset=None, product=company.product.name)
    assert wang.post(f"{job(order)}unit", form(serial="NEW-9")).status_code == 303
    unit = fresh(order).asset
    assert (unit.serial, unit.customer_id, unit.branch_id) == ("NEW-9", company.customer.pk, company.branch.pk)


def test_parts_are_added_changed_and_taken_off(company, wang):
    order = at_work(company)
    assert wang.post(f"{job(order)}parts", form(part="P-1", qty="2")).status_code == 303
    line = Material.objects.get(order=order)
    assert (line.qty, line.reserved_qty) == (Decimal(2), Decimal(2))
    assert wang.post(f"{job(order)}parts", form(line=line.pk, qty="1")).status_code == 303
    assert Material.objects.get(order=order).reserved_qty == Decimal(1)
    answer = wang.post(f"{job(order)}parts", form(delete=line.pk), headers={"HX-Request": "true"})
    assert answer.status_code == 200 and 'id="parts"' in answer.content.decode()
    assert not Material.objects.filter(order=order).exists()


def test_an_unknown_part_keeps_what_was_typed(company, wang):
    order = at_work(company)
    answer = wang.post(f"{job(order)}parts", form(part="没有的", qty="3"))
    assert answer.status_code == 422 and 'value="没有的"' in answer.content.decode()


def test_parts_are_offered_with_their_stock(company, wang):
    (row,) = wang.get(f"{job(at_work(company))}parts.json?q=压缩").json()["rows"]
    assert "总部配件库 5" in row["hint"]


def test_reserved_parts_are_fetched_into_the_van_and_brought_back(company, wang):
    order = at_work(company)
    wang.post(f"{job(order)}parts", form(part="P-1", qty="1"))
    assert "领到随车库" in wang.get("/field/van/").content.decode()
    assert wang.post(f"/field/van/{order.number}/fetch", form()).status_code == 303
    assert Material.objects.get(order=order).place_id == company.van.pk
    assert wang.post(f"/field/van/{order.number}/back", form()).status_code == 303
    assert Material.objects.get(order=order).reserved_qty == 0


def test_completion_uses_parts_takes_money_and_keeps_the_signature_once(company, wang):
    order = at_work(company)
    wang.post(f"{job(order)}parts", form(part="P-1", qty="1"))
    given = form(
        findings="换了压缩机", result="fixed", minutes="50", solution="更换压缩机", cause="老化", amount="320", method="wechat",
        signed_name="张三丰", signature=f"data:image/png;base64,{PIXEL}", claimed_at=clock.now().isoformat(),
    )
    assert wang.post(f"{job(order)}finish", given)["Location"] == "/field/"
    assert wang.post(f"{job(order)}finish", given | {"claimed_at": ""}).status_code == 303
    done = fresh(order)
    assert (done.status, done.minutes, done.signed_name, done.solution.name) == ("done", 50, "张三丰", "更换压缩机")
    assert Material.objects.get(order=order).used_qty == 1
    assert Signature.objects.filter(order=order).count() == 1
    (money,) = Collection.objects.filter(bill__source_number=order.number)
    assert (money.amount, money.method, money.collected_by_id) == (Decimal(320), "wechat", company.wang.pk)


def test_completion_without_findings_keeps_everything_typed(company, wang):
    order = at_work(company)
    signature = f"data:image/png;base64,{PIXEL}"
    answer = wang.post(f"{job(order)}finish", form(findings="", minutes="35", amount="12.5", signature=signature, result="fixed"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="35"' in page and 'value="12.5"' in page and signature in page
    assert fresh(order).status == "working"


@pytest.mark.parametrize(
    "wrong", [{"signature": "data:image/png;base64,AAAA"}, {"amount": "十元"}, {"minutes": "-3"}, {"result": "perfect"}]
)
def test_nonsense_is_refused_whole(company, wang, wrong):
    order = at_work(company)
    assert wang.post(f"{job(order)}finish", form(findings="好了") | wrong).status_code == 422
    assert fresh(order).status == "working"


def test_a_scanned_number_leads_to_his_open_order(company, wang):
    order = at_work(company)
    page = wang.get("/field/scan/?q=sn-778899").content.decode()
    assert job(order) in page
    other = sign_in(company.zhao).get("/field/scan/?q=SN-778899").content.decode()
    assert company.asset.number not in other


def test_the_month_explains_itself_without_a_statement(company, wang):
    assert "结算单还没有生成" in wang.get("/field/me/?month=2026-01").content.decode()
    assert wang.get("/field/me/?month=nonsense").status_code == 200


def test_a_bench_job_is_started_not_visited(company, wang):
    order = register(company, mode="bench").order
    moves.make(order, "take", engineer=company.wang.pk, actor=company.boss, at=hours(0.2))
    page = wang.get(job(order)).content.decode()
    assert "开始修理" in page and ">出发<" not in page
    assert Source.of(order).number in page
