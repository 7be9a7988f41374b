"""Shipments to the factory: filled, sent, answered piece by piece, taken back."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.cores import actions, checks, queries
from aftercare.domain.cores.tests.shop import DAY, SYSTEM
from aftercare.domain.inventory.tests.stock import state
from aftercare.foundation.refusals import NotAllowed, RuleBroken, Stale, WrongState


def box(shop, *cores):
    shipment = actions.open_shipment(branch_id=shop.head.pk, receiver="苏州工厂", **shop.act("keeper"))
    for core in cores:
        shipment = actions.add(shipment, core=core, **shop.act("keeper"))
    return shipment


def refused(code, verb, *args, **given):
    with pytest.raises((RuleBroken, WrongState)) as met:
        verb(*args, **given)
    assert met.value.code == code


def test_pieces_go_in_and_out_of_a_draft(shop):
    core = shop.received()
    shipment = box(shop, core)
    core = queries.get_core(core.pk, SYSTEM)
    assert core.shipment_id == shipment.pk and core.status == "received"
    refused("in_shipment", actions.add, box(shop), core=core, **shop.act("keeper"))
    for verb in (actions.scrap, actions.undo_receive, actions.refurbish):
        refused("in_shipment", verb, core, reason="x", **shop.act("keeper"))
    shipment = actions.remove(shipment, core=core, **shop.act("keeper"))
    refused("not_in_shipment", actions.remove, shipment, core=queries.get_core(core.pk, SYSTEM), **shop.act("keeper"))
    refused("no_lines", actions.post_shipment, shipment, carrier="顺丰", tracking_number="1", **shop.act("keeper"))


def test_only_what_lies_here_goes_into_a_box_of_its_branch(shop):
    owed, = shop.use((shop.a, 1), order=7)
    refused("wrong_state", actions.add, box(shop), core=owed, **shop.act("keeper"))
    elsewhere = actions.open_shipment(branch_id=shop.away.pk, **shop.act("stranger"))
    refused("other_branch", actions.add, elsewhere, core=shop.received(), **shop.act("stranger"))
    with pytest.raises(NotAllowed):
        actions.open_shipment(branch_id=shop.head.pk, **shop.act("engineer"))


def test_it_goes_off_with_a_tracking_number_and_leaves_the_shelf(shop):
    shipment = box(shop, shop.received(qty=3))
    refused("tracking_missing", actions.post_shipment, shipment, carrier="顺丰", **shop.act("keeper"))
    shipment = actions.post_shipment(shipment, carrier="顺丰", tracking_number="SF1", **shop.act("keeper"))
    piece, = queries.pieces_of(shipment)
    assert (shipment.status, piece.status, state(shop.a)) == ("posted", "shipped", {}) and checks.check_stock() == []
    refused("wrong_state", actions.add, shipment, core=shop.received(order=2), **shop.act("keeper"))


def test_a_draft_is_given_up_and_its_pieces_lie_on_the_shelf(shop):
    shipment = actions.cancel_shipment(box(shop, shop.received()), reason="换厂家", **shop.act("keeper"))
    core, = queries.list_cores(SYSTEM)
    assert (shipment.status, core.shipment_id, core.status) == ("cancelled", None, "received")


def test_a_shipment_is_taken_back_while_nothing_is_answered(shop):
    shipment, (one, _two) = shop.sent()
    actions.credit(one, amount=D("10.00"), **shop.act("accountant"))
    refused("answered_already", actions.reverse_shipment, shipment, reason="退回", **shop.act("keeper"))
    actions.reopen(queries.get_core(one.pk, SYSTEM), reason="填错", **shop.act("accountant"))
    shipment = actions.reverse_shipment(queries.get_shipment(shipment.pk, SYSTEM), reason="退回", **shop.act("keeper"))
    assert shipment.status == "reversed" and {c.status for c in queries.list_cores(SYSTEM)} == {"received"}
    assert state(shop.a) == {(shop.depot.code, "A-1", "return", ""): (2, 0)} and checks.check_stock() == []


def test_the_factory_answers_piece_by_piece_and_the_last_answer_settles(shop):
    shop.rule(credit_amount=D("80.00"))
    shipment, (one, two) = shop.sent()
    refused("reason_needed", actions.credit, one, amount=D("60.00"), **shop.act("accountant"))
    one = actions.credit(one, amount=D("60.00"), reason="外壳破损", **shop.act("accountant"))
    assert (one.status, one.credit_amount, queries.get_shipment(shipment.pk, SYSTEM).status) == ("credited", D("60.00"), "posted")
    refused("reason_needed", actions.refuse, two, reason=" ", **shop.act("accountant"))
    two = actions.refuse(two, reason="人为损坏", **shop.act("accountant"))
    shipment = queries.get_shipment(shipment.pk, SYSTEM)
    figures = queries.figures_of(queries.pieces_of(shipment))
    assert (two.status, shipment.status) == ("refused", "settled")
    assert figures == queries.ShipmentFigures(2, 2, 1, D("60.00"), D("160.00"))
    two = actions.reopen(two, reason="复议", **shop.act("accountant"))
    assert (two.status, two.credit_amount, queries.get_shipment(shipment.pk, SYSTEM).status) == ("shipped", None, "posted")
    two = actions.credit(two, amount=D("80.00"), **shop.act("accountant"))
    assert queries.get_shipment(shipment.pk, SYSTEM).status == "settled"
    refused("wrong_state", actions.credit, two, amount=D("80.00"), **shop.act("accountant"))


def test_a_draft_is_revised_by_its_version(shop):
    shipment = box(shop)
    newer = actions.revise_shipment(shipment, version=shipment.version, remark="易碎", **shop.act("keeper"))
    with pytest.raises(Stale):
        actions.revise_shipment(newer, version=newer.version - 1, remark="x", **shop.act("keeper"))
    refused("not_editable", actions.revise_shipment, newer, version=newer.version, carrier="顺丰", **shop.act("keeper"))


def test_buttons_lead_somewhere(shop):
    def names(core, who, day=DAY):
        return {move.name for move in queries.open_core_moves(core, getattr(shop, who), day=day)}

    shop.rule()
    core, = shop.use((shop.a, 1))
    assert names(core, "accountant") == {"waive"}
    assert names(core, "accountant", DAY + dt.timedelta(days=20)) == {"waive", "charge"}
    assert names(core, "keeper") == {"receive"} and names(core, "engineer") == set() and names(core, "manager") == {"receive", "waive"}
    core = actions.receive(core, **shop.act("keeper"))
    assert names(core, "keeper") == {"undo_receive", "scrap", "refurbish"}
    shipment = box(shop, core)
    assert names(queries.get_core(core.pk, SYSTEM), "keeper") == set()
    assert {move.name for move in queries.open_shipment_moves(shipment, shop.keeper)} == {"post", "cancel"}
