"""The decision as other rooms ask for it: statements, and words."""

import datetime as dt

import pytest
from django.utils import translation

from aftercare.domain.assets import actions as assets
from aftercare.domain.entitlement import actions, queries, rules
from aftercare.domain.entitlement.tests.test_actions import furnish
from aftercare.domain.parties.tests.company import AT

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def shop(company):
    return furnish(company)


@pytest.mark.both
def test_many_decisions_take_four_statements(shop, django_assert_num_queries):
    make = {"actor": shop.boss, "at": AT}
    units = [
        assets.register_asset(product=shop.product, serial=f"S{i}", customer=shop.customer, branch_id=shop.here.pk,
                              sold_on=D(2025, 1, i + 1), **make)
        for i in range(5)
    ]
    actions.register_cover(units[0], **make)
    with django_assert_num_queries(4):
        found = queries.decide_many([unit.pk for unit in units] + [987654], D(2026, 1, 3))
    assert [found[unit.pk].service_class for unit in units] == ["A", "A", "C", "C", "C"]
    assert found[987654].reasons == [rules.reason("unit_unknown")]
    with django_assert_num_queries(4):
        queries.decide(asset_id=units[0].pk, on=D(2026, 1, 1))
    assert queries.decide_many([], D(2026, 1, 1)) == {}


def test_without_a_unit_the_products_term_is_told(shop):
    make = {"actor": shop.boss, "at": AT}
    actions.create_term(name="K1 专用", product=shop.product, months=24, valid_from=D(2020, 1, 1), **make)
    found = queries.decide(product_id=shop.product.pk, on=D(2026, 1, 1))
    assert (found.service_class, found.term_name) == ("A", "K1 专用")
    assert queries.decide(on=D(2026, 1, 1)).service_class == "A"


def test_the_two_sentences_name_term_days_and_payers(shop):
    text = queries.sentence(queries.decide(asset_id=shop.unit.pk, on=D(2026, 3, 15)))
    assert text == (
        "这台设备在「整机一年」的保修期内，从2025年3月15日（销售日）起算，到2026年3月15日当天结束为止，"
        "所以配件费、人工费和上门费由厂家承担。2026年3月15日之后报修的，需要收费。"
    )
    late = queries.sentence(queries.decide(asset_id=shop.unit.pk, on=D(2026, 3, 16)))
    assert late == (
        "这台设备的「整机一年」从2025年3月15日起算，已在2026年3月15日当天结束时到期，2026年3月16日不在保修期内，"
        "所以配件费、人工费和上门费由您承担。如果您买过延保、签过维保合同，或有日期更晚的购机凭据，请出示，我们重新判定。"
    )


def test_every_reason_has_words():
    samples = {"term": "甲", "start": "2026-01-01", "end": "2026-12-31", "rule": "sale", "day": "2026-01-01", "days": 3,
               "before": "A", "after": "C", "reason": "乙", "by": "丙", "what": "丁", "cycles": 5, "unit": "张", "reading": 6, "count": 3, "percent": 50}
    codes = {*queries.reason_texts(), *rules.SUSPICIOUS}
    with translation.override("zh-hans"):
        for code in codes:
            text = queries.reason_text({"code": code, "params": samples})
            assert text and text != code and "%(" not in text
    assert queries.reason_text({"code": "newer_than_us", "params": {}}) == "newer_than_us"
