"""Article codes, bills of material, the tree of categories: what is refused and what holds together."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from aftercare.domain.catalog import actions, queries, rules
from aftercare.domain.catalog.models import Category, Fitting, Part
from aftercare.domain.journal.models import Fact
from aftercare.domain.parties.tests.company import AT, at_branch, found_company
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale

EAN, OTHER_EAN, EIGHT = "4006381333931", "6901234567892", "96385074"


@pytest.fixture
def editor(company):
    return {"actor": at_branch(company.here, "catalog.view", "catalog.edit", "catalog.add_word"), "at": AT}


@pytest.fixture
def shop(editor):
    shop = type("Shop", (), {})()
    shop.product, _m = actions.ensure_product("挂机 35", category_name="空调", **editor)
    shop.other, _m = actions.ensure_product("挂机 26", category_name="空调", **editor)
    shop.fan = actions.create_part(name="风扇", code="F1", **editor)
    shop.board = actions.create_part(name="主板", code="B1", **editor)
    return shop


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refused:
        call()
    return refused.value.code


def lines(*given):
    return [{"part": part, "position": position, "qty": Decimal(qty)} for part, position, qty in given]


def test_an_article_number_is_the_same_in_all_its_lengths():
    assert rules.gtin_forms(EAN) == [EAN, f"0{EAN}"]
    assert rules.gtin_forms(f"0{EAN}") == [f"0{EAN}", EAN]
    assert set(rules.gtin_forms(EIGHT)) == {EIGHT, f"000000{EIGHT}", f"00000{EIGHT}", f"0000{EIGHT}"}
    assert rules.gtin_forms("C1") == ["C1"]


@pytest.mark.django_db
def test_a_false_article_code_is_refused_and_an_old_one_does_not_stand_in_the_way(editor, shop):
    for make in (
        lambda: actions.ensure_product("新机", gtin="4006381333932", **editor),
        lambda: actions.create_part(name="新件", gtin="123", **editor),
        lambda: actions.edit_product(shop.product, version=shop.product.version, gtin="12345678", **editor),
        lambda: actions.edit_part(shop.fan, version=shop.fan.version, gtin="12345678", **editor),
    ):
        assert code_of(make) == "bad_gtin"
    Part.objects.filter(pk=shop.fan.pk).update(gtin="OLD-1")
    fan = queries.get_part(shop.fan.pk, editor["actor"])
    assert actions.edit_part(fan, version=fan.version, name="风扇大", gtin="OLD-1", **editor).name == "风扇大"


@pytest.mark.django_db
@pytest.mark.both
def test_a_code_is_one_articles_only_however_it_is_written(editor, shop):
    actions.edit_part(shop.fan, version=shop.fan.version, gtin=EAN, **editor)
    assert code_of(lambda: actions.edit_product(shop.product, version=shop.product.version, gtin=f"0{EAN}", **editor)) == "gtin_taken"
    assert code_of(lambda: actions.set_pack(shop.board, name="箱", per_qty=Decimal(6), gtin=EAN, **editor)) == "gtin_taken"
    assert code_of(lambda: actions.add_article_code(shop.board, gtin=EAN, **editor)) == "gtin_taken"
    actions.set_pack(shop.fan, name="箱", per_qty=Decimal(6), gtin=OTHER_EAN, **editor)
    actions.set_pack(shop.fan, name="箱", per_qty=Decimal(8), gtin=OTHER_EAN, **editor)
    assert queries.find_barcode(f"0{OTHER_EAN}").per_qty == 8


@pytest.mark.django_db
@pytest.mark.both
def test_further_codes_lead_to_their_article_until_they_are_taken_away(editor, shop):
    actions.add_article_code(shop.fan, gtin=EAN, note="旧包装", **editor)
    actions.add_article_code(shop.product, gtin=OTHER_EAN, **editor)
    assert (queries.find_barcode(f"0{EAN}").code, queries.find_barcode(OTHER_EAN).kind) == ("F1", "product")
    assert code_of(lambda: actions.add_article_code(shop.fan, gtin="", **editor)) == "gtin_missing"
    actions.remove_article_code(shop.fan, gtin=EAN, **editor)
    assert queries.find_barcode(EAN) is None
    with pytest.raises(NotFound):
        actions.remove_article_code(shop.fan, gtin=OTHER_EAN, **editor)
    assert Fact.objects.filter(name="ArticleCoded").count() == 3


@pytest.mark.django_db
@pytest.mark.both
def test_a_bill_of_material_is_written_whole_and_only_on_what_was_seen(editor, shop):
    product = actions.replace_fittings(shop.product, lines((shop.fan, "1", 1), (shop.board, "2", 1)), version=shop.product.version, **editor)
    assert [(row.part.code, row.position) for row in queries.fittings_of(product.pk)] == [("F1", "1"), ("B1", "2")]
    with pytest.raises(Stale):
        actions.replace_fittings(shop.product, lines((shop.fan, "9", 1)), version=product.version - 1, **editor)
    actions.set_fitting(product, part=shop.fan, position="3", **editor)
    with pytest.raises(Stale):
        actions.replace_fittings(product, [], version=product.version - 1, **editor)
    product = actions.replace_fittings(product, lines((shop.fan, "1", 2)), version=product.version, **editor)
    assert [(row.position, row.qty) for row in queries.fittings_of(product.pk)] == [("1", 2)]
    fact = Fact.objects.filter(name="FittingsReplaced").latest("pk")
    assert (fact.data["added"], fact.data["changed"], fact.data["removed"]) == (0, 1, 2)


@pytest.mark.django_db
def test_a_bill_of_material_refuses_what_makes_no_sense(company, editor, shop):
    twice = lines((shop.fan, "1", 1), (shop.fan, " 1 ", 2))
    assert code_of(lambda: actions.replace_fittings(shop.product, twice, **editor)) == "fitting_twice"
    assert code_of(lambda: actions.copy_fittings(shop.product, source=shop.other, **editor)) == "nothing_to_copy"
    assert code_of(lambda: actions.copy_fittings(shop.product, source=shop.product, **editor)) == "same_product"
    with pytest.raises(NotAllowed):
        actions.replace_fittings(shop.product, [], actor=company.clerk, at=AT)


@pytest.mark.django_db
def test_a_copied_bill_of_material_leaves_what_is_there(editor, shop):
    actions.set_fitting(shop.other, part=shop.fan, position="1", qty=Decimal(2), **editor)
    actions.set_fitting(shop.other, part=shop.board, position="2", **editor)
    actions.set_fitting(shop.product, part=shop.fan, position="1", qty=Decimal(5), **editor)
    assert actions.copy_fittings(shop.product, source=shop.other, **editor) == 1
    assert [(row.part.code, row.qty) for row in queries.fittings_of(shop.product.pk)] == [("F1", 5), ("B1", 1)]


@pytest.mark.django_db
def test_the_tree_counts_what_lies_below(editor, shop):
    air = queries.find_category("空调")
    home, _m = actions.ensure_category("家电", **editor)
    air = actions.edit_category(air, version=air.version, parent_id=home.pk, **editor)
    actions.edit_part(shop.fan, version=shop.fan.version, category_id=home.pk, **editor)
    tree = [(row.category.name, row.depth, row.products, row.products_below, row.parts_below) for row in queries.category_tree(editor["actor"])]
    assert tree == [("家电", 0, 0, 2, 1), ("空调", 1, 2, 2, 0)]
    assert set(queries.subtree(home.pk)) == {home.pk, air.pk}
    assert queries.in_category(queries.list_products(editor["actor"]), home.pk).count() == 2
    assert code_of(lambda: actions.edit_category(home, version=home.version, parent_id=air.pk, **editor)) == "category_circle"
    assert code_of(lambda: actions.edit_category(home, version=home.version, is_active=False, **editor)) == "category_has_children"


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_two_who_move_categories_under_each_other_make_no_circle():
    found_company()
    given = {"actor": Actor.system("test"), "at": AT}
    first, _m = actions.ensure_category("甲", **given)
    second, _m = actions.ensure_category("乙", **given)
    outcomes, gate = [], threading.Barrier(2)

    def move(category, parent):
        gate.wait()
        try:
            actions.edit_category(category, version=category.version, parent_id=parent.pk, **given)
            outcomes.append("moved")
        except RuleBroken as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["category_circle", "moved"]
    assert Category.objects.filter(parent=None).count() == 1


@pytest.mark.django_db
def test_words_without_rows_are_offered_by_use(editor, shop):
    actions.ensure_product("柜机", maker="清风电器", unit="套", **editor)
    assert [one.name for one in queries.suggest("maker", "清", editor["actor"])] == ["清风电器"]
    assert {one.name for one in queries.suggest("unit", "", editor["actor"])} == {"台", "套", "个"}
    assert Fitting.objects.count() == 0
