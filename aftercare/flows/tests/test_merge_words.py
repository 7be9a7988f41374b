"""Entries typed twice become one: everything that refers to them follows, and what may not be rewritten is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.catalog import queries as words
from aftercare.domain.catalog.models import Category, Code, Part, Product
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as terms
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.journal.models import Fact
from aftercare.domain.work import queries as orders
from aftercare.flows import merge_words, register_request
from aftercare.foundation import repointing
from aftercare.foundation.refusals import NotAllowed, RuleBroken
from tests import world

# Columns of settings and ledgers that stand in the way of a merge on purpose: they price, promise or book.
STANDS_IN_THE_WAY = {
    "catalog.product": set(),
    "catalog.code": set(),
    "catalog.category": {"catalog.ServiceLevel", "catalog.LabourPrice", "entitlement.ContractScope", "entitlement.Term",
                         "entitlement.RightRule", "settlement.Rate", "cores.CoreRule"},
    "catalog.part": {"catalog.PartPrice", "inventory.PartClass", "inventory.Home", "inventory.Lot", "inventory.Balance", "inventory.Cost",
                     "inventory.StockMove", "inventory.DocumentLine", "inventory.Snapshot", "inventory.Reservation", "inventory.PartRequest",
                     "inventory.StocktakeLine", "orders.SaleLine", "work.Material", "purchasing.SupplierPrice", "purchasing.RequestLine",
                     "purchasing.OrderLine", "purchasing.ReceiptLine", "purchasing.EnquiryLine", "purchasing.TransferLine",
                     "cores.CoreRule", "cores.CoreReturn"},
}  # fmt: skip


@pytest.mark.parametrize("model", [Product, Code, Category, Part])
def test_what_becomes_of_each_column_at_a_merge_is_decided(model):
    plan = merge_words.PLANS[model._meta.label_lower]
    found = repointing.references(model)
    decided = {*plan.moved, *plan.own}
    assert decided <= set(found), "a column of the plan is no more"
    others = {label.rpartition(".")[0] for label in set(found) - decided}
    assert others == STANDS_IN_THE_WAY[model._meta.label_lower], "say what a merge does with it"
    assert set(plan.either) <= decided


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refused:
        call()
    return refused.value.code


@pytest.fixture
def house(db):
    # Refusals name what stands in the way in the reader's language.
    with translation.override("zh-hans"):
        yield world.found()


@pytest.fixture
def given(house):
    return {"actor": house.actor("administrator"), "at": world.MONDAY}


def _order(house, product, **more):
    request = register_request.register(
        branch_id=house.head.pk, channel="phone", kind="repair", phone="13800001111", customer=house.customer, product=product, title="不制冷",
        work_type=house.work_type, mode="on_site", address="南京东路一号", region_code="310101", actor=house.actor("clerk"), at=world.MONDAY, **more,
    )
    return request.order


@pytest.mark.both
def test_a_product_typed_twice_becomes_one_with_everything_that_refers_to_it(house, given):
    twin, _m = catalog.ensure_product("变频空调1号", category_name="空调", code="KF-1", gtin="4006381333931", maker="清风电器", **given)
    unit = assets.register_asset(product=twin, serial="T-1", customer=house.customer, branch_id=house.head.pk, **given)
    order = _order(house, twin)
    term = entitlement.create_term(name="一号两年", months=24, product=twin, valid_from=dt.date(2024, 1, 1), **given)
    catalog.set_fitting(twin, part=house.capacitor, position="3", **given)
    catalog.set_fitting(twin, part=house.compressor, position="1", qty=Decimal(2), **given)
    catalog.set_fitting(house.product, part=house.compressor, position="1", **given)
    catalog.add_article_code(twin, gtin="6901234567892", **given)
    twin = words.get_product(twin.pk, given["actor"])
    foreseen = merge_words.foresee(twin, actor=given["actor"])
    assert foreseen.why_not == "" and ("服务单", 1) in foreseen.moved and ("设备档案", 1) in foreseen.moved

    merged = merge_words.merge(twin, house.product, **given)
    assert (merged.pk, merged.gtin) == (house.product.pk, "4006381333931")
    assert {row.position: row.qty for row in words.fittings_of(merged.pk)} == {"1": 1, "3": 1}
    moved_unit, moved_order = type(unit).objects.get(pk=unit.pk), orders.get_order(order.number, given["actor"])
    assert (moved_unit.product_id, moved_order.product_id) == (merged.pk, merged.pk)
    assert moved_unit.version > unit.version and moved_order.version > order.version
    assert moved_unit.maker_key == house.new_unit.maker_key
    assert terms.get_term(term.pk, given["actor"]).product_id == merged.pk
    assert words.find_barcode("6901234567892").id == merged.pk
    for typed in ("变频空调1号", "kf-1", "变频空调一号"):
        assert catalog.ensure_product(typed, **given) == (merged, False)
    assert catalog.ensure_product("变频空调1号", exact=True, **given) == (merged, False)
    gone = words.get_product(twin.pk, given["actor"])
    assert (gone.is_active, gone.merged_into_id, gone.gtin) == (False, merged.pk, "")
    assert "变频空调1号" not in [one.name for one in words.suggest("product", "变频", given["actor"])]
    fact = Fact.objects.filter(name="WordsMerged", kind="catalog.product", object_id=merged.pk).get()
    assert fact.data["moved"]["work.WorkOrder.product"] == 1
    # An order that came by the old entry while it was merged follows at a second merge.
    late = _order(house, gone)
    assert late.product_id == gone.pk
    merge_words.merge(gone, merged, **given)
    assert orders.get_order(late.number, given["actor"]).product_id == merged.pk
    assert code_of(lambda: catalog.edit_product(gone, version=gone.version + 1, is_active=True, **given)) == "merged_away"


def test_what_cannot_be_one_product_is_refused_and_nothing_is_moved(house, given):
    twin, _m = catalog.ensure_product("变频空调1号", category_name="空调", **given)
    third, _m = catalog.ensure_product("变频空调壹号", category_name="空调", **given)
    assets.register_asset(product=twin, serial="QF-NEW-0002", branch_id=house.head.pk, **given)
    order = _order(house, twin)
    assert code_of(lambda: merge_words.merge(twin, house.product, **given)) == "units_twice"
    assert orders.get_order(order.number, given["actor"]).product_id == twin.pk
    assert code_of(lambda: merge_words.merge(twin, twin, **given)) == "same_entry"
    for product in (twin, third):
        entitlement.create_term(name="两年", months=24, product=product, valid_from=dt.date(2024, 1, 1), **given)
    assert code_of(lambda: merge_words.merge(twin, third, **given)) == "both_have"
    spare, _m = catalog.ensure_product("备用", **given)
    merge_words.merge(spare, house.product, **given)
    spare = words.get_product(spare.pk, given["actor"])
    assert code_of(lambda: merge_words.merge(twin, spare, **given)) == "target_merged_away"
    assert code_of(lambda: merge_words.merge(spare, third, **given)) == "merged_away"
    with pytest.raises(NotAllowed):
        merge_words.merge(third, house.product, actor=house.actor("clerk"), at=world.MONDAY)


def test_a_fault_typed_twice_becomes_one_on_orders_and_in_terms(house, given):
    kept, _m = catalog.ensure_code("fault", "不制冷", **given)
    twin, _m = catalog.ensure_code("fault", "不致冷", **given)
    cause, _m = catalog.ensure_code("cause", "缺氟", **given)
    order = _order(house, house.product, fault=twin)
    term = entitlement.create_term(name="一年不含", months=12, product=house.product, excluded_codes=[kept, twin], valid_from=dt.date(2024, 1, 1), **given)
    assert code_of(lambda: merge_words.merge(twin, cause, **given)) == "other_dictionary"
    merged = merge_words.merge(twin, kept, **given)
    assert orders.get_order(order.number, given["actor"]).fault_id == kept.pk
    assert terms.get_term(term.pk, given["actor"]).excluded_codes == [kept.pk]
    assert catalog.ensure_code("fault", "不致冷", **given) == (merged, False) and merged.aliases == ["不致冷"]
    white, _m = catalog.ensure_code("colour", "白", **given)
    white_too, _m = catalog.ensure_code("colour", "白色", **given)
    assert code_of(lambda: merge_words.merge(white_too, white, **given)) == "cannot_merge"


def test_categories_become_one_unless_prices_or_skills_name_them(house, given):
    twin, _m = catalog.ensure_category("空调机", **given)
    below, _m = catalog.ensure_category("窗机", parent=twin, **given)
    product, _m = catalog.ensure_product("窗机一号", category_name="空调机", **given)
    assert code_of(lambda: merge_words.merge(twin, below, **given)) == "category_circle"
    price = catalog.set_labour_price(amount=Decimal(90), category=twin, valid_from=dt.date(2026, 1, 1), **given)
    with pytest.raises(RuleBroken, match="工时价"):
        merge_words.merge(twin, house.category, **given)
    type(price).objects.filter(pk=price.pk).delete()
    merge_words.merge(twin, house.category, **given)
    assert words.get_product(product.pk, given["actor"]).category_id == house.category.pk
    assert words.get_category(below.pk, given["actor"]).parent_id == house.category.pk
    assert words.find_category("空调机").pk == house.category.pk
    # Skills and certificates are told by the category's code.
    other, _m = catalog.ensure_category("冷气", **given)
    with pytest.raises(RuleBroken, match="技能"):
        merge_words.merge(house.category, other, **given)


@pytest.mark.both
def test_a_part_with_moves_is_not_merged_and_one_without_is(house, given):
    twin = catalog.create_part(name="电容器", code="P-201", **given)
    other = catalog.create_part(name="电容罩", code="P-202", **given)
    catalog.set_fitting(house.product, part=twin, position="7", **given)
    catalog.set_substitute(twin, substitute=house.capacitor, **given)
    catalog.set_substitute(other, substitute=twin, **given)
    catalog.set_pack(twin, name="盒", per_qty=Decimal(10), gtin="4006381333931", **given)
    with pytest.raises(RuleBroken, match="出入库流水") as refused:
        merge_words.merge(house.capacitor, twin, **given)
    assert refused.value.code == "cannot_merge" and "替代件" in str(refused.value)
    merged = merge_words.merge(twin, house.capacitor, **given)
    assert [row.position for row in words.used_in(merged.pk)] == ["7"]
    assert [part.code for part in words.substitutes_of([other.pk])[other.pk]] == ["P-200"]
    assert words.substitutes_of([merged.pk]) == {}
    assert words.find_barcode("4006381333931").code == "P-200" and words.find_barcode("P-201").code == "P-200"
    assert words.parts_by_code(["p-201"])["p-201"].pk == merged.pk
    inventory.receive(house.depot, lines=[(merged.pk, Decimal(1), Decimal("4.00"))], **given)
