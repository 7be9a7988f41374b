"""Every write of units, and every refusal."""

import datetime as dt
import threading

import pytest
from django.db import connection

from aftercare.domain.assets import actions, queries
from aftercare.domain.assets.models import Asset, Ownership
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.journal.models import Fact, Mention
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties.tests.company import AT, TODAY, at_branch, customer_actor, found_company
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, Refusal, RuleBroken, Stale

D = dt.date
BEFORE = D(2025, 3, 1)


def furnish(company):
    make = {"actor": company.boss, "at": AT}
    company.product = catalog.ensure_product("洗衣机 X5", category_name="洗衣机", brand="海尔", **make)[0]
    company.other_product = catalog.ensure_product("冰箱 B1", brand="美的", **make)[0]
    company.zhang = parties.create_customer(name="张三", branch_id=company.here.pk, **make)
    company.li = parties.create_customer(name="李四", branch_id=company.here.pk, **make)
    company.far = parties.create_customer(name="远方", branch_id=company.there.pk, **make)
    return company


@pytest.fixture
def shop(company):
    return furnish(company)


@pytest.fixture
def register(shop):
    def register(**values):
        given = {"product": shop.product, "serial": "AB-123", "customer": shop.zhang, "branch_id": shop.here.pk,
                 "actor": shop.clerk, "at": AT}
        return actions.register_asset(**given | values)

    return register


@pytest.fixture
def by_clerk(shop):
    return {"actor": shop.clerk, "at": AT}


@pytest.mark.django_db
def test_a_unit_is_registered_with_owner_token_and_a_fact_on_the_owners_timeline(shop, register):
    unit = register(serial=" ab－123 ", sold_on=BEFORE, seller="国美", made_on=D(2025, 1, 5), place="厨房")
    assert (unit.serial, unit.serial_key, unit.maker_key) == ("ab－123", "AB-123", "海尔")
    assert unit.number.startswith("A") and len(unit.token) >= 22 and unit.made_year == 2025
    assert unit.installed_on is None
    assert Ownership.objects.get(asset=unit, to_on=None).from_on == BEFORE
    fact = Fact.objects.get(kind="assets.asset", object_id=unit.pk)
    assert fact.name == "AssetRegistered"
    assert Mention.objects.filter(fact=fact, kind="parties.customer", object_id=shop.zhang.pk).exists()


@pytest.mark.django_db
def test_registering_takes_few_statements(register, django_assert_max_num_queries):
    register(serial="WARM")
    with django_assert_max_num_queries(9):
        register(serial="NEXT", sold_on=BEFORE)


@pytest.mark.django_db
def test_unknown_days_stay_unknown_and_a_year_stays_a_year(register):
    unit = register(made_year=2019)
    assert unit.made_on is None and unit.made_year == 2019 and unit.sold_on is None
    assert Ownership.objects.get(asset=unit).from_on is None


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "field"), [
    ({"sold_on": TODAY + dt.timedelta(days=1)}, "sold_on"), ({"made_year": 1799}, "made_year"),
    ({"made_on": BEFORE, "made_year": 2020}, "made_year"), ({"seller": "长" * 121}, "seller"),
    ({"serial": "1" * 61}, "serial"), ({"token": "x"}, "token"),
])
def test_wrong_inputs_are_refused(register, values, field):
    with pytest.raises(Invalid) as refused:
        register(**values)
    assert refused.value.field == field and not Asset.objects.exists()


@pytest.mark.django_db
def test_today_is_the_actors_day(shop, register):
    late = AT.replace(hour=17)  # already the next day in Shanghai
    assert register(sold_on=TODAY + dt.timedelta(days=1), at=late).sold_on == D(2026, 11, 23)


@pytest.mark.django_db
def test_who_may_not_register_there_registers_nothing(shop, register):
    for values in ({"actor": shop.reader}, {"branch_id": shop.there.pk}):
        with pytest.raises(NotAllowed):
            register(**values)
    with pytest.raises(RuleBroken):
        register(actor=shop.boss, branch_id=987654)


@pytest.mark.django_db
def test_the_same_serial_of_the_same_owner_is_the_same_unit(register):
    unit = register()
    assert register(serial="ab-123") == unit and register(serial="AB-123", customer=None) == unit
    assert Asset.objects.count() == 1


@pytest.mark.django_db
def test_another_makers_serial_is_another_unit_and_units_without_serial_are_many(shop, register):
    assert register() != register(product=shop.other_product)
    assert register(serial="") != register(serial="")


