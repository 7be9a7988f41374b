"""Parts, fees, dated prices and time limits: every write, every refusal, every answer."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps

from aftercare.domain.catalog import actions, queries
from aftercare.domain.catalog.models import LabourPrice
from aftercare.domain.parties.tests.company import AT, at_branch
from aftercare.domain.people.queries import marks_once
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, RuleBroken, Stale

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def keeper(company):
    grants = ("catalog.view", "catalog.edit", "catalog.edit_price", "catalog.add_word")
    return {"actor": at_branch(company.here, *grants), "at": AT}


@pytest.fixture
def by_clerk(company):
    return {"actor": company.clerk, "at": AT}


def test_parts_have_one_code_however_typed(company, keeper, by_clerk):
    part = actions.create_part(name="水泵", code="sb－01", price_amount=Decimal("30"), **keeper)
    assert part.code == "SB-01" and actions.create_part(name="电机", **keeper).code.startswith("P")
    assert queries.parts_by_code(["sb-01", "没有"]) == {"sb-01": part}
    assert queries.get_part("Sb-01", company.clerk) == queries.get_part(part.pk, company.clerk) == part
    for values, code in (({"name": "别的", "code": "SB-01"}, "code_taken"), ({"name": ""}, "name_missing"),
                         ({"name": "x", "price_amount": Decimal("-1")}, "amount_too_small")):
        with pytest.raises(RuleBroken) as refused:
            actions.create_part(**values, **keeper)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        actions.create_part(name="x", **by_clerk)
    with pytest.raises(NotFound):
        queries.get_part("没有", company.clerk)


def test_a_typed_part_is_known_by_code_or_name(by_clerk):
    part, made = actions.ensure_part("水泵", code="SB-01", **by_clerk)
    assert made and actions.ensure_part("泵", code="sb-01", **by_clerk) == (part, False)
    assert actions.ensure_part("水泵", **by_clerk) == (part, False)


def test_a_parts_price_needs_the_permission_for_prices(company, keeper):
    part = actions.create_part(name="水泵", code="A", **keeper)
    other = actions.create_part(name="电机", code="B", **keeper)
    editor = {"actor": at_branch(company.here, "catalog.view", "catalog.edit"), "at": AT}
    part = actions.edit_part(part, version=1, name="大水泵", code="a2", **editor)
    assert (part.name, part.code) == ("大水泵", "A2")
    assert [row.name for row in queries.suggest("part", "dsb", company.clerk)] == ["大水泵"]
    with pytest.raises(NotAllowed):
        actions.edit_part(part, version=2, price_amount=Decimal("1"), **editor)
    assert actions.edit_part(part, version=2, price_amount=Decimal("9.50"), **keeper).price_amount == Decimal("9.50")
    for values, wrong in (({"code": "B", "version": 3}, RuleBroken), ({"code": " ", "version": 3}, RuleBroken),
                          ({"uses": 5, "version": 3}, Invalid), ({"name": "x", "version": 1}, Stale)):
        with pytest.raises(wrong):
            actions.edit_part(part, **values, **keeper)
    assert other.version == 1


def test_dated_part_prices(keeper):
    part = actions.create_part(name="水泵", price_amount=Decimal("30"), **keeper)
    actions.set_part_price(part, amount=Decimal("35"), valid_from=D(2026, 1, 1), **keeper)
    with pytest.raises(RuleBroken) as refused:
        actions.set_part_price(part, amount=Decimal("40"), valid_from=D(2026, 6, 1), **keeper)
    assert refused.value.code == "price_overlap"
    actions.set_part_price(part, amount=Decimal("40"), valid_from=D(2026, 6, 1), end_previous=True, **keeper)
    prices = [queries.part_price(part, day) for day in (D(2025, 12, 31), D(2026, 1, 1), D(2026, 5, 31), D(2026, 6, 1))]
    assert prices == [Decimal("30"), Decimal("35"), Decimal("35"), Decimal("40")]


def test_the_most_specific_fee_of_the_day_wins(keeper, django_assert_max_num_queries):
    top, _m = actions.ensure_category("家电", **keeper)
    low, _m = actions.ensure_category("洗衣机", parent=top, **keeper)
    repair, _m = actions.ensure_work_type("维修", **keeper)
    since = {"valid_from": D(2026, 1, 1), **keeper}
    actions.set_labour_price(amount=Decimal("10"), **since)
    actions.set_labour_price(amount=Decimal("20"), service_class="B", **since)
    actions.set_labour_price(amount=Decimal("30"), customer_kind="dealer", **since)
    actions.set_labour_price(amount=Decimal("40"), is_urban=False, **since)
    actions.set_labour_price(amount=Decimal("50"), category=top, **since)
    actions.set_labour_price(amount=Decimal("60"), category=low, **since)
    actions.set_labour_price(amount=Decimal("70"), work_type=repair, **since)
    actions.set_labour_price(amount=Decimal("5"), fee="travel", **since)

    def price(*asked, on=None, **fee):
        with marks_once(), django_assert_max_num_queries(3):  # the mark of the settings among them
            return queries.labour_price(*asked, on or D(2026, 5, 1), **fee)

    assert price(repair, low, False, "dealer", "B") == 70
    assert price(None, low.pk, False, "dealer", "B") == 60
    assert price(None, top, False, "dealer", "B") == 50
    assert price(None, None, False, "dealer", "B") == 40
    assert price(None, None, True, "dealer", "B") == 30
    assert price(None, None, True, "person", "B") == 20
    assert price(None, None, None, "", "") == 10
    assert price(repair, low, True, "person", "A", fee="travel") == 5
    assert price(repair, low, True, "person", "A", fee="inspection") is None
    assert price(repair, low, True, "person", "A", on=D(2025, 12, 31)) is None


@pytest.mark.parametrize(("values", "code"), [
    ({"fee": "tip"}, "unknown_fee"), ({"service_class": "Z"}, "unknown_class"),
    ({"amount": Decimal("-1")}, "amount_too_small"), ({"amount": Decimal("1.001")}, "amount_too_fine"),
    ({"valid_to": D(2025, 12, 31)}, "bad_span"), ({"valid_from": D(2026, 7, 1)}, "price_overlap"),
    ({"valid_from": D(2025, 1, 1), "valid_to": D(2026, 1, 1)}, "price_overlap"),
])
def test_a_wrong_line_is_refused(keeper, values, code):
    actions.set_labour_price(amount=Decimal("10"), valid_from=D(2026, 1, 1), **keeper)
    with pytest.raises(RuleBroken) as refused:
        actions.set_labour_price(**{"amount": Decimal("10"), "valid_from": D(2026, 1, 1)} | values, **keeper)
    assert refused.value.code == code


def test_lines_side_by_side_and_gaps_are_fine(keeper, by_clerk):
    line = actions.set_labour_price(amount=Decimal("1"), valid_from=D(2026, 1, 1), valid_to=D(2026, 1, 31), **keeper)
    actions.set_labour_price(amount=Decimal("2"), valid_from=D(2026, 2, 1), valid_to=D(2026, 2, 28), **keeper)
    last = actions.set_labour_price(amount=Decimal("3"), valid_from=D(2026, 4, 1), **keeper)
    actions.set_labour_price(amount=Decimal("4"), valid_from=D(2026, 5, 1), end_previous=True, **keeper)
    assert LabourPrice.objects.get(pk=last.pk).valid_to == D(2026, 4, 30)
    for reason, version, wrong in ((" ", 1, RuleBroken), ("停售", 9, Stale)):
        with pytest.raises(wrong):
            actions.withdraw_labour_price(line, valid_to=D(2026, 1, 15), reason=reason, version=version, **keeper)
    line = actions.withdraw_labour_price(line, valid_to=D(2026, 1, 15), reason="停售", version=1, **keeper)
    assert line.valid_to == D(2026, 1, 15)
    for day, version, wrong in ((D(2026, 2, 1), 2, RuleBroken), (D(2025, 1, 1), 2, RuleBroken), (D(2026, 1, 9), 1, Stale)):
        with pytest.raises(wrong):
            actions.end_labour_price(LabourPrice.objects.get(pk=line.pk), valid_to=day, version=version, **keeper)
    with pytest.raises(NotAllowed):
        actions.set_labour_price(amount=Decimal("5"), valid_from=D(2027, 1, 1), fee="travel", **by_clerk)


def test_an_edit_may_leave_no_day_without_a_price(keeper):
    """What a line priced must have a price on each of its days: by a wider line, or by four lines of all classes."""
    repair, _m = actions.ensure_work_type("维修", **keeper)
    narrow = actions.set_labour_price(amount=Decimal("20"), valid_from=D(2026, 1, 1), work_type=repair, **keeper)
    with pytest.raises(RuleBroken) as refused:
        actions.end_labour_price(narrow, valid_to=D(2026, 3, 31), version=1, **keeper)
    assert refused.value.code == "price_gap"
    assert (refused.value.params["first"], refused.value.params["last"]) == ("2026-04-01", None)
    assert "维修" in str(refused.value.message) and "2026-04-01" in str(refused.value.message)
    # A seasonal price that ends the open one leaves the days after the season without any.
    season = {"amount": Decimal("30"), "work_type": repair, "valid_from": D(2026, 6, 1), "valid_to": D(2026, 8, 31)}
    with pytest.raises(RuleBroken) as refused:
        actions.set_labour_price(**season, end_previous=True, **keeper)
    assert refused.value.code == "price_gap" and refused.value.params["first"] == "2026-09-01"
    assert LabourPrice.objects.count() == 1 and LabourPrice.objects.get().valid_to is None
    for service_class in "ABC":
        actions.set_labour_price(amount=Decimal("9"), valid_from=D(2026, 1, 1), service_class=service_class, **keeper)
    with pytest.raises(RuleBroken):
        actions.end_labour_price(narrow, valid_to=D(2026, 3, 31), version=1, **keeper)
    actions.set_labour_price(amount=Decimal("9"), valid_from=D(2026, 4, 1), service_class="D", **keeper)
    assert actions.end_labour_price(narrow, valid_to=D(2026, 3, 31), version=1, **keeper).valid_to == D(2026, 3, 31)


def test_district_grade_way_time_and_hour(company, keeper):
    since, day = {"valid_from": D(2026, 1, 1), **keeper}, D(2026, 5, 1)
    regions = apps.get_model("people.Region")
    city = regions.objects.create(code="330100", name="杭州市", level=2)
    district = regions.objects.create(code="330106", name="西湖区", level=3, parent=city)
    actions.set_labour_price(amount=Decimal("80"), **since)
    actions.set_labour_price(amount=Decimal("90"), region=city, **since)
    actions.set_labour_price(amount=Decimal("99"), region=district, **since)
    actions.set_labour_price(amount=Decimal("70"), customer_grade="VIP", **since)
    actions.set_labour_price(amount=Decimal("30"), fee="distance", from_km=20, to_km=40, **since)
    actions.set_labour_price(amount=Decimal("60"), fee="distance", from_km=40, **since)
    actions.set_labour_price(amount=Decimal("25"), fee="time", per_minutes=30, **since)
    actions.set_labour_price(percent=Decimal("50"), fee="holiday", **since)
    actions.set_labour_price(amount=Decimal("40"), fee="night", from_time=dt.time(22), to_time=dt.time(6), **since)

    def price(**asked):
        fees = ("labour", "distance", "time", "holiday", "night")
        return {fee: found.amount for fee, found in queries.price_job(fees, queries.Job(day, **asked)).items()}

    assert price() == {"labour": 80} and price(region_code="330106") == {"labour": 99}
    assert price(region_code="330105")["labour"] == 90 and price(region_code="310101")["labour"] == 80
    # Region weighs more than grade, as the columns stand.
    assert price(customer_grade="VIP")["labour"] == 70 and price(customer_grade="VIP", region_code="330106")["labour"] == 99
    assert [price(km=Decimal(km)).get("distance") for km in (20, 21, 40, 41)] == [None, 30, 30, 60]
    assert [price(minutes=n, standard=60).get("time") for n in (60, 61, 90, 91)] == [None, 25, 25, 50]
    assert price(is_holiday=True)["holiday"] == 40
    assert [price(started_at=dt.time(hour)).get("night") for hour in (21, 22, 5, 6)] == [None, 40, 40, None]
    fee, told = queries.explain("labour", queries.Job(day, region_code="330106"))
    assert fee.price == 99 and [one["verdict"] for one in told] == ["won", "beaten", "beaten", "differs"]
    assert "区域" in told[1]["why"] and "客户等级" in told[3]["why"]
    with pytest.raises(RuleBroken) as refused:
        actions.set_labour_price(amount=Decimal("1"), fee="distance", from_km=30, to_km=50, **since)
    assert refused.value.code == "price_overlap"


@pytest.mark.parametrize(("values", "code"), [
    ({"from_km": 5}, "band_not_asked"), ({"fee": "distance", "from_km": 9, "to_km": 9}, "bad_band"), ({"fee": "time"}, "bad_period"),
    ({"per_minutes": 30}, "bad_period"), ({"percent": Decimal(5)}, "percent_not_asked"), ({"fee": "night"}, "bad_hours"),
])
def test_columns_that_belong_to_another_fee(keeper, values, code):
    with pytest.raises(RuleBroken) as refused:
        actions.set_labour_price(**{"amount": Decimal("10"), "valid_from": D(2026, 1, 1)} | values, **keeper)
    assert refused.value.code == code


def test_part_prices_by_class_of_customer(keeper):
    part = actions.create_part(name="水泵", price_amount=Decimal("30"), **keeper)
    since = {"valid_from": D(2026, 1, 1), **keeper}
    actions.set_part_price(part, amount=Decimal("29"), **since)
    actions.set_part_price(part, amount=Decimal("25"), customer_kind="dealer", **since)
    actions.set_part_price(part, amount=Decimal("27"), customer_grade="VIP", **since)
    asked = [("", ""), ("", "dealer"), ("VIP", "dealer"), ("普通", "person")]
    assert [queries.part_price(part, D(2026, 5, 1), grade=g, kind=k) for g, k in asked] == [29, 25, 27, 29]


def test_limits_by_urgency_work_type_category_and_place(keeper, by_clerk, django_assert_max_num_queries):
    assert queries.service_limit(None, True) is None
    top, _m = actions.ensure_category("家电", **keeper)
    low, _m = actions.ensure_category("洗衣机", parent=top, **keeper)
    repair, _m = actions.ensure_work_type("维修", **keeper)
    actions.set_service_level(respond_minutes=100, repair_minutes=1000, **keeper)
    actions.set_service_level(respond_minutes=200, repair_minutes=1000, is_urban=False, **keeper)
    actions.set_service_level(respond_minutes=50, repair_minutes=500, category=top, **keeper)
    actions.set_service_level(respond_minutes=80, repair_minutes=800, work_type=repair, **keeper)
    assert queries.service_limit(None, True) == (100, 1000)
    assert queries.service_limit(None, False).respond_minutes == 200
    with marks_once(), django_assert_max_num_queries(2):
        assert queries.service_limit(None, False, category_id=low.pk).respond_minutes == 50
    assert queries.service_limit(repair.pk, False, category_id=low.pk, urgent=True).respond_minutes == 80
    urgent = actions.set_service_level(respond_minutes=30, repair_minutes=300, urgent=True, **keeper)
    assert queries.service_limit(repair.pk, False, category_id=low.pk, urgent=True) == (30, 300)
    again = actions.set_service_level(respond_minutes=20, repair_minutes=300, urgent=True, **keeper)
    assert again.pk == urgent.pk and again.respond_minutes == 20
    again = actions.edit_service_level(again, version=2, repair_minutes=200, **keeper)
    assert again.repair_minutes == 200
    for respond, repair_minutes in ((0, 10), (20, 10)):
        with pytest.raises(RuleBroken):
            actions.set_service_level(respond_minutes=respond, repair_minutes=repair_minutes, **keeper)
    with pytest.raises(NotAllowed):
        actions.set_service_level(respond_minutes=1, repair_minutes=2, **by_clerk)


def test_lists_and_look_ups(company, keeper, django_assert_num_queries):
    product, _m = actions.ensure_product("洗衣机", category_name="家电", **keeper)
    code, _m = actions.ensure_code("fault", "漏水", **keeper)
    actions.ensure_work_type("维修", code="WX", **keeper)
    assert queries.get_product(product.pk, company.clerk) == product
    assert queries.get_code(code.pk, company.clerk) == code
    assert queries.get_category(product.category_id, company.clerk).name == "家电"
    assert queries.get_work_type("WX", company.clerk).name == "维修"
    with pytest.raises(NotFound):
        queries.get_product(987654, company.clerk)
    lists = (queries.list_categories, queries.list_products, queries.list_parts, queries.list_codes,
             queries.list_work_types, queries.list_labour_prices, queries.list_part_prices, queries.list_service_levels)
    for listed in lists:
        with django_assert_num_queries(1):
            [str(getattr(row, "category", "")) for row in listed(company.clerk)]
    assert not queries.list_products(at_branch(company.here, "parties.view_customer")).exists()
    assert queries.list_codes(company.clerk, "fault").count() == 1
