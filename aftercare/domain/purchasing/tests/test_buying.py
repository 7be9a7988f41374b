"""From a request to goods on the shelf: the usual way, each refusal, and what partial, damaged and wrong deliveries leave behind."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import checks
from aftercare.domain.inventory.models import Cost
from aftercare.domain.journal.models import Fact
from aftercare.domain.parties import actions as parties
from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.models import Revision
from aftercare.domain.purchasing.tests.supply import AT, DAY, NOW, Supply, at_token
from aftercare.foundation.refusals import NotAllowed, NotFound, Refusal, RuleBroken, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def supply(db):
    return Supply()


def refused(code: str, call, *given, **named):
    """The call is refused with that code."""
    with pytest.raises(Refusal) as caught:
        call(*given, **named)
    assert caught.value.code == code
    return caught.value


def books():
    return checks.check_balances() + checks.check_costs() + checks.check_serials()


def test_a_request_is_approved_ordered_received_and_used(supply):
    order, (line, other) = supply.sent((supply.a, 10, "200"), (supply.b, 4, "5.5"))
    assert (order.net_amount, order.tax_amount) == (D("2022.00"), D("262.86"))
    assert order.expected_on == DAY + dt.timedelta(days=5)
    receipt = supply.received(order, (line, 6), (other, 4), delivery_note=" DN-1 ")
    assert receipt.delivery_note == "DN-1"
    assert supply.on_hand(supply.a) == 0 and supply.on_hand(supply.a, condition="inspection") == 6
    assert queries.get_order(order.pk, supply.buyer).arrival == "partial"
    receipt = actions.inspect(receipt, **supply.act("keeper", 1))
    assert supply.on_hand(supply.a) == 6
    assert Fact.objects.filter(name="GoodsArrived").latest("id").data["part_ids"] == sorted([supply.a.pk, supply.b.pk])
    order = queries.get_order(order.pk, supply.buyer)
    second = supply.received(order, (line, 4))
    actions.inspect(second, **supply.act("keeper", 2))
    order = queries.get_order(order.pk, supply.buyer)
    assert (order.arrival, order.full_on) == ("full", DAY + dt.timedelta(days=1))
    assert Cost.objects.get(branch=supply.head, part=supply.a).value_amount == 2000
    assert actions.close(order, **supply.act("buyer", 3)).status == "closed"
    assert books() == []


def test_approval_follows_amount_and_is_never_ones_own(supply):
    for name, up_to, right in (("小额", "1000", "purchasing.approve"), ("大额", None, "purchasing.approve_top")):
        actions.create_level(name=name, up_to_amount=None if up_to is None else D(up_to), right=right, valid_from=dt.date(2026, 1, 1), **NOW)
    request = actions.create_request(place=supply.depot, lines=[{"part_id": supply.a.pk, "qty": 6, "price_amount": "200"}], **supply.act("manager"))
    request = actions.submit(request, **supply.act("manager"))
    refused("own_request", actions.approve, request, **supply.act("manager"))
    refused("own_request", actions.reject, request, reason="x", **supply.act("manager"))
    with pytest.raises(NotAllowed):
        actions.approve(request, **supply.act("buyer"))
    assert "approve" not in [move.name for move in queries.open_request_moves(request, supply.manager, AT)]
    small = at_token(supply.manager)
    lesser = type(small)(**{**small.__dict__, "reaches": {k: v for k, v in small.reaches.items() if not k.startswith("purchasing.approve_")}})
    assert not {"approve", "reject"} & {move.name for move in queries.open_request_moves(request, lesser, AT)}
    with pytest.raises(NotAllowed) as caught:
        actions.approve(request, actor=lesser, at=AT)
    assert caught.value.params["permission"] == "purchasing.approve_top"
    line = queries.request_lines_of(request)[0]
    refused("more_than_requested", actions.approve, request, cuts={line.pk: 7}, actor=small, at=AT)
    refused("no_lines", actions.approve, request, cuts={line.pk: 0}, actor=small, at=AT)
    request = actions.approve(request, cuts={line.pk: 2}, actor=small, at=AT)
    assert (request.status, request.total_amount) == ("approved", D("400.00"))
    refused("level_overlaps", actions.create_level, name="x", up_to_amount=D(1000), right="purchasing.approve", valid_from=DAY, **NOW)
    refused("unknown_right", actions.create_level, name="x", up_to_amount=D(1), right="x", valid_from=DAY, **NOW)


def test_a_request_goes_back_and_forth(supply):
    given = [{"part_id": supply.a.pk, "qty": 2}]
    supply.price(supply.a, "180", pack_qty=D(2))
    request = actions.create_request(place=supply.depot, lines=given, **supply.act("keeper"))
    assert request.total_amount == 360
    request = actions.submit(request, **supply.act("keeper"))
    refused("submitted_already", actions.edit_request, request, remark="x", **supply.act("keeper"))
    request = actions.withdraw(request, **supply.act("keeper"))
    request = actions.edit_request(request, lines=[{"part_id": supply.b.pk, "qty": 3}], remark="改", version=request.version, **supply.act("keeper"))
    assert (request.remark, request.total_amount) == ("改", 0)
    with pytest.raises(Stale):
        actions.edit_request(request, remark="x", version=1, **supply.act("keeper"))
    request = actions.submit(request, **supply.act("keeper"))
    refused("reason_needed", actions.reject, request, reason=" ", **supply.act("manager"))
    request = actions.reject(request, reason="太多", **supply.act("manager"))
    assert request.decision == "太多"
    request = actions.cancel_request(actions.submit(request, **supply.act("keeper")), reason="不要了", **supply.act("keeper"))
    assert request.status == "cancelled"
    refused("wrong_state", actions.submit, request, **supply.act("keeper"))
    with pytest.raises(NotAllowed):
        actions.create_request(place=supply.depot, lines=given, **supply.act("stranger"))
    refused("no_lines", actions.create_request, place=supply.depot, lines=[], **supply.act("keeper"))


def test_what_is_ordered_is_what_was_approved(supply):
    request = supply.approved((supply.a, 5, "100"))
    line = queries.request_lines_of(request)[0]

    def order(**more):
        given = {"part_id": supply.a.pk, "qty": 5, "price_amount": "100", "request_line_id": line.pk} | more
        return actions.create_order(supplier=supply.vendor, place=supply.depot, lines=[given], **supply.act("buyer"))

    refused("more_than_requested", order, qty=6)
    refused("other_part", order, part_id=supply.b.pk)
    refused("price_missing", order, price_amount="")
    refused("bad_price", order, price_amount="-1")
    dearer = order(qty=2, price_amount="120")
    with pytest.raises(NotAllowed):
        actions.send(dearer, **supply.act("buyer"))
    assert actions.send(dearer, **supply.act("manager")).status == "sent"
    rest = order(qty=3)
    assert queries.get_request(request.pk, supply.buyer).status == "ordered"
    refused("not_approved", order, qty=1)
    actions.cancel(rest, reason="换一家", **supply.act("buyer"))
    assert queries.get_request(request.pk, supply.buyer).status == "approved"
    assert [row.ordered_qty for row in queries.lines_to_order(supply.buyer)] == [2]
    refused("ordered_already", actions.cancel_request, queries.get_request(request.pk, supply.keeper), reason="x", **supply.act("keeper"))
    refused("reason_needed", actions.finish, queries.get_request(request.pk, supply.buyer), **supply.act("buyer"))
    assert actions.finish(queries.get_request(request.pk, supply.buyer), reason="够了", **supply.act("buyer")).status == "ordered"
    own = actions.create_order(supplier=supply.vendor, place=supply.depot, **supply.act("manager"),
                               lines=[{"part_id": supply.a.pk, "qty": 1, "price_amount": 1}])
    refused("own_order", actions.send, own, **supply.act("manager"))


def test_a_draft_is_edited_and_a_sent_order_amended(supply):
    supply.price(supply.a, "90")
    supply.approved((supply.a, 1, "90"))
    draft = actions.create_order(supplier=supply.vendor, place=supply.depot, lines=[{"part_id": supply.a.pk, "qty": 2}], **supply.act("buyer"))
    draft = actions.edit_order(draft, lines=[{"part_id": supply.a.pk, "qty": 3}], remark="加急", **supply.act("buyer"))
    assert (draft.net_amount, draft.remark) == (270, "加急")
    refused("unknown_field", actions.edit_order, draft, status="sent", **supply.act("buyer"))
    order = actions.send(draft, **supply.act("manager"))
    refused("sent_already", actions.edit_order, order, remark="x", **supply.act("buyer"))
    order = actions.confirm(order, expected_on=dt.date(2026, 3, 20), **supply.act("buyer"))
    assert order.expected_on == dt.date(2026, 3, 20)
    line, = queries.lines_of(order)
    supply.received(order, (line, 2))
    order = queries.get_order(order.pk, supply.buyer)
    refused("nothing_changed", actions.amend, order, reason="x", **supply.act("manager"))
    refused("below_received", actions.amend, order, reason="x", changes={line.pk: {"qty": 1}}, **supply.act("manager"))
    refused("line_started", actions.amend, order, reason="x", changes={line.pk: {"price_amount": "80"}}, **supply.act("manager"))
    with pytest.raises(NotAllowed):
        actions.amend(order, reason="加量", changes={line.pk: {"qty": 30}}, **supply.act("buyer"))
    order = actions.amend(order, reason="加量", changes={line.pk: {"qty": 4}}, added=[{"part_id": supply.b.pk, "qty": 1, "price_amount": 2}],
                          **supply.act("manager"))
    assert (order.revision, order.net_amount, order.arrival) == (1, 362, "partial")
    kept = Revision.objects.get(order=order)
    assert kept.before["lines"] == [{"id": line.pk, "part": "A-1", "name": "压缩机", "qty": "3.000", "price_amount": "90.0000",
                                     "expected_on": "2026-03-20"}]
    refused("delivered_already", actions.cancel, order, reason="x", **supply.act("buyer"))
    refused("not_inspected", actions.close, order, reason="x", **supply.act("buyer"))


def test_damaged_goods_are_set_apart_and_open_again(supply):
    order, (line,) = supply.sent((supply.a, 10, "200"))
    receipt = supply.received(order, (line, 10))
    row, = queries.receipt_lines_of(receipt)
    judge = {"line_id": row.pk, "accepted_qty": 7, "rejected_qty": 2}
    refused("verdict_not_whole", actions.inspect, receipt, verdicts=[judge], **supply.act("keeper"))
    refused("reason_needed", actions.inspect, receipt, verdicts=[judge | {"rejected_qty": 3}], **supply.act("keeper"))
    refused("unknown_remedy", actions.inspect, receipt, verdicts=[judge | {"rejected_qty": 3, "reason": "破", "remedy": "x"}], **supply.act("keeper"))
    with pytest.raises(NotAllowed):
        actions.inspect(receipt, **supply.act("buyer"))
    actions.inspect(receipt, verdicts=[judge | {"rejected_qty": 3, "reason": "外壳破裂"}], **supply.act("keeper"))
    refused("wrong_state", actions.inspect, receipt, **supply.act("keeper"))
    line, = queries.lines_of(order)
    assert (line.kept_qty, line.rejected_qty, line.inspecting_qty, line.open_qty) == (7, 3, 0, 3)
    assert supply.on_hand(supply.a) == 7
    apart = checks.Place.objects.get(kind_of="quarantine")
    assert supply.on_hand(supply.a, apart, "defective") == 3
    assert queries.get_order(order.pk, supply.buyer).arrival == "partial"
    again = supply.received(queries.get_order(order.pk, supply.buyer), (line, 3))
    row, = queries.receipt_lines_of(again)
    actions.inspect(again, verdicts=[{"line_id": row.pk, "rejected_qty": 1, "reason": "又破", "remedy": "credit"}], **supply.act("keeper"))
    line, = queries.lines_of(order)
    assert (line.kept_qty, line.cancelled_qty, line.open_qty) == (9, 1, 0)
    assert books() == []


def test_too_much_and_wrong_goods_are_refused_or_set_apart(supply):
    order, (line,) = supply.sent((supply.a, 10, "200"))
    told = refused("over_delivery", supply.received, order, (line, 12))
    assert told.params["excess"] == "2.000"
    given = [{"line_id": line.pk, "qty": 12, "noted_qty": 13}, {"part_id": supply.b.pk, "qty": 3, "reason": "发错"}]
    receipt = actions.receive(order, lines=given, keep_excess=True, **supply.act("keeper")).receipt_made
    assert [(row.kind_of, row.qty, row.rejected_qty) for row in queries.receipt_lines_of(receipt)] == [
        ("ordered", 10, 0), ("excess", 2, 2), ("wrong", 3, 3)]
    apart = checks.Place.objects.get(kind_of="quarantine")
    assert (supply.on_hand(supply.a, apart, "return"), supply.on_hand(supply.b, apart, "return")) == (2, 3)
    assert Cost.objects.get(part=supply.a).value_amount == 2000
    assert not Cost.objects.filter(part=supply.b, value_amount__gt=0).exists()
    refused("part_missing", actions.receive, order, lines=[{"qty": 1}], **supply.act("keeper"))
    with pytest.raises(NotFound):
        actions.receive(order, lines=[{"line_id": 999999, "qty": 1}], **supply.act("keeper"))
    assert books() == []


def test_a_tolerance_lets_a_little_more_in(supply):
    actions.create_tolerance(valid_from=dt.date(2026, 1, 1), over_percent=D(10), **NOW)
    actions.create_tolerance(valid_from=dt.date(2026, 1, 1), supplier_id=supply.rival.pk, over_percent=D(50), **NOW)
    refused("tolerance_overlaps", actions.create_tolerance, valid_from=DAY, **NOW)
    refused("out_of_range", actions.create_tolerance, valid_from=DAY, supplier_id=supply.vendor.pk, over_percent=D(200), **NOW)
    order, (line,) = supply.sent((supply.a, 10, "1"))
    refused("over_delivery", supply.received, order, (line, "11.001"))
    supply.received(order, (line, 11))
    order, (line,) = supply.sent((supply.a, 10, "1"), supplier=supply.rival)
    assert line.ceiling_qty == 15


def test_serial_parts_come_one_by_one(supply):
    order, (line,) = supply.sent((supply.s, 2, "300"))

    def bring(*serials, qty=1):
        given = [{"line_id": line.pk, "qty": qty, "lot": serial} for serial in serials]
        return actions.receive(order, lines=given, **supply.act("keeper"))

    refused("serial_needed", bring, "")
    refused("serial_is_single", bring, "SN1", qty=2)
    receipt = bring("SN1", "SN2").receipt_made
    refused("wrong_state", actions.undo, actions.undo(receipt, reason="录错", **supply.act("keeper")), reason="x", **supply.act("keeper"))
    line, = queries.lines_of(order)
    assert (line.kept_qty, line.open_qty) == (0, 2)
    receipt = bring("SN1", "SN2").receipt_made
    actions.inspect(receipt, **supply.act("keeper"))
    assert supply.on_hand(supply.s) == 2
    assert books() == []


def test_a_receipt_undone_leaves_no_trace_in_stock_and_order(supply):
    order, (line,) = supply.sent((supply.a, 10, "200"))
    receipt = supply.received(order, (line, 4))
    refused("reason_needed", actions.undo, receipt, reason="", **supply.act("keeper"))
    actions.undo(receipt, reason="送错地方", **supply.act("keeper"))
    assert supply.on_hand(supply.a, condition="inspection") == 0
    order = queries.get_order(order.pk, supply.buyer)
    assert order.arrival == "waiting"
    assert actions.cancel(order, reason="不要了", **supply.act("buyer")).status == "cancelled"
    refused("wrong_state", supply.received, queries.get_order(order.pk, supply.buyer), (line, 1))
    assert books() == []


def test_closing_short_asks_why_and_opens_the_request(supply):
    order, (line,) = supply.sent((supply.a, 10, "200"))
    actions.inspect(supply.received(order, (line, 4)), **supply.act("keeper"))
    order = queries.get_order(order.pk, supply.buyer)
    refused("reason_needed", actions.close, order, **supply.act("buyer"))
    actions.close(order, reason="停产", **supply.act("buyer"))
    assert [(row.qty, row.ordered_qty) for row in queries.lines_to_order(supply.buyer)] == [(10, 4)]


def test_suppliers_and_their_prices(supply):
    refused("supplier_exists", parties.create_supplier, name="东方 制冷", **NOW)
    refused("bad_currency", parties.create_supplier, name="新", currency="rmb", **NOW)
    with pytest.raises(NotAllowed):
        parties.create_supplier(name="新", **supply.act("keeper"))
    vendor = parties.edit_supplier(supply.vendor, version=supply.vendor.version, is_active=False, **supply.act("buyer"))
    refused("supplier_closed", actions.create_order, supplier=vendor, place=supply.depot, lines=[], **supply.act("buyer"))
    supply.price(supply.a, "9", supplier=supply.rival)
    refused("price_overlaps", supply.price, supply.a, "8", supplier=supply.rival)
    assert [row.supplier_id for row in queries.prices_on(DAY, [supply.a.pk])[supply.a.pk]] == [supply.rival.pk]
    dollars = parties.create_supplier(name="Overseas", currency="USD", **NOW)
    given = {"supplier": dollars, "place": supply.depot, "lines": [{"part_id": supply.a.pk, "qty": 1, "price_amount": 10}]}
    order = actions.create_order(exchange_rate=D("7.1"), **given, **supply.act("buyer"))
    refused("bad_rate", actions.create_order, exchange_rate=D(0), **given, **supply.act("buyer"))
    order = actions.send(order, **supply.act("manager"))
    line, = queries.lines_of(order)
    actions.inspect(supply.received(order, (line, 1)), **supply.act("keeper"))
    assert Cost.objects.get(part=supply.a).value_amount == 71
    assert isinstance(refused("bad_rate", actions.create_order, **(given | {"supplier": supply.rival}), exchange_rate=D(7), **supply.act("buyer")),
                      RuleBroken)