@pytest.mark.django_db
def test_a_sold_serial_is_refused_and_tells_the_owner_to_who_may_see_him(shop, register):
    unit = register()
    with pytest.raises(RuleBroken) as refused:
        register(customer=shop.li)
    assert refused.value.code == "serial_taken" and refused.value.field == "serial"
    assert (refused.value.params["number"], refused.value.params["owner"]) == (unit.number, "张三")
    with pytest.raises(RuleBroken) as refused:
        register(customer=shop.far, branch_id=shop.there.pk, actor=shop.stranger)
    assert refused.value.code == "serial_taken" and refused.value.params == {}
    assert "张三" not in str(refused.value) and unit.number not in str(refused.value)
    blind = at_branch(shop.here, "assets.view_asset", "assets.edit_asset")
    with pytest.raises(RuleBroken) as refused:
        register(customer=shop.li, actor=blind)
    assert refused.value.params["owner"] == "" and "张三" not in str(refused.value)


@pytest.mark.django_db
def test_even_without_owner_a_foreign_units_serial_is_not_given_away(shop, register):
    register()
    with pytest.raises(RuleBroken) as refused:
        register(customer=None, branch_id=shop.there.pk, actor=shop.stranger)
    assert refused.value.code == "serial_taken"


@pytest.mark.django_db
def test_a_unit_in_trade_is_taken_over_by_its_first_owner(shop, register):
    unit = register(customer=None)
    assert not Ownership.objects.exists()
    taken = register(customer=shop.li)
    assert taken.pk == unit.pk and taken.customer_id == shop.li.pk
    assert Ownership.objects.get(asset=unit).from_on == TODAY


@pytest.mark.django_db
def test_a_serial_registered_before_the_brand_was_known_is_still_taken(shop, register):
    plain = catalog.ensure_product("电扇", actor=shop.boss, at=AT)[0]
    register(product=plain, serial="F1")
    branded = catalog.edit_product(plain, version=1, brand="美的", actor=shop.boss, at=AT)
    with pytest.raises(RuleBroken):
        register(product=branded, serial="F1", customer=shop.li)


@pytest.mark.django_db
def test_an_edit_keeps_before_and_after_and_the_search(shop, register, by_clerk):
    unit = actions.edit_asset(register(), version=1, serial="ZZ-9", invoice_number="FP77", sold_on=BEFORE,
                              product_id=shop.other_product.pk, **by_clerk)
    assert (unit.serial_key, unit.maker_key, unit.version) == ("ZZ-9", "美的", 2)
    for text in ("zz-9", "FP77", "冰箱", unit.number):
        assert list(queries.searched(queries.list_assets(shop.clerk), text)) == [unit], text
    changes = Fact.objects.filter(kind="assets.asset").latest("id").changes
    assert changes["sold_on"] == [None, "2025-03-01"] and "search" not in changes
    assert actions.edit_asset(unit, version=2, sold_on=None, **by_clerk).sold_on is None


@pytest.mark.django_db
def test_refused_edits(shop, register, by_clerk):
    unit, other = register(), register(serial="B-1")
    for values, wrong in (
        ({"serial": "b-1"}, RuleBroken), ({"number": "A9"}, Invalid), ({"product_id": 987654}, RuleBroken),
        ({"sold_on": D(2027, 1, 1)}, Invalid), ({"branch_id": shop.there.pk}, NotAllowed),
        ({"parent_id": unit.pk}, RuleBroken), ({"parent_id": 987654}, NotFound),
    ):
        with pytest.raises(wrong):
            actions.edit_asset(unit, version=1, **values, **by_clerk)
    with pytest.raises(Stale):
        actions.edit_asset(unit, version=7, colour="红", **by_clerk)
    with pytest.raises(NotFound):
        actions.edit_asset(unit, version=1, colour="红", actor=shop.stranger, at=AT)
    assert actions.edit_asset(other, version=1, parent_id=unit.pk, **by_clerk).parent_id == unit.pk
    with pytest.raises(RuleBroken, match="部件"):
        actions.edit_asset(unit, version=1, parent_id=other.pk, **by_clerk)
    assert list(queries.list_components(unit)) == [other]


@pytest.mark.django_db
def test_installation_is_kept_with_place(shop, register, by_clerk):
    unit = actions.install(register(), on=BEFORE, place="二楼", **by_clerk)
    assert (unit.installed_on, unit.place) == (BEFORE, "二楼")
    assert Fact.objects.filter(name="AssetInstalled", object_id=unit.pk).exists()
    with pytest.raises(Invalid):
        actions.install(unit, on=D(2027, 1, 1), **by_clerk)
    with pytest.raises(Stale):
        actions.install(unit, on=BEFORE, version=1, **by_clerk)


