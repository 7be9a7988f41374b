"""The office keeps categories, products, parts, words, limits, prices, terms and rates by pages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.catalog import actions, queries
from aftercare.domain.catalog.models import LabourPrice
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.settlement import queries as settlement
from aftercare.web.tests.office import SYSTEM, key

# page: most statements it may cost
PAGES = {
    "/categories/": 6, "/categories/new/": 4, "/products/": 6, "/products/new/": 4, "/parts/": 6, "/parts/new/": 4,
    "/codes/": 6, "/codes/?tab=cause&new=yes": 6, "/codes/new/": 4, "/work-types/": 5, "/work-types/new/": 3,
    "/service-levels/": 5, "/service-levels/new/": 5, "/prices/": 6, "/prices/?on=2026-05-01": 6, "/prices/new/": 5,
    "/prices/print/": 7, "/part-prices/": 5, "/terms/": 6, "/terms/new/": 4, "/rates/": 6, "/rates/new/": 5,
    "/deductions/": 5, "/deductions/new/": 3,
}  # fmt: skip
EXPORTS = (
    "products",
    "parts",
    "codes",
    "work-types",
    "service-levels",
    "prices",
    "part-prices",
    "terms",
    "rates",
    "deductions",
)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_answers_within_its_statements(admin, shop, address):
    admin.get(address)
    with CaptureQueriesContext(connection) as statements:
        response = admin.get(address)
    assert response.status_code == 200
    assert len(statements) <= PAGES[address], f"{address}: {len(statements)}"


@pytest.fixture
def shop(office):
    """One category, product, part, word, work type and price."""
    make = office.make
    shop = type("Shop", (), {})()
    shop.category, _m = actions.ensure_category("空调", **make)
    shop.product, _m = actions.ensure_product("挂机 35", category_name="空调", **make)
    shop.part = actions.create_part(name="电容", code="C1", price_amount=Decimal(12), **make)
    shop.word, _m = actions.ensure_code("fault", "不制冷", **make)
    shop.work_type, _m = actions.ensure_work_type("维修", **make)
    shop.level = actions.set_service_level(respond_minutes=60, repair_minutes=600, work_type=shop.work_type, **make)
    shop.price = actions.set_labour_price(
        amount=Decimal(80), valid_from=dt.date(2026, 1, 1), work_type=shop.work_type, **make
    )
    return shop


@pytest.mark.parametrize("slug", EXPORTS)
def test_registers_are_exported(admin, shop, slug):
    assert b"".join(admin.get(f"/{slug}/export.xlsx").streaming_content)[:2] == b"PK"


@pytest.mark.parametrize(
    "address", ["/products/new/", "/parts/new/", "/codes/new/", "/prices/new/", "/terms/new/", "/rates/"]
)
def test_a_clerk_looks_up_but_does_not_keep(office, client, shop, address):
    office.sign_in(client, office.clerk)
    assert client.get(address).status_code == 403
    page = client.get("/products/").content.decode()
    assert "挂机 35" in page
    assert "/edit/" not in page


def test_a_keeper_keeps_parts_and_not_their_prices(office, client, shop):
    office.sign_in(client, office.keeper)
    form = {"name": "电容大", "unit": "个", "warranty_months": 3, "price_amount": "99", "version": shop.part.version}
    assert client.post(f"/parts/{shop.part.pk}/edit/", form | key()).status_code == 303
    part = queries.get_part("C1", SYSTEM)
    assert (part.name, part.price_amount) == ("电容大", 12)
    assert client.get(f"/parts/{shop.part.pk}/price/").status_code == 403


def test_one_form_sent_twice_makes_one_part(admin, shop):
    form = {"name": "风扇", "unit": "个", "warranty_months": 3, "code": "F9", "price_amount": "8", **key()}
    assert admin.post("/parts/new/", form)["Location"] == admin.post("/parts/new/", form)["Location"]
    assert queries.list_parts(SYSTEM).filter(code="F9").count() == 1


def test_a_new_row_never_answers_with_an_old_one(admin, shop):
    for address, form in (
        ("/products/new/", {"name": "挂机 35"}), ("/categories/new/", {"name": "空调"}), ("/work-types/new/", {"name": "维修", "minutes": 5, "position": 0}),
        ("/codes/new/", {"name": "不制冷", "kind_of": "fault"}), ("/parts/new/", {"name": "电容", "code": "C1", "unit": "个", "warranty_months": 1}),
    ):  # fmt: skip
        response = admin.post(address, form | key())
        assert response.status_code == 422, address
        assert form["name"] in response.content.decode()


def test_a_typed_word_is_confirmed_by_its_form(office, admin, shop):
    from aftercare.domain.people import queries as people

    clerk = people.actor_for(people.get_employee("C1", SYSTEM))
    word, _made = actions.ensure_code("cause", "缺氟", actor=clerk, at=office.make["at"])
    assert word.is_new
    assert "缺氟" in admin.get("/codes/?tab=cause&new=yes").content.decode()
    form = {"name": "缺氟", "aliases": "缺冷媒\n少氟", "is_active": "on", "version": word.version}
    assert admin.post(f"/codes/{word.pk}/edit/", form | key()).status_code == 303
    known = queries.get_code(word.pk, SYSTEM)
    assert (known.is_new, known.aliases) == (False, ["缺冷媒", "少氟"])


def test_a_category_moves_and_never_under_itself(admin, shop):
    admin.post("/categories/new/", {"name": "挂机", "parent_id": shop.category.pk, **key()})
    below = queries.find_category("挂机")
    assert below.parent_id == shop.category.pk
    form = {"name": "空调", "is_active": "on", "parent_id": below.pk, "version": shop.category.version}
    assert admin.post(f"/categories/{shop.category.pk}/edit/", form | key()).status_code == 422


def test_prices_are_dated_and_end(admin, shop):
    form = {"amount": "15", "valid_from": "2026-06-01", "end_previous": "on"}
    assert admin.post(f"/parts/{shop.part.pk}/price/", form | key()).status_code == 303
    assert admin.post(f"/parts/{shop.part.pk}/price/", form | key()).status_code == 422
    assert queries.part_price(shop.part, dt.date(2026, 7, 1)) == 15
    form = {"valid_to": "2026-05-31", "version": shop.price.version}
    assert admin.post(f"/prices/{shop.price.pk}/end/", form | key()).status_code == 422, "that would leave a gap"
    form |= {"withdraw": "on", "reason": "改价"}
    assert admin.post(f"/prices/{shop.price.pk}/end/", form | key()).status_code == 303
    new = {"fee": "labour", "amount": "90", "work_type": shop.work_type.pk, "valid_from": "2026-06-01", "is_urban": ""}
    assert admin.post("/prices/new/", new | key()).status_code == 303
    assert queries.labour_price(shop.work_type, None, None, "", "", dt.date(2026, 7, 1)) == 90
    assert "90.00" in admin.get("/prices/print/?on=2026-07-01").content.decode()
    checked = admin.get(f"/prices/check/?on=2026-07-01&work_type={shop.work_type.pk}").content.decode()
    assert "90.00" in checked and "采用" in checked


def test_a_schedule_is_taken_from_its_own_export(admin, shop):
    before = list(LabourPrice.objects.values_list("pk", "valid_to"))
    book = b"".join(admin.get("/prices/export.xlsx").streaming_content)
    again = admin.post("/prices/import/", {"file": SimpleUploadedFile("prices.xlsx", book)})
    assert again.context["outcome"].known == again.context["outcome"].read > 0 and not again.context["outcome"].problems
    rows = "费用种类,工种,生效日期,金额\n人工费,,2027-01-01,70\n人工费,没有,2027-01-01,70\n人工费,,2027-01-01,一百\n"
    tried = admin.post("/prices/import/", {"file": SimpleUploadedFile("new.csv", rows.encode())})
    outcome = tried.context["outcome"]
    assert (outcome.read, outcome.added, [number for number, _why in outcome.problems]) == (3, 1, [3, 4])
    assert list(LabourPrice.objects.values_list("pk", "valid_to")) == before, "a trial writes nothing"
    taken = admin.post("/prices/import/", {"token": tried.context["token"], "action": "take"})
    assert taken.status_code == 200 and LabourPrice.objects.filter(valid_from="2027-01-01", amount=70).count() == 1


def test_limits_change_by_their_form(admin, shop):
    form = {"respond_minutes": 30, "repair_minutes": 20, "version": shop.level.version}
    assert admin.post(f"/service-levels/{shop.level.pk}/edit/", form | key()).status_code == 422
    assert (
        admin.post(f"/service-levels/{shop.level.pk}/edit/", form | {"repair_minutes": 90} | key()).status_code == 303
    )
    assert queries.service_limit(shop.work_type.pk, None).respond_minutes == 30


def test_a_term_takes_a_product_by_name_or_by_choice(admin, shop):
    form = {
        "name": "整机一年",
        "months": 12,
        "days": 0,
        "grace_months": 0,
        "starts": "sale",
        "covers_parts": "on",
        "valid_from": "2026-01-01",
    }
    refused = admin.post("/terms/new/", form | {"product": "没有的", "product_id": ""} | key())
    assert refused.status_code == 422
    assert 'value="没有的"' in refused.content.decode()
    chosen = admin.post(
        "/terms/new/", form | {"product": "挂机 35", "product_id": shop.product.pk, "months": 0} | key()
    )
    assert chosen.status_code == 422
    assert f'value="{shop.product.pk}"' in chosen.content.decode()
    assert admin.post("/terms/new/", form | {"product": "挂机 35", "product_id": ""} | key()).status_code == 303
    term = entitlement.list_terms(SYSTEM).get()
    assert term.product_id == shop.product.pk
    form |= {"name": "整机", "version": term.version}
    assert admin.post(f"/terms/{term.pk}/edit/", form | key()).status_code == 303


def test_rates_do_not_overlap(admin, shop):
    form = {
        "work_type_id": shop.work_type.pk,
        "amount": "20",
        "labour_percent": "10",
        "part_percent": "0",
        "valid_from": "2026-01-01",
    }
    assert admin.post("/rates/new/", form | key()).status_code == 303
    assert admin.post("/rates/new/", form | key()).status_code == 422
    rate = settlement.list_rates(SYSTEM).get()
    form |= {"valid_to": "2026-12-31", "version": rate.version}
    assert admin.post(f"/rates/{rate.pk}/edit/", form | key()).status_code == 303
    step = {"cause": "overdue", "over_minutes": 60, "amount": "5", "percent": "0", "valid_from": "2026-01-01"}
    assert admin.post("/deductions/new/", step | key()).status_code == 303


def test_the_public_price_list_names_things_in_the_readers_language_where_a_word_is_known(admin, office, shop):
    work, _made = actions.ensure_work_type("移机", **office.make)
    actions.set_labour_price(amount=Decimal(150), work_type=work, category=shop.category, valid_from=dt.date(2020, 1, 1), **office.make)
    actions.create_part(code="X-1", name="紫铜管专用件", unit="米", price_amount=Decimal(9), **office.make)
    page = admin.get("/prices/print/").content.decode()
    assert "移机" in page and "空调" in page and ">米<" in page
    admin.post("/language/", {"language": "en"})
    page = admin.get("/prices/print/").content.decode()
    assert "Relocation" in page and "Air conditioners" in page and ">m<" in page and "紫铜管专用件" in page and "移机" not in page
