"""Every write of terms and of the units' warranty ledger, and every refusal."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions, queries
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.domain.journal.models import Fact
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties.tests.company import AT, at_branch, customer_actor, found_company
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, RuleBroken, Stale, WrongState
from aftercare.foundation.sources import Source

D = dt.date
SOLD = D(2025, 3, 15)
REPAIR = Source("work.workorder", 17, "WO17")


def furnish(company):
    make = {"actor": company.boss, "at": AT}
    company.product = catalog.ensure_product("空调 K1", category_name="空调", brand="格力", **make)[0]
    company.customer = parties.create_customer(name="张三", branch_id=company.here.pk, **make)
    company.unit = assets.register_asset(
        product=company.product, serial="K1-001", customer=company.customer, branch_id=company.here.pk, sold_on=SOLD,
        invoiced_on=SOLD, invoice_number="FP1", **make)
    company.term = actions.create_term(name="整机一年", months=12, category=company.product.category,
                                       valid_from=D(2020, 1, 1), **make)
    company.keeper = at_branch(company.here, "entitlement.view", "entitlement.edit_term", "entitlement.register_cover")
    company.chief = at_branch(company.here, "entitlement.view", "entitlement.override", name="王经理")
    return company


@pytest.fixture
def shop(company):
    return furnish(company)


@pytest.fixture
def by_keeper(shop):
    return {"actor": shop.keeper, "at": AT}


@pytest.fixture
def by_chief(shop):
    return {"actor": shop.chief, "at": AT}


def decide(shop, on: dt.date):
    return queries.decide(asset_id=shop.unit.pk, on=on)


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "code"), [
    ({"name": " "}, "name_missing"), ({"months": 0}, "no_length"), ({"starts": "birth"}, "unknown_start"),
    ({"covers_parts": False, "covers_labour": False, "covers_travel": False}, "covers_nothing"),
    ({"valid_to": D(2019, 1, 1)}, "bad_span"), ({"product": True}, "two_targets"),
    ({"valid_from": D(2020, 1, 1)}, "term_twice"),
])
def test_a_wrong_term_is_refused(shop, by_keeper, values, code):
    given = {"name": "新条款", "months": 6, "category": shop.product.category, "valid_from": D(2026, 1, 1)} | values
    if given.get("product"):
        given["product"] = shop.product
    with pytest.raises(RuleBroken) as refused:
        actions.create_term(**given, **by_keeper)
    assert refused.value.code == code


@pytest.mark.django_db
def test_terms_are_set_by_who_may(shop, by_keeper):
    made = actions.create_term(name="压缩机", component="压缩机", months=36, valid_from=D(2020, 1, 1), **by_keeper)
    assert queries.get_term(made.pk, shop.clerk) == made and queries.list_terms(shop.clerk).count() == 2
    with pytest.raises(NotAllowed):
        actions.create_term(name="x", months=1, valid_from=D(2021, 1, 1), actor=shop.clerk, at=AT)
    with pytest.raises(NotFound):
        queries.get_term(987654, shop.clerk)


@pytest.mark.django_db
def test_what_a_used_term_promised_stays(shop, by_keeper):
    term = actions.edit_term(shop.term, version=1, months=24, name="整机两年", **by_keeper)
    assert decide(shop, D(2026, 12, 1)).term_name == "整机两年"
    actions.register_cover(shop.unit, **by_keeper)
    with pytest.raises(RuleBroken) as refused:
        actions.edit_term(term, version=2, months=12, **by_keeper)
    assert refused.value.code == "term_used"
    assert actions.edit_term(term, version=2, valid_to=D(2026, 12, 31), **by_keeper).valid_to == D(2026, 12, 31)
    for values, wrong in (({"version": 2, "name": "旧"}, Stale), ({"version": 3, "name": ""}, RuleBroken),
                          ({"version": 3, "product_id": 1}, Invalid)):
        with pytest.raises(wrong):
            actions.edit_term(term, **values, **by_keeper)


@pytest.mark.django_db
@pytest.mark.both
def test_the_base_cover_is_registered_once_and_follows_corrected_days(shop, by_keeper):
    actions.create_term(name="压缩机三年", component="压缩机", months=36, valid_from=D(2020, 1, 1), **by_keeper)
    first = actions.register_cover(shop.unit, **by_keeper)
    assert {(row.component, row.ends_on) for row in first} == {("", D(2026, 3, 15)), ("压缩机", D(2028, 3, 15))}
    assert actions.register_cover(shop.unit, **by_keeper) == first
    assert Fact.objects.filter(name="CoverRegistered", object_id=shop.unit.pk).count() == 2
    shop.unit = assets.edit_asset(shop.unit, version=shop.unit.version, sold_on=D(2025, 3, 1), actor=shop.boss, at=AT)
    second = actions.register_cover(shop.unit, **by_keeper)
    assert {row.ends_on for row in second} == {D(2026, 3, 1), D(2028, 3, 1)}
    assert WarrantyEntry.objects.filter(kind_of="reversal").count() == 2
    assert decide(shop, D(2026, 3, 1)).service_class == "C" and decide(shop, D(2026, 3, 2)).service_class == "A"


@pytest.mark.django_db
def test_a_unit_without_any_day_gets_no_cover(shop, by_keeper):
    bare = assets.register_asset(product=shop.product, serial="K1-002", customer=shop.customer,
                                 branch_id=shop.here.pk, actor=shop.boss, at=AT)
    assert actions.register_cover(bare, **by_keeper) == []
    found = queries.decide(asset_id=bare.pk, on=D(2026, 1, 1))
    assert found.service_class == "A" and found.flags == ["serial_without_sale"]


@pytest.mark.django_db
def test_covers_that_were_bought_or_given_are_added_once_per_source(shop, by_keeper):
    (extension,) = actions.register_cover(shop.unit, kind="extension", name="延保一年", starts_on=D(2026, 3, 16),
                                          ends_on=D(2027, 3, 15), evidence="YB1", **by_keeper)
    assert extension.service_class == "C" and decide(shop, D(2027, 3, 15)).term_name == "延保一年"
    (part,) = actions.register_cover(shop.unit, kind="part", component="控制板", starts_on=D(2026, 1, 31), months=1,
                                     source=REPAIR, **by_keeper)
    assert part.ends_on == D(2026, 2, 28) and part.name == "配件保修"
    assert actions.register_cover(shop.unit, kind="part", component="控制板", starts_on=D(2026, 1, 31), months=1,
                                  source=REPAIR, **by_keeper) == [part]


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "code"), [
    ({"kind": "extension", "starts_on": None}, "start_missing"), ({"kind": "goodwill"}, "unknown_kind"),
    ({"kind": "reversal"}, "unknown_kind"), ({"kind": "repair_days"}, "unknown_kind"), ({"kind": "gift"}, "unknown_kind"),
    ({"ends_on": None}, "no_length"), ({"ends_on": D(2025, 1, 1)}, "bad_span"), ({"service_class": "A"}, "unknown_class"),
])
def test_a_wrong_cover_is_refused(shop, by_keeper, values, code):
    given = {"kind": "extension", "starts_on": D(2026, 1, 1), "ends_on": D(2026, 12, 31)} | values
    with pytest.raises(RuleBroken) as refused:
        actions.register_cover(shop.unit, **given, **by_keeper)
    assert refused.value.code == code


@pytest.mark.django_db
def test_covers_are_booked_by_who_may_at_that_branch(shop):
    for actor in (shop.clerk, at_branch(shop.there, "entitlement.register_cover")):
        with pytest.raises(NotAllowed):
            actions.register_cover(shop.unit, actor=actor, at=AT)
    own = Reach(people=frozenset({9}))
    engineer = Actor(kind="employee", id=9, name="王工", branch_id=shop.here.pk, employee_id=9,
                     reaches={"entitlement.register_cover": own})
    assert actions.register_cover(shop.unit, actor=engineer, at=AT)
    elsewhere = Actor(kind="employee", id=9, name="王工", branch_id=shop.there.pk, employee_id=9,
                      reaches={"entitlement.register_cover": own})
    with pytest.raises(NotAllowed):
        actions.register_cover(shop.unit, actor=elsewhere, at=AT)


@pytest.mark.django_db
def test_days_in_repair_are_added_once_per_repair(shop, by_keeper):
    days = {"starts_on": D(2026, 1, 1), "ends_on": D(2026, 1, 10)}
    entry = actions.add_repair_days(shop.unit, **days, source=REPAIR, **by_keeper)
    assert actions.add_repair_days(shop.unit, **days, source=REPAIR, **by_keeper) == entry
    assert decide(shop, D(2026, 3, 25)).service_class == "C" and decide(shop, D(2026, 3, 26)).service_class == "A"
    with pytest.raises(RuleBroken):
        actions.add_repair_days(shop.unit, starts_on=D(2026, 1, 2), ends_on=D(2026, 1, 1), source=REPAIR, **by_keeper)


@pytest.mark.django_db
def test_goodwill_needs_permission_and_reason(shop, by_chief, by_keeper):
    day = {"starts_on": D(2026, 6, 1), "ends_on": D(2026, 6, 1)}
    assert decide(shop, D(2026, 6, 1)).service_class == "A"
    with pytest.raises(NotAllowed):
        actions.grant_goodwill(shop.unit, **day, reason="老客户", **by_keeper)
    for values, code in (({"reason": " "}, "reason_missing"), ({"reason": "x", "service_class": "A"}, "unknown_class"),
                         ({"reason": "x", "ends_on": D(2026, 5, 1)}, "bad_span")):
        with pytest.raises(RuleBroken) as refused:
            actions.grant_goodwill(shop.unit, **day | values, **by_chief)
        assert refused.value.code == code
    entry = actions.grant_goodwill(shop.unit, **day, reason="老客户", **by_chief)
    assert decide(shop, D(2026, 6, 1)).service_class == "D" and decide(shop, D(2026, 6, 2)).service_class == "A"
    with pytest.raises(NotAllowed):
        actions.reverse_entry(entry, reason="误登", **by_keeper)
    actions.reverse_entry(entry, reason="误登", **by_chief)
    assert decide(shop, D(2026, 6, 1)).service_class == "A"


@pytest.mark.django_db
def test_a_line_is_reversed_once_with_a_reason(shop, by_keeper):
    (entry,) = actions.register_cover(shop.unit, **by_keeper)
    with pytest.raises(RuleBroken):
        actions.reverse_entry(entry, reason="", **by_keeper)
    with pytest.raises(NotAllowed):
        actions.reverse_entry(entry, reason="x", actor=shop.clerk, at=AT)
    reversal = actions.reverse_entry(entry, reason="假发票", **by_keeper)
    assert reversal.reverses_id == entry.pk and decide(shop, D(2025, 6, 1)).service_class == "A"
    for again, code in ((entry, "already_reversed"), (reversal, "is_reversal")):
        with pytest.raises(WrongState) as refused:
            actions.reverse_entry(again, reason="再来", **by_keeper)
        assert refused.value.code == code
    assert Fact.objects.filter(name="CoverReversed", object_id=shop.unit.pk, note="假发票").count() == 1


@pytest.mark.django_db
@pytest.mark.both
def test_the_database_refuses_to_change_or_delete_a_line(shop, by_keeper):
    (entry,) = actions.register_cover(shop.unit, **by_keeper)
    for write in (lambda: WarrantyEntry.objects.filter(pk=entry.pk).update(ends_on=D(2099, 1, 1)), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert WarrantyEntry.objects.get(pk=entry.pk).ends_on == D(2026, 3, 15)


@pytest.mark.django_db
def test_a_persons_decision_is_kept_with_his_name_and_reason(shop, by_chief):
    free = decide(shop, D(2025, 6, 1))
    paid = actions.override(free, service_class="A", reason="人为损坏", asset=shop.unit, **by_chief)
    assert paid.service_class == "A" and paid.reasons[-1]["params"]["by"] == "王经理"
    assert "人为损坏" in queries.sentence(paid) and "王经理" in queries.sentence(paid.as_data())
    fact = Fact.objects.get(name="DecisionOverridden")
    assert (fact.object_id, fact.data["before"], fact.data["after"]) == (shop.unit.pk, "C", "A")
    assert decide(shop, D(2025, 6, 1)).service_class == "C"
    unknown = queries.decide(product_id=shop.product.pk, on=D(2025, 6, 1))
    assert actions.override(unknown, service_class="D", reason="x", branch_id=shop.here.pk, **by_chief).payer == "company"
    for values, wrong in (({"reason": " "}, RuleBroken), ({"service_class": "Z"}, RuleBroken),
                          ({"actor": shop.clerk}, NotAllowed)):
        with pytest.raises(wrong):
            actions.override(free, **{"service_class": "A", "reason": "x", "asset": shop.unit, **by_chief} | values)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_a_cover_registered_by_many_at_once_stands_once():
    shop = furnish(found_company())
    barrier, errors = threading.Barrier(5), []

    def register():
        try:
            barrier.wait()
            actions.register_cover(shop.unit, actor=shop.keeper, at=AT)
            actions.register_cover(shop.unit, kind="part", component="板", starts_on=SOLD, months=3, source=REPAIR,
                                   actor=shop.keeper, at=AT)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    assert sorted(WarrantyEntry.objects.values_list("kind_of", flat=True)) == ["base", "part"]


@pytest.mark.django_db
def test_lines_keep_to_the_scope(shop, by_keeper):
    (entry,) = actions.register_cover(shop.unit, **by_keeper)
    assert list(queries.list_entries(shop.clerk, shop.unit.pk)) == [entry] == list(queries.list_entries(shop.clerk))
    assert queries.get_entry(entry.pk, shop.clerk) == entry
    himself = customer_actor(shop.customer, "entitlement.view")
    assert list(queries.list_entries(himself)) == [entry]
    assert not queries.list_entries(customer_actor(shop.customer)).exists()
    with pytest.raises(NotFound):
        queries.get_entry(entry.pk, shop.stranger)