@pytest.mark.django_db
@pytest.mark.both
def test_an_owner_changes_and_his_time_is_kept(shop, register, by_clerk):
    unit = actions.change_owner(register(sold_on=BEFORE), customer=shop.li, on=D(2026, 1, 1), **by_clerk)
    assert [(row.customer, row.from_on, row.to_on) for row in queries.list_owners(unit)] == [
        (shop.li, D(2026, 1, 1), None), (shop.zhang, BEFORE, D(2026, 1, 1))]
    assert list(queries.list_of_customer(shop.li.pk, shop.clerk)) == [unit]
    assert not queries.list_of_customer(shop.zhang.pk).exists()
    himself = customer_actor(shop.zhang, "assets.view_asset")
    assert not queries.list_assets(himself).exists()
    assert list(queries.list_assets(customer_actor(shop.li, "assets.view_asset"))) == [unit]


@pytest.mark.django_db
def test_refused_changes_of_owner(shop, register, by_clerk):
    unit = register(sold_on=BEFORE)
    for customer, on, wrong in ((shop.zhang, TODAY, "same_owner"), (shop.li, D(2027, 1, 1), "future_date"),
                                (shop.li, D(2024, 1, 1), "owner_before"), (shop.far, TODAY, "not_found")):
        with pytest.raises((RuleBroken, NotFound)) as refused:
            actions.change_owner(unit, customer=customer, on=on, **by_clerk)
        assert refused.value.code == wrong
    assert Asset.objects.get(pk=unit.pk).customer_id == shop.zhang.pk
    with pytest.raises(NotFound):
        actions.change_owner(unit, customer=shop.far, on=TODAY, actor=shop.stranger, at=AT)


@pytest.mark.django_db
def test_a_new_token_ends_the_old_label(register, by_clerk):
    unit = register()
    fresh = actions.renew_token(unit, **by_clerk)
    assert queries.find_by_token(unit.token) is None and queries.find_by_token(fresh.token) == unit
    assert queries.find_by_token("") is None
    assert not Fact.objects.filter(changes__icontains=fresh.token).exists()


@pytest.mark.django_db
@pytest.mark.both
def test_a_unit_is_found_by_its_serial_with_or_without_dashes(shop, register, django_assert_max_num_queries):
    unit = register(serial="WF-10-0042")
    for text in ("wf-10-0042", "WF100042", "0042", "wf10"):
        with django_assert_max_num_queries(2):
            assert queries.find_by_serial(text, shop.clerk) == [unit], text
    assert queries.find_by_serial("wf-10-0042", shop.stranger) == [] == queries.find_by_serial(" ", shop.clerk)
    assert queries.find_by_serial("999", shop.clerk) == []


@pytest.mark.django_db
def test_reads_keep_to_the_scope_and_one_statement(shop, register, django_assert_num_queries):
    unit = register()
    register(serial="B-2", customer=shop.li)
    with django_assert_num_queries(1):
        rows = list(queries.list_assets(shop.clerk))
        assert {(row.product.category.name, row.customer.name, row.branch.name) for row in rows} == {
            ("洗衣机", "张三", "本店"), ("洗衣机", "李四", "本店")}
    assert queries.get_asset(unit.number, shop.clerk) == queries.get_asset(unit.pk, shop.clerk) == unit
    for key in (unit.number, unit.pk):
        with pytest.raises(NotFound):
            queries.get_asset(key, shop.stranger)
    assert queries.find_assets([unit.pk], shop.stranger) == {}
    assert list(queries.searched(queries.list_assets(shop.clerk), "AB")) == [unit]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_of_many_who_register_one_serial_for_different_owners_one_wins():
    shop = furnish(found_company())
    owners = [shop.zhang, shop.li, shop.far, None, shop.zhang, shop.li]
    barrier, answers = threading.Barrier(len(owners)), []

    def register(customer):
        try:
            barrier.wait()
            actions.register_asset(product=shop.product, serial="AB-1", customer=customer, branch_id=shop.here.pk,
                                   actor=shop.boss, at=AT)
            answers.append("ok")
        except Refusal as refused:  # the loser of a take-over is told that the row is stale: a WrongState
            answers.append(refused.code)
        except BaseException as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(owner,)) for owner in owners]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert set(answers) <= {"ok", "serial_taken", "stale_version"} and "ok" in answers
    assert Asset.objects.count() == 1 and Ownership.objects.filter(to_on=None).count() <= 1
