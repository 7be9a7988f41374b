"""What outlets pay for overdue old parts: a bill for each outlet and month, every line explained, collected or waived by right."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from aftercare.domain.cores import actions, checks, queries
from aftercare.domain.cores.lifecycle import BILL
from aftercare.domain.cores.models import CoreBill, CoreBillLine
from aftercare.domain.cores.tests.shop import AT, DAY, SYSTEM
from aftercare.domain.cores.tests.test_charges import charged, fresh
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState

# Charged in the month after the one in which it was owed.
NEXT = ((DAY.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - DAY).days + 5
AFTER = NEXT + 30


def draw(days):
    return actions.draw_bills(actor=SYSTEM, at=AT + dt.timedelta(days=days))


@pytest.fixture
def bill(shop):
    """Two pieces of one order were charged; the month is over."""
    shop.rule()
    shop.core, = shop.use((shop.a, 2), outlet=shop.low)
    assert charged(shop, NEXT)[0] == 1
    made, = draw(AFTER)
    return made


def test_a_month_is_billed_when_it_is_over_and_once(shop):
    shop.rule()
    core, = shop.use((shop.a, 2), outlet=shop.low)
    own, = shop.use((shop.a, 1), order=2)
    assert charged(shop, NEXT)[0] == 2
    assert draw(NEXT) == [] and [one.core for one in queries.unbilled_charges()] == [core]
    bill, = draw(AFTER)
    month = (DAY + dt.timedelta(days=NEXT)).replace(day=1)
    assert (bill.outlet, bill.branch, bill.month, bill.amount, bill.status) == (shop.low, shop.head, month, D("100.00"), "open")
    assert bill.number.startswith("OB") and draw(AFTER) == [] and checks.check_bills() == []
    line, = queries.lines_of_bill(bill)
    told = queries.explain(line.charge)
    assert told.startswith(f"压缩机 ×2（{core.source_number}）：应交 {core.due_on}，扣款时逾期 ") and told.endswith(" 天，每件 50.00 元")
    # An engineer's charge is a line of his month and not of an outlet's.
    assert own.pk not in {one.charge.core_id for one in queries.lines_of_bill(bill)}


def test_what_is_taken_back_later_stands_on_the_next_bill(shop, bill):
    actions.receive(fresh(shop.core), **shop.act("keeper", AFTER))
    assert draw(AFTER) == []
    credit, = draw(AFTER + 31)
    assert (credit.amount, credit.month > bill.month) == (D("-100.00"), True)
    assert "冲回" in queries.explain(queries.lines_of_bill(credit)[0].charge)
    assert CoreBill.objects.get(pk=bill.pk).amount == D("100.00") and checks.check_bills() == []


def test_it_is_disputed_answered_collected_and_taken_back(shop, bill):
    accountant = {"actor": SYSTEM, "at": AT + dt.timedelta(days=AFTER)}
    theirs = shop.act("outlet", AFTER)
    seen = queries.get_bill(bill.number, theirs["actor"])
    with pytest.raises(RuleBroken):
        actions.dispute(seen, reason=" ", **theirs)
    with pytest.raises(NotAllowed):
        actions.collect(seen, **theirs)
    disputed = actions.dispute(seen, reason="已在 3 日寄回", **theirs)
    assert (disputed.status, disputed.objection) == ("disputed", "已在 3 日寄回")
    with pytest.raises(WrongState):
        actions.collect(disputed, **accountant)
    standing = actions.answer_dispute(disputed, reason="未收到，请提供运单号", **accountant)
    with pytest.raises(RuleBroken) as refused:
        actions.collect(standing, method="gold", **accountant)
    assert refused.value.code == "no_such_method"
    paid = actions.collect(standing, method="transfer", reference="B-7", **accountant)
    assert (paid.status, paid.reference, paid.collected_by) == ("collected", "B-7", SYSTEM.name)
    back = actions.reopen_bill(paid, reason="退票", **accountant)
    assert (back.status, back.collected_at, back.reference) == ("open", None, "")
    waived = actions.waive_bill(back, reason="首次合作", **accountant)
    assert (waived.status, waived.waived_reason) == ("waived", "首次合作")
    for move in ("collect", "dispute", "answer_dispute", "waive_bill"):
        more = {} if move == "collect" else {"reason": "x"}
        with pytest.raises(WrongState):
            BILL.actions[move](waived, **more, **accountant)


def test_who_sees_and_who_may(shop, bill):
    assert queries.get_bill(bill.number, shop.outlet) == bill == queries.get_bill(bill.pk, shop.keeper)
    with pytest.raises(NotFound):
        queries.get_bill(bill.number, shop.stranger)
    for who in ("keeper", "outlet", "engineer"):
        with pytest.raises((NotAllowed, NotFound)):
            actions.waive_bill(bill, reason="x", **shop.act(who, AFTER))
        with pytest.raises(NotAllowed):
            actions.draw_bills(**shop.act(who, AFTER))
    assert {m.name for m in queries.open_bill_moves(bill, shop.outlet)} == {"dispute"}
    assert queries.search_bills(queries.list_bills(SYSTEM), shop.core.number).get() == bill


@pytest.mark.both
def test_a_charge_stands_on_one_bill_and_its_line_stays(shop, bill):
    line = CoreBillLine.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CoreBillLine(bill=bill, charge=line.charge, amount=line.amount).save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        CoreBillLine.objects.update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoreBill.objects.create(number="OB1", outlet=shop.low, branch=shop.head, month=bill.month, amount=1, made_at=AT)
    CoreBill.objects.update(amount=1)
    assert len(checks.check_bills()) == 1
