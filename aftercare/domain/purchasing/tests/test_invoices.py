"""Three-way match, what is payable, and goods that go back."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import checks
from aftercare.domain.journal.queries import timeline
from aftercare.domain.ledger import checks as ledger_checks
from aftercare.domain.ledger import queries as books
from aftercare.domain.purchasing import actions, queries, rules
from aftercare.domain.purchasing.tests.supply import Supply
from aftercare.foundation.refusals import NotAllowed, Refusal

ALLOWED = rules.Allowed(D(2), D("5.00"))


def line(**more):
    """A line that agrees, but for what is told."""
    return rules.MatchLine(**({"name": "压缩机", "qty": D(5), "price": D(100), "tax_percent": D(13), "order_price": D(100), "order_tax": D(13),
                               "limit": D(10), "received": D(5), "invoiced": D(0)} | more))


@pytest.mark.parametrize("more, codes", [
    ({}, []),
    ({"qty": D(6)}, ["more_than_received"]),
    ({"invoiced": D(1)}, ["more_than_received"]),
    ({"qty": D(11), "received": D(12)}, ["more_than_ordered"]),
    ({"qty": D(11)}, ["more_than_ordered", "more_than_received"]),
    ({"price": D(102)}, []),                       # two per cent
    ({"price": D("102.01")}, ["price_differs"]),
    ({"price": D("98")}, []),
    ({"price": D("90")}, ["price_differs"]),       # too cheap is a difference as well
    ({"price": D("101"), "order_price": D("0.5"), "qty": D("0.04")}, []),  # small in money, whatever the percentage
    ({"tax_percent": D(6)}, ["tax_differs"]),
    ({"price": D(120), "tax_percent": D(6), "qty": D(20)}, ["more_than_ordered", "more_than_received", "price_differs", "tax_differs"]),
])  # fmt: skip
def test_what_order_receipt_and_invoice_say(more, codes):
    assert [one.code for one in rules.match([line(**more)], ALLOWED)] == codes


@pytest.mark.parametrize("stated, codes", [("565.00", []), ("565.01", []), ("564.98", ["total_differs"])])
def test_a_total_may_differ_by_the_rounding_of_its_lines(stated, codes):
    assert [one.code for one in rules.match([line()], ALLOWED, stated=D(stated), computed=D("565.00"))] == codes


def test_a_credit_is_split_like_what_it_credits():
    assert rules.split_gross(D("50.00"), D("100.00"), D("13.00")) == (D("44.25"), D("5.75"))


@pytest.fixture
def supply(db):
    return Supply()


def refused(code, call, *given, **named):
    with pytest.raises(Refusal) as caught:
        call(*given, **named)
    assert caught.value.code == code
    return caught.value


def received(supply, qty=10, rejected=0):
    order, (row,) = supply.sent((supply.a, 10, "200"))
    receipt = supply.received(order, (row, qty))
    verdicts = [{"line_id": queries.receipt_lines_of(receipt)[0].pk, "rejected_qty": rejected, "reason": "破"}] if rejected else []
    receipt = actions.inspect(receipt, verdicts=verdicts, **supply.act("keeper"))
    return queries.get_order(order.pk, supply.buyer), row, receipt


def enter(supply, order, row, qty, number="F-1", **more):
    header = {"total_amount": more.pop("total_amount")} if "total_amount" in more else {}
    return actions.enter_invoice(order, invoice_number=number, invoice_on=dt.date(2026, 3, 2), **header, **supply.act("accountant"),
                                 lines=[{"line_id": row.pk, "qty": qty, **more}])


def owed(supply, account="payable"):
    return books.balance(account, ("parties.supplier", supply.vendor.pk) if account == "payable" else None)


def sound():
    return checks.check_balances() + checks.check_costs() + ledger_checks.check_entries() + ledger_checks.check_balances()


@pytest.mark.django_db
def test_what_agrees_is_payable_at_once(supply):
    order, row, _receipt = received(supply)
    invoice = enter(supply, order, row, 6, total_amount=D("1356.01"))
    assert (invoice.status, invoice.due_on, invoice.differences) == ("posted", dt.date(2026, 4, 1), [])
    assert (owed(supply), owed(supply, "purchases"), owed(supply, "input_tax"), owed(supply, "price_difference")) == (
        D("-1356.01"), D("1200.00"), D("156.00"), D("0.01"))
    refused("invoice_twice", enter, supply, order, row, 1)
    refused("number_missing", enter, supply, order, row, 1, number=" ")
    with pytest.raises(NotAllowed):
        actions.enter_invoice(order, invoice_number="x", invoice_on=dt.date(2026, 3, 2), lines=[{"line_id": row.pk, "qty": 1}], **supply.act("keeper"))
    refused("reason_needed", actions.reverse, invoice, reason="", **supply.act("accountant"))
    actions.reverse(invoice, reason="录错", **supply.act("accountant"))
    assert owed(supply) == 0 and queries.lines_of(order)[0].invoiced_qty == 0
    assert enter(supply, order, row, 10).status == "posted"  # the number is free again
    assert sound() == []


@pytest.mark.django_db
def test_what_does_not_agree_is_blocked_until_resolved_or_released(supply):
    order, row, _receipt = received(supply, qty=4)
    invoice = enter(supply, order, row, 6)
    assert (invoice.status, [one["code"] for one in invoice.differences], owed(supply)) == ("blocked", ["more_than_received"], 0)
    told = refused("does_not_match", actions.post, invoice, **supply.act("accountant"))
    assert told.params["differences"][0]["expected"] == "4.000"
    actions.inspect(supply.received(order, (row, 2)), **supply.act("keeper"))
    assert actions.post(invoice, **supply.act("accountant")).status == "posted"
    dear = enter(supply, order, row, 1, number="F-2", price_amount=D(260))
    assert {one["code"] for one in dear.differences} == {"price_differs", "more_than_received"}
    assert "release" not in {move.name for move in queries.open_invoice_moves(dear, supply.accountant)}
    with pytest.raises(NotAllowed):
        actions.release(dear, reason="x", **supply.act("accountant"))
    refused("reason_needed", actions.release, dear, reason=" ", **supply.act("manager"))
    dear = actions.release(dear, reason="涨价已谈", **supply.act("manager"))
    assert (dear.status, dear.released_by, owed(supply, "price_difference")) == ("posted", "manager", 60)
    third = enter(supply, order, row, 9, number="F-3")
    assert actions.void(third, reason="退票", **supply.act("accountant")).status == "voided"
    own = actions.enter_invoice(order, invoice_number="F-4", invoice_on=dt.date(2026, 3, 2), lines=[{"line_id": row.pk, "qty": 9}], **supply.act("manager"))
    refused("own_invoice", actions.release, own, reason="x", **supply.act("manager"))
    assert sound() == []


@pytest.mark.django_db
def test_refused_goods_go_back_and_are_credited(supply):
    order, row, receipt = received(supply, rejected=3)
    came, = queries.receipt_lines_of(receipt)

    def back(qty, remedy="credit", **more):
        return actions.create_return(receipt, remedy=remedy, lines=[{"line_id": came.pk, "qty": qty, "reason": "破", **more}], **supply.act("buyer"))

    refused("more_than_returnable", back, 4)
    refused("unknown_remedy", back, 1, remedy="x")
    paper = back(3, remedy="replace")
    refused("more_than_returnable", back, 1)
    paper = actions.ship_return(paper, **supply.act("keeper"))
    assert supply.on_hand(supply.a, checks.Place.objects.get(kind_of="quarantine"), "defective") == 0
    assert actions.settle_return(paper, **supply.act("accountant")).status == "settled"
    enter(supply, order, row, 7)
    good = back(2, is_good=True)
    refused("reason_needed", actions.cancel_return, good, reason="", **supply.act("buyer"))
    good = actions.ship_return(good, **supply.act("keeper"))
    line, = queries.lines_of(order)
    assert (supply.on_hand(supply.a), line.kept_qty, line.cancelled_qty, line.open_qty) == (5, 5, 2, 3)
    refused("number_missing", actions.settle_return, good, **supply.act("accountant"))
    good = actions.settle_return(good, credit_number="红-1", credit_amount=D("400.00"), **supply.act("accountant"))
    assert (owed(supply), owed(supply, "purchases")) == (D("-1182.00"), 1000)
    assert queries.lines_of(order)[0].invoiced_qty == 5
    cancelled = actions.cancel_return(back(1, is_good=True), reason="不退了", **supply.act("buyer"))
    assert cancelled.status == "cancelled"
    refused("wrong_state", actions.ship_return, cancelled, **supply.act("keeper"))
    assert sound() == []


@pytest.mark.django_db
def test_excess_and_wrong_goods_go_back_for_nothing(supply):
    order, (row,) = supply.sent((supply.a, 10, "200"))
    given = [{"line_id": row.pk, "qty": 12}, {"part_id": supply.b.pk, "qty": 3}]
    receipt = actions.receive(order, lines=given, keep_excess=True, **supply.act("keeper")).receipt_made
    refused("not_inspected", actions.create_return, receipt, remedy="replace", lines=[], **supply.act("buyer"))
    receipt = actions.inspect(receipt, **supply.act("keeper"))
    lines = [{"line_id": one.pk, "qty": one.qty, "reason": "多送"} for one in queries.receipt_lines_of(receipt) if one.kind_of != "ordered"]
    paper = actions.ship_return(actions.create_return(receipt, remedy="credit", lines=lines, **supply.act("buyer")), **supply.act("keeper"))
    assert (paper.net_amount, actions.settle_return(paper, **supply.act("accountant")).credit_amount) == (0, 0)
    assert checks.Balance.objects.filter(place__kind_of="quarantine", on_hand_qty__gt=0).count() == 0
    assert sound() == []


@pytest.mark.both
def test_one_invoice_charges_for_several_orders_of_a_supplier(supply):
    first, line1, _receipt = received(supply)
    second, line2, _receipt = received(supply, qty=4)
    assert [line.pk for line in queries.not_invoiced(first, supply.accountant)] == [line2.pk]
    given = [{"line_id": line1.pk, "qty": 10}, {"line_id": line2.pk, "qty": 4}]
    header = {"invoice_number": "F-9", "invoice_on": dt.date(2026, 3, 2), **supply.act("accountant")}
    refused("not_found", actions.enter_invoice, first, lines=given, **header)
    invoice = actions.enter_invoice(first, more_orders=[second], lines=given, **header)
    assert (invoice.status, invoice.net_amount, owed(supply)) == ("posted", D(2800), -invoice.total_amount)
    assert [one.pk for one in queries.invoices_of(second)] == [invoice.pk] == [one.pk for one in queries.invoices_of(first)]
    assert list(queries.for_order_number(queries.list_invoices(supply.accountant), second.number)) == [invoice]
    assert queries.not_invoiced(first, supply.accountant) == []
    told = {fact.object_id for fact in timeline("purchasing.order", second.pk) if fact.kind == "purchasing.invoice"}
    assert told == {invoice.pk}
    # More than came of the second order blocks the whole paper, whichever order it is filed under.
    blocked = actions.enter_invoice(second, lines=[{"line_id": line2.pk, "qty": 1}], **(header | {"invoice_number": "F-10"}))
    assert blocked.status == "blocked"
    actions.reverse(invoice, reason="错", **supply.act("manager"))
    assert [line.invoiced_qty for one in (first, second) for line in queries.lines_of(one)] == [0, 0] and owed(supply) == 0


def test_an_invoice_never_mixes_suppliers(supply):
    order, line, _receipt = received(supply)
    other, _lines = supply.sent((supply.b, 1, "3"), supplier=supply.rival)
    refused("orders_differ", actions.enter_invoice, order, more_orders=[other], invoice_number="F-1", invoice_on=dt.date(2026, 3, 2),
            lines=[{"line_id": line.pk, "qty": 1}], **supply.act("accountant"))


@pytest.mark.django_db
def test_an_invoice_is_not_of_a_day_to_come(supply):
    order, row, _receipt = received(supply)
    tomorrow = dt.date(2026, 3, 3)
    found = refused("future_day", actions.enter_invoice, order, invoice_number="F-1", invoice_on=tomorrow,
                    lines=[{"line_id": row.pk, "qty": 1}], **supply.act("accountant"))
    assert found.field == "invoice_on"
