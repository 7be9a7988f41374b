"""Warranty doings through the pages: what a form refuses keeps what was typed, what it takes stands on the unit's page."""

import datetime as dt
import io
from decimal import Decimal as D

import pytest
import python_calamine
import time_machine

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions, queries
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties import queries as customers
from aftercare.flows import register_request
from aftercare.foundation import clock
from aftercare.web.tests.office import SYSTEM, key

pytestmark = pytest.mark.django_db
TODAY = clock.local_day(clock.now(), "Asia/Shanghai")


@pytest.fixture
def shop(office):
    """A customer with a unit sold a month ago, a base term of a year, an extension for sale."""
    make = office.make
    shop = type("Shop", (), {})()
    shop.product, _m = catalog.ensure_product("挂机 35", category_name="空调", brand="清风", **make)
    shop.customer = parties.create_customer(name="浦江科技", phone="13900005555", branch_id=office.branch.pk, **make)
    shop.unit = assets.register_asset(product=shop.product, serial="QF-1", customer=shop.customer, branch_id=office.branch.pk,
                                      sold_on=TODAY - dt.timedelta(days=30), **make)
    shop.base = actions.create_term(name="整机一年", months=12, starts="sale", valid_from=dt.date(2020, 1, 1), **make)
    shop.extra = actions.create_term(name="延保一年", kind="extension", months=12, price_amount=D(299), valid_from=dt.date(2020, 1, 1), **make)
    shop.page = f"/assets/{shop.unit.number}/"
    return shop


def post(client, address, data, status=303):
    response = client.post(address, data | key())
    assert response.status_code == status, response.content.decode()[:2000]
    return response


def test_an_extension_is_sold_paid_in_part_and_taken_back(admin, shop):
    sell, typed = f"{shop.page}do/extension/", {"term": shop.extra.pk, "sold_on": TODAY, "price_amount": "", "collect": "100", "method": "wechat"}
    assert 'value="100"' in post(admin, sell, typed | {"evidence": ""}, 422).content.decode()
    post(admin, sell, typed | {"evidence": "YB-1", "collect": "999"}, 422)
    post(admin, sell, typed | {"evidence": "YB-1"})
    page = admin.get(shop.page).content.decode()
    [entry] = queries.list_entries(SYSTEM, shop.unit.pk).filter(kind_of="extension")
    bill = bills.list_bills(SYSTEM).get()
    assert f'href="/bills/{bill.pk}/">¥299.00</a> · 未收 ¥199.00' in page
    number = f"{shop.unit.number}-{entry.pk}"
    assert number in admin.get(f"/bills/{bill.pk}/").content.decode()
    assert admin.get(f"/warranty-entries/{number}/")["Location"] == shop.page
    assert admin.get("/warranty-entries/A1-0/").status_code == 404
    end = f"{shop.page}warranty/{entry.pk}/"
    assert "理由" in post(admin, f"{end}set_end/", {"ends_on": entry.ends_on + dt.timedelta(days=9), "reason": ""}, 422).content.decode()
    post(admin, f"{end}set_end/", {"ends_on": entry.ends_on + dt.timedelta(days=9), "reason": "补偿"})
    longer = queries.list_entries(SYSTEM, shop.unit.pk).filter(kind_of="extension").latest("id")
    post(admin, f"{end}reverse/", {"reason": "退"}, 422)  # that line was replaced
    post(admin, f"{shop.page}warranty/{longer.pk}/reverse/", {"reason": "客户退货"})
    assert (bills.list_bills(SYSTEM).get().due_amount, bills.list_bills(SYSTEM).get().paid_amount) == (0, 0)


def test_an_exchange_is_made_and_undone_on_the_old_units_page(admin, shop):
    exchange = f"{shop.page}do/exchange/"
    refused = post(admin, exchange, {"new_serial": "QF-1", "on": TODAY, "reason": "三次维修"}, 422).content.decode()
    assert "新旧序列号相同" in refused and "三次维修" in refused
    assert "撤销换机" not in admin.get(shop.page).content.decode()
    post(admin, exchange, {"new_serial": "QF-2", "on": TODAY, "reason": "三次维修"})
    page = admin.get(shop.page).content.decode()
    assert f"{shop.page}do/undo_exchange/" in page and f"{exchange}\"" not in page
    post(admin, f"{shop.page}do/undo_exchange/", {"reason": ""}, 422)
    post(admin, f"{shop.page}do/undo_exchange/", {"reason": "弄错了"})
    again = admin.get(shop.page).content.decode()
    assert units.get_asset(shop.unit.pk, SYSTEM).customer_id == shop.customer.pk and "撤销换机：弄错了" in again


