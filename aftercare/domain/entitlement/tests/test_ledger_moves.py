"""Ends set by hand, extensions sold, parts and units put in, swaps: what each does to the ledger, and what it refuses."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions, queries
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.domain.entitlement.tests.test_actions import furnish
from aftercare.domain.parties.tests.company import AT, at_branch
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = pytest.mark.django_db
D = dt.date
ORDER = Source("work.workorder", 5, "WO5")


@pytest.fixture
def shop(company):
    return furnish(company)


@pytest.fixture
def boss(shop):
    return {"actor": shop.boss, "at": AT}


def until(shop, on, unit=None):
    found = queries.decide(asset_id=(unit or shop.unit).pk, on=on)
    return found.service_class, found.ends_on


def test_an_end_set_by_hand_needs_right_and_reason_and_stays(shop, boss):
    (entry,) = actions.register_base(shop.unit, **boss)
    with pytest.raises(NotAllowed):
        actions.set_end(entry, ends_on=D(2027, 1, 1), reason="x", actor=shop.keeper, at=AT)
    for values, code in (({"reason": " "}, "reason_missing"), ({"ends_on": D(2025, 1, 1)}, "bad_span")):
        with pytest.raises(RuleBroken) as refused:
            actions.set_end(entry, **{"ends_on": D(2027, 1, 1), "reason": "经销商补偿", **boss} | values)
        assert refused.value.code == code
    new = actions.set_end(entry, ends_on=D(2027, 1, 1), reason="经销商补偿", **boss)
    assert until(shop, D(2027, 1, 1)) == ("C", D(2027, 1, 1)) and until(shop, D(2027, 1, 2))[0] == "A"
    assert [row.pk for row in actions.register_base(shop.unit, **boss)] == [new.pk]
    days = actions.add_repair_days(shop.unit, starts_on=D(2026, 1, 1), ends_on=D(2026, 1, 2), source=ORDER, **boss)
    for line, code in ((days, "no_span"), (entry, "already_reversed")):
        with pytest.raises(WrongState) as refused:
            actions.set_end(line, ends_on=D(2028, 1, 1), reason="x", **boss)
        assert refused.value.code == code


def test_an_extension_is_sold_once_with_price_and_evidence_behind_the_base(shop, boss):
    term = actions.create_term(name="延保一年", kind="extension", months=12, price_amount=Decimal("199.00"),
                               category=shop.product.category, valid_from=D(2020, 1, 1), valid_to=D(2026, 12, 31), **boss)
    other = actions.create_term(name="别的延保", kind="extension", months=12, valid_from=D(2020, 1, 1), category=catalog.ensure_category(
        "冰箱", **boss)[0], **boss)
    assert list(queries.extensions_for(shop.unit, D(2026, 1, 1))) == [term]
    given = {"sold_on": D(2026, 1, 5), "evidence": "YB-1"}
    for bad, values, code in ((shop.term, {}, "no_extension"), (term, {"sold_on": D(2027, 1, 1)}, "not_for_sale"),
                              (term, {"evidence": " "}, "evidence_missing"), (other, {}, "other_unit")):
        with pytest.raises(RuleBroken) as refused:
            actions.sell_extension(shop.unit, bad, **given | values, **boss)
        assert refused.value.code == code
    entry = actions.sell_extension(shop.unit, term, **given, **boss)
    assert (entry.starts_on, entry.ends_on, entry.price_amount) == (D(2026, 3, 16), D(2027, 3, 16), Decimal("199.00"))
    assert until(shop, D(2027, 3, 16)) == ("C", D(2027, 3, 16))
    with pytest.raises(WrongState):
        actions.sell_extension(shop.unit, term, **given, **boss)
    with pytest.raises(NotAllowed):
        actions.sell_extension(shop.unit, term, actor=shop.clerk, at=AT, **given | {"evidence": "YB-2"})


@pytest.mark.both
def test_parts_put_in_have_their_own_warranty_until_the_document_is_reversed(shop, boss):
    actions.create_term(name="配件半年", kind="part", months=6, covers_labour=False, covers_travel=False,
                        component="主板", valid_from=D(2020, 1, 1), **boss)
    lines = [actions.Replacement("主板 K1"), actions.Replacement("风扇", 3), actions.Replacement("螺丝")]
    booked = actions.register_replacements(shop.unit, lines, on=D(2026, 6, 1), source=ORDER, **boss)
    again = actions.register_replacements(shop.unit, lines, on=D(2026, 6, 1), source=ORDER, **boss)
    assert [(row.component, row.ends_on) for row in booked] == [("主板 K1", D(2026, 12, 1)), ("风扇", D(2026, 9, 1))]
    assert [row.pk for row in again] == [row.pk for row in booked]
    found = queries.decide(asset_id=shop.unit.pk, on=D(2026, 12, 1))
    assert found.service_class == "A" and found.is_free("parts", "主板 K1") and not found.is_free("labour", "主板 K1")
    assert "「主板 K1」到2026年12月1日" in queries.sentence(found)
    assert len(actions.reverse_source(ORDER, reason="审核有误", **boss)) == 2
    assert not queries.decide(asset_id=shop.unit.pk, on=D(2026, 12, 1)).is_free("parts", "主板 K1")
    assert actions.reverse_source(ORDER, reason="再来", **boss) == []


def test_an_exchanged_unit_takes_over_the_rest_or_runs_anew_by_policy(shop, boss):
    old = shop.unit
    new = assets.register_asset(product=shop.product, serial="K1-NEW", customer=shop.customer, branch_id=shop.here.pk, **boss)
    cover = actions.register_exchange(new, old, on=D(2026, 1, 10), source=Source("assets.asset", old.pk, old.number), **boss)
    assert (cover.kind_of, cover.ends_on, cover.evidence) == ("exchange", D(2026, 3, 15), f"{old.number} K1-001")
    assert until(shop, D(2026, 3, 15), new)[0] == "C" and until(shop, D(2026, 3, 16), new)[0] == "A"
    actions.create_term(name="换机一年", kind="exchange", months=12, valid_from=D(2020, 1, 1), **boss)
    third = assets.register_asset(product=shop.product, serial="K1-3", customer=shop.customer, branch_id=shop.here.pk, **boss)
    anew = actions.register_exchange(third, old, on=D(2026, 1, 10), source=Source("assets.asset", old.pk, "x"), **boss)
    assert anew.ends_on == D(2027, 1, 10)


def test_coming_back_and_being_sold_again_neither_renews_nor_erases(shop, boss):
    actions.register_base(shop.unit, **boss)
    back = assets.release_owner(shop.unit, on=D(2025, 9, 1), **boss)
    assert until(shop, D(2025, 10, 1)) == ("C", D(2026, 3, 15))
    sold = assets.edit_asset(back, version=back.version, sold_on=D(2026, 2, 1), invoiced_on=D(2026, 2, 1), **boss)
    assert until(shop, D(2026, 3, 16), sold) == ("A", D(2026, 3, 15))
    assert WarrantyEntry.objects.filter(asset=shop.unit).count() == 1


@pytest.mark.both
def test_a_swapped_component_takes_its_warranty_along_and_comes_back_when_undone(shop, boss):
    pump = catalog.ensure_product("压缩机 QD", category_name="部件", brand="格力", **boss)[0]
    first = assets.register_asset(product=pump, serial="P-1", customer=shop.customer, branch_id=shop.here.pk, parent=shop.unit, **boss)
    actions.register_cover(first, kind="part", name="压缩机三年", starts_on=D(2026, 1, 1), ends_on=D(2028, 12, 31), **boss)
    late = D(2027, 1, 1)
    assert queries.decide(asset_id=shop.unit.pk, on=late).is_free("parts", "压缩机 QD")
    swap = assets.swap_component(shop.unit, old=first, new_serial="ｐ－2", on=D(2026, 11, 1), source=ORDER, **boss)
    assert swap.new.serial_key == "P-2" and swap.new.parent_id == shop.unit.pk and swap.new.customer_id == shop.customer.pk
    first.refresh_from_db()
    assert first.parent_id is None and first.customer_id is None
    assert not queries.decide(asset_id=shop.unit.pk, on=late).is_free("parts", "压缩机 QD")
    assert queries.decide(asset_id=first.pk, on=late).service_class == "C"
    for values, code in (({"new_serial": "P-3", "old": first}, "not_component"), ({"new_serial": "p-2"}, "same_serial"),
                         ({"new_serial": " "}, "serial_missing"), ({"new_serial": "K1-001"}, "component_placed"),
                         ({"new_serial": "P-3", "on": D(2030, 1, 1)}, "future_date")):
        with pytest.raises(RuleBroken) as refused:
            assets.swap_component(shop.unit, **{"old": swap.new, "product": shop.product if "K1" in values["new_serial"] else pump,
                                                "on": D(2026, 11, 2), **boss} | values)
        assert refused.value.code == code
    back = assets.reverse_swap(swap, reason="拿错了", **boss)
    first.refresh_from_db()
    assert back.reverses_id == swap.pk and (first.parent_id, first.customer_id) == (shop.unit.pk, shop.customer.pk)
    assert queries.decide(asset_id=shop.unit.pk, on=late).is_free("parts", "压缩机 QD")
    with pytest.raises(WrongState):
        assets.reverse_swap(swap, reason="再来", **boss)
    typed = assets.swap_component(shop.unit, old_serial="旧-9", product=pump, new_serial="P-9", on=D(2026, 11, 3), is_old_kept=True, **boss)
    assert typed.old.serial == "旧-9" and typed.old.customer_id == shop.customer.pk and typed.old.parent_id is None


def test_a_reading_is_a_dated_claim_and_ends_a_term_by_use(shop, boss):
    printer = catalog.ensure_product("打印机", category_name="打印机", **boss)[0]
    actions.create_term(name="一万张", product=printer, months=12, cycles=10_000, cycle_unit="张", valid_from=D(2020, 1, 1), **boss)
    unit = assets.register_asset(product=printer, serial="P1", customer=shop.customer, branch_id=shop.here.pk,
                                 sold_on=D(2026, 3, 1), invoiced_on=D(2026, 3, 1), invoice_number="F", **boss)
    unit = assets.add_reading(unit, value=12_000, on=D(2026, 6, 1), **boss)
    unit = assets.add_reading(unit, value=4_000, on=D(2026, 4, 1), note="补记", **boss)
    assert (unit.reading, unit.read_on) == (12_000, D(2026, 6, 1))
    assert until(shop, D(2026, 5, 1), unit)[0] == "C" and until(shop, D(2026, 6, 1), unit)[0] == "A"
    for values, code in (({"value": -1}, "bad_reading"), ({"on": D(2027, 1, 1)}, "future_date")):
        with pytest.raises(RuleBroken) as refused:
            assets.add_reading(unit, **{"value": 5, "on": D(2026, 6, 2), **boss} | values)
        assert refused.value.code == code


@pytest.mark.parametrize(("values", "code"), [
    ({"promotion": "五一"}, "promotion_endless"), ({"parts_percent": 101}, "bad_percent"), ({"cycles": 5}, "no_unit"),
    ({"starts": "first"}, "too_few_starts"), ({"kind": "x"}, "unknown_kind"), ({"policy": "x"}, "unknown_policy"),
    ({"borne_by": "x"}, "unknown_bearer"),
    ({"parts_percent": 0, "labour_percent": 0, "covers_travel": False}, "covers_nothing"),
])
def test_a_term_that_cannot_be_is_refused(shop, boss, values, code):
    with pytest.raises(RuleBroken) as refused:
        actions.create_term(**{"name": "x", "months": 6, "valid_from": D(2026, 1, 1), **boss} | values)
    assert refused.value.code == code


def test_the_fleet_stands_as_each_file_says(shop, boss):
    unit_b = assets.register_asset(product=shop.product, serial="B", branch_id=shop.here.pk, made_on=D(2026, 1, 1), **boss)
    at = dt.datetime(2026, 3, 15, 15, 59, tzinfo=dt.UTC)  # 23:59 in Shanghai: the last day counts to its end
    rows = {one.asset_id: one for one in queries.walk_fleet(_units(shop), at=at) if not isinstance(one, int)}
    assert (rows[shop.unit.pk].state, rows[shop.unit.pk].days_left) == ("in_warranty", 0)
    assert rows[unit_b.pk].state == "doubtful" and rows[unit_b.pk].flags[0] == "serial_without_sale"
    soon = [one for one in queries.walk_fleet(_units(shop), at=at, within_days=30) if not isinstance(one, int)]
    assert [one.number for one in soon] == [shop.unit.number]
    after = list(queries.walk_fleet(_units(shop), at=at + dt.timedelta(minutes=1), states=("out",)))
    assert [one.number for one in after if not isinstance(one, int)] == [shop.unit.number]
    assert queries.local_day(shop.unit, at) == D(2026, 3, 15) and queries.local_day(shop.unit, at + dt.timedelta(minutes=1)) == D(2026, 3, 16)


def _units(shop):
    from aftercare.domain.assets import queries as units

    return units.list_assets(at_branch(shop.here, "assets.view_asset")).select_related(None)


def test_the_try_out_tells_which_term_wins_and_why_others_do_not(shop, boss):
    actions.create_term(name="产品两年", product=shop.product, months=24, valid_from=D(2025, 6, 1), **boss)
    actions.create_term(name="未来条款", months=36, valid_from=D(2027, 1, 1), **boss)
    trial = queries.try_out(on=D(2026, 1, 1), product=shop.product, days={"sold_on": D(2025, 3, 15)})
    assert {row.term.name: row.outcome for row in trial.terms} == {
        "产品两年": "not_valid", "整机一年": "wins", "未来条款": "not_valid"}
    assert trial.decision.service_class == "C" and set(trial.sentences) == {"zh-hans", "zh-hant", "en"}
    moved = queries.try_out(on=D(2026, 1, 1), asset=shop.unit, days={"sold_on": D(2025, 7, 1), "invoiced_on": D(2025, 7, 1)})
    assert moved.decision.term_name == "产品两年" and WarrantyEntry.objects.count() == 0
