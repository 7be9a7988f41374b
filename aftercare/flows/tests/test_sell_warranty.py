"""A sold extension is owed and paid like everything else, and goes back with its money; an exchange can be undone, once."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as covers
from aftercare.domain.journal.models import Fact
from aftercare.domain.ledger import checks
from aftercare.flows import exchange_unit, register_request, sell_warranty
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from tests import world
from tests.journeys.test_story import hours

pytestmark = pytest.mark.django_db
DAY = hours(0).date()


@pytest.fixture
def company(db):
    company = world.found()
    company.rows.term = entitlement.create_term(name="延保一年", kind="extension", months=12, price_amount=D(299), valid_from=dt.date(2020, 1, 1),
                                                actor=world.SYSTEM, at=world.FOUNDED)
    return company


def sell(company, **more):
    given = {"sold_on": DAY, "evidence": "YB-1", "actor": company.actor("clerk"), "at": hours(1)} | more
    return sell_warranty.sell(company.new_unit, company.term, **given)


def bill_of(entry):
    return bills.find_bill(sell_warranty.source_of(entry))


def test_a_sold_extension_is_owed_by_the_customer(company):
    entry = sell(company)
    bill = bill_of(entry)
    assert (bill.status, bill.due_amount, bill.open_amount, bill.customer_id) == ("final", 299, 299, company.customer.pk)
    [charge] = bills.charges_of(sell_warranty.source_of(entry))
    assert (charge.payer, charge.reason, charge.name) == ("customer", "YB-1", "延保：延保一年（QF-NEW-0002）")
    assert sell_warranty.bills_of([entry]) == {entry.pk: bill}


def test_what_he_pays_at_the_desk_is_receipted(company):
    entry = sell(company, collect=D(100), method="wechat")
    bill = bill_of(entry)
    assert (bill.paid_amount, bill.open_amount) == (100, 199)
    with pytest.raises(RuleBroken) as refused:
        sell(company, evidence="YB-2", collect=D(300))
    assert refused.value.code == "more_than_due"
    assert covers.list_entries(world.SYSTEM, company.new_unit.pk).filter(evidence="YB-2").count() == 0


def test_a_free_one_makes_no_bill_and_a_priced_one_needs_an_owner(company):
    assert bill_of(sell(company, price_amount=D(0))) is None
    assets.release_owner(company.new_unit, on=DAY, actor=company.actor("manager"), at=hours(1))
    company.rows.new_unit = units.get_asset(company.new_unit.pk, world.SYSTEM)
    with pytest.raises(RuleBroken) as refused:
        sell(company, evidence="YB-3")
    assert refused.value.code == "no_owner"


@pytest.mark.both
def test_taking_it_back_reverses_cover_bill_and_money_once(company):
    entry = sell(company, collect=D(299))
    longer = entitlement.set_end(entry, ends_on=entry.ends_on + dt.timedelta(days=9), reason="补偿", actor=company.actor("manager"), at=hours(2))
    given = {"reason": "七天无理由", "actor": company.actor("clerk"), "at": hours(3)}
    sell_warranty.take_back(longer, **given)
    bill = bill_of(entry)
    assert (bill.status, bill.due_amount, bill.paid_amount) == ("final", 0, 0)
    assert [row.status for row in bills.collections_of(sell_warranty.source_of(entry))] == ["voided"]
    assert not [e for e in covers.list_entries(world.SYSTEM, company.new_unit.pk).filter(kind_of="extension") if not hasattr(e, "reversal")]
    with pytest.raises(WrongState):
        sell_warranty.take_back(longer, **given)
    assert checks.check_entries() == [] and checks.check_balances() == []


def exchange(company):
    return exchange_unit.exchange(company.new_unit, new_serial="QF-EX-1", on=DAY, reason="三次维修", actor=company.actor("manager"), at=hours(1))


@pytest.mark.both
def test_an_exchange_is_undone_with_right_reason_and_journal(company):
    done = exchange(company)
    with pytest.raises(NotAllowed):
        exchange_unit.undo(done.old, reason="弄错了", actor=company.actor("clerk"), at=hours(2))
    manager = {"actor": company.actor("manager"), "at": hours(2)}
    with pytest.raises(RuleBroken) as refused:
        exchange_unit.undo(done.old, reason=" ", **manager)
    assert refused.value.code == "reason_missing"
    back = exchange_unit.undo(done.old, reason="弄错了", **manager)
    assert (back.old.customer_id, back.new.customer_id) == (company.customer.pk, None)
    assert next((o.customer_id, o.to_on) for o in units.list_owners(back.old)) == (company.customer.pk, None)
    assert [e.kind_of for e in covers.list_entries(world.SYSTEM, back.new.pk).order_by("id")] == ["exchange", "reversal"]
    told = Fact.objects.filter(verb="assets.asset.undo_exchange")
    assert {fact.object_id for fact in told} == {back.old.pk, back.new.pk} and {fact.note for fact in told} == {"弄错了"}
    with pytest.raises(WrongState) as twice:
        exchange_unit.undo(units.get_asset(back.old.pk, world.SYSTEM), reason="再来", **manager)
    assert twice.value.code == "not_exchanged"


def test_an_exchange_whose_units_went_on_or_were_served_stays(company):
    done, manager = exchange(company), {"actor": company.actor("manager"), "at": hours(3)}
    register_request.register(branch_id=company.head.pk, customer=company.customer, asset=done.new, fault="异响",
                              actor=company.actor("clerk"), at=hours(2))
    with pytest.raises(WrongState) as refused:
        exchange_unit.undo(done.old, reason="弄错了", **manager)
    assert refused.value.code == "exchange_used"


def test_an_exchange_whose_old_unit_was_sold_again_stays(company):
    done, manager = exchange(company), {"actor": company.actor("manager"), "at": hours(3)}
    sold = assets.change_owner(done.old, customer=company.customer, on=DAY, **manager)
    with pytest.raises(WrongState) as refused:
        exchange_unit.undo(sold, reason="弄错了", **manager)
    assert refused.value.code == "moved_on"