def test_readings_goodwill_and_the_fleet(admin, shop):
    refused = post(admin, f"{shop.page}do/reading/", {"value": "120", "on": TODAY + dt.timedelta(days=2), "note": "抄表"}, 422)
    assert 'value="120"' in refused.content.decode()
    post(admin, f"{shop.page}do/reading/", {"value": "120", "on": TODAY, "note": "抄表"})
    post(admin, f"{shop.page}do/goodwill/", {"starts_on": TODAY, "ends_on": TODAY - dt.timedelta(days=1), "reason": "优待"}, 422)
    post(admin, f"{shop.page}do/goodwill/", {"starts_on": TODAY, "ends_on": TODAY, "reason": "优待"})
    page = admin.get(shop.page).content.decode()
    assert "120" in page and "优惠保修" in page
    fleet = admin.get("/fleet/?tab=in_warranty").content.decode()
    assert shop.unit.number in fleet and "整机一年" in fleet and shop.unit.number not in admin.get("/fleet/?tab=out").content.decode()
    assert admin.get("/fleet/?part=count&q=QF-1").content.decode() == "1"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_list_detail_api_and_report_end_a_cover_at_midnight_of_the_branch(office, client, shop, settings, zone):
    """The last day counts until 24:00 in Shanghai, wherever the server stands."""
    settings.TIME_ZONE = zone
    end = queries.decide(asset_id=shop.unit.pk, on=TODAY).ends_on
    midnight = dt.datetime.combine(end + dt.timedelta(days=1), dt.time(), clock.zone("Asia/Shanghai"))
    told = {}
    for name, moment in (("last", midnight - dt.timedelta(seconds=20)), ("after", midnight + dt.timedelta(seconds=20))):
        with time_machine.travel(moment, tick=False):
            admin = office.sign_in(client, office.admin)
            api = admin.get(f"/api/v1/assets/{shop.unit.number}/entitlement").json()
            workbook = b"".join(admin.get("/fleet/export.xlsx?tab=in_warranty").streaming_content)
            rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
            told[name] = (
                shop.unit.number in admin.get("/fleet/?tab=in_warranty").content.decode(),
                "保内" in admin.get(shop.page).content.decode(),
                api["service_class"] == "C",
                [row["state"] for row in admin.get("/api/v1/warranty-fleet").json()["items"]] == ["in_warranty"],
                any(shop.unit.number in row for row in rows),
            )
    assert told == {"last": (True,) * 5, "after": (False,) * 5}


def test_terms_are_tried_out_and_days_are_ticked(admin, shop):
    page = admin.get("/terms/try/?serial=QF-1").content.decode()
    assert "整机一年" in page and "采用" in page and 'lang="en"' in page
    assert "没有" in admin.get("/terms/try/?serial=NIX").content.decode()
    form = admin.get("/terms/new/").content.decode()
    assert 'type="checkbox" name="starts_among"' in form
    typed = {"name": "多日取早", "kind_of": "unit", "months": "12", "days": "0", "cycles": "0", "starts": "first", "grace_months": "0",
             "policy": "restart", "covers_parts": "on", "parts_percent": "100", "labour_percent": "100", "travel_percent": "100",
             "borne_by": "maker", "valid_from": "2030-01-01", "price_amount": "0"}  # fmt: skip
    post(admin, "/terms/new/", typed | {"starts_among": ["sale"]}, 422)
    post(admin, "/terms/new/", typed | {"starts_among": ["sale", "installation"]})
    assert queries.list_terms(SYSTEM).get(name="多日取早").starts_among == ["sale", "installation"]


def test_a_blocked_customer_is_flagged_with_a_reason_until_lifted(admin, shop):
    page = f"/customers/{shop.customer.number}/"
    post(admin, f"{page}flag/", {"kind": "block", "reason": "", "until_on": ""}, 422)
    post(admin, f"{page}flag/", {"kind": "block", "reason": "欠款半年", "until_on": ""})
    assert "欠款半年" in admin.get(page).content.decode()
    flag = customers.get_customer(shop.customer.number, SYSTEM).flags.get()
    post(admin, f"{page}flag/{flag.pk}/lift/", {"reason": ""}, 422)
    post(admin, f"{page}flag/{flag.pk}/lift/", {"reason": "已付清"})


def test_the_repair_card_offers_the_quote_as_the_order_does(admin, office, shop):
    order = register_request.register(branch_id=office.branch.pk, customer=shop.customer, product="旧空调", fault="不制冷", mode="bench",
                                      **office.make).order
    offer = f'href="/orders/{order.number}/quote/"'
    assert offer in admin.get(f"/orders/{order.number}/").content.decode()
    assert offer in admin.get(f"/orders/{order.number}/card/").content.decode()


def test_a_component_is_swapped_on_the_orders_page_and_on_the_telephone_and_undone(admin, office, shop):
    part, _m = catalog.ensure_product("压缩机 X", category_name="压缩机", brand="清风", **office.make)
    assets.register_asset(product=part, serial="CMP-1", customer=shop.customer, branch_id=office.branch.pk, parent_id=shop.unit.pk, **office.make)
    order = register_request.register(branch_id=office.branch.pk, customer=shop.customer, asset=shop.unit, fault="不制冷", **office.make).order
    page = f"/orders/{order.number}/"
    form = admin.get(f"{page}swap/").content.decode()
    assert "CMP-1" in form and "checked" not in form
    old = units.list_components(shop.unit).get()
    typed = {"old": old.pk, "new_serial": "", "reason": "压缩机烧毁"}
    assert 'value="压缩机烧毁"' in post(admin, f"{page}swap/", typed, 422).content.decode()
    post(admin, f"{page}swap/", typed | {"new_serial": "CMP-1"}, 422)
    post(admin, f"{page}swap/", typed | {"new_serial": "CMP-2"})
    assert "CMP-2" in admin.get(page).content.decode() and units.list_components(shop.unit).get().serial == "CMP-2"
    (swap,) = units.swaps_of("work.workorder", order.pk)
    post(admin, f"{page}swap/{swap.pk}/undo/", {"reason": ""}, 422)
    post(admin, f"{page}swap/{swap.pk}/undo/", {"reason": "拿错了"})
    assert units.list_components(shop.unit).get().serial == "CMP-1"
    on_site = f"/field/job/{order.number}/swap/"
    assert "CMP-1" in admin.get(on_site).content.decode()
    post(admin, on_site, typed | {"new_serial": "CMP-3"})
    assert units.list_components(shop.unit).get().serial == "CMP-3"
