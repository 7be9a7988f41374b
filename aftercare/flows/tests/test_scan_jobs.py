"""What is scanned is booked by the flows of the pages: issue, return, receipt, transfer, put away."""

from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import actions as purchasing
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.domain.work import queries as orders
from aftercare.flows import prepare_parts, scan_jobs, scan_loop, scanning
from aftercare.flows.scan_loop import State
from aftercare.flows.tests.test_journeys import at_work, hours, register  # noqa: F401
from aftercare.foundation.refusals import NotAllowed, NotFound, Refusal, RuleBroken, WrongState

pytestmark = pytest.mark.django_db


def scanned(job, actor, *codes, **options):
    """The state after these scans."""
    state = State(**options)
    for code in codes:
        state, _said = scan_loop.step(job, state, code, lambda text: scanning.resolve(text, actor=actor))
    return state


@pytest.fixture
def supply_room(db):
    """A supply company with a bin in its depot."""
    room = Supply()
    room.bin = inventory.create_place(code="A-01", name="一号", kind="bin", branch_id=None, parent=room.depot, **NOW)
    room.bin2 = inventory.create_place(code="A-02", name="二号", kind="bin", branch_id=None, parent=room.depot, **NOW)
    return room


@pytest.mark.both
def test_an_order_is_picked_from_its_bins_and_what_is_not_used_goes_to_a_bin(company, boss, at_work):  # noqa: F811
    order, at = at_work(), {"actor": boss, "at": hours(1)}
    spot = inventory.create_place(code="A-01", name="一号", kind="bin", branch_id=None, parent=company.depot, **at)
    inventory.transfer(from_place=company.depot, to_place=spot, lines=[(company.part.pk, D(5))], **at)
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 3}, {"part": company.part, "qty": 1}], **at)
    job = scan_jobs.make("issue", order.number, **at)
    assert [(want.qty, want.hint) for want in job.wants] == [(3, "一号"), (1, "一号")]
    # A part of the line now, the rest stays promised in its bin and is scanned later.
    begun = scanned(job, boss, "A-01", "P-1", "2")
    assert scan_jobs.finish("issue", order.number, begun, **at) == f"/orders/{order.number}/"
    assert stock.on_hand(company.part.pk, company.van.pk) == 2
    first = orders.materials_of(order).order_by("pk")[0]
    assert (first.reserved_qty, first.place_id, prepare_parts.carried_of([order], [first])) == (3, company.depot.pk, {first.pk: 2})
    # The paper of a moment ago books nothing twice.
    with pytest.raises(RuleBroken) as refused:
        scan_jobs.finish("issue", order.number, begun, **at)
    assert refused.value.code == "more_than_wanted"
    rest = scan_jobs.make("issue", order.number, **at)
    assert [(want.qty, want.hint) for want in rest.wants] == [(1, "一号"), (1, "一号")]
    scan_jobs.finish("issue", order.number, scanned(rest, boss, "A-01", "P-1", "P-1"), **at)
    assert stock.on_hand(company.part.pk, company.van.pk) == 4
    with pytest.raises(RuleBroken) as refused:
        scan_jobs.finish("issue", order.number, begun, **at)
    assert refused.value.code == "scan_stale"
    back = scan_jobs.make("return", order.number, **at)
    scan_jobs.finish("return", order.number, scanned(back, boss, "A-01", "P-1", "2"), **at)
    assert (stock.on_hand(company.part.pk, company.van.pk), stock.on_hand(company.part.pk, spot.pk)) == (2, 3)
    assert [(row.reserved_qty, row.place_id) for row in orders.materials_of(order).order_by("pk")] == [(1, company.van.pk), (1, company.van.pk)]
    assert [job.name for job in scan_jobs.open_for("work.workorder", order.number, **at)] == ["return"]


def test_a_delivery_is_received_with_new_serial_numbers_and_a_wrong_part(supply_room):
    room = supply_room
    order, lines = room.sent((room.a, 3, "200"), (room.s, 2, "90"))
    who = room.act("keeper", 1)
    job = scan_jobs.make("receive", order.number, **who)
    state = scanned(job, who["actor"], "A-1", "2", "S-1", "N1", "S-1", "N2", "B-1", "4", wrong=True)
    address = scan_jobs.finish("receive", order.number, state, told=scan_jobs.Told(note="DN1"), **who)
    receipt, = supply.list_receipts(who["actor"])
    assert address == f"/receipts/{receipt.number}/" and receipt.delivery_note == "DN1"
    assert [(row.part.code, row.qty, row.lot, row.kind_of) for row in supply.receipt_lines_of(receipt)] == [
        ("A-1", 2, "", "ordered"), ("S-1", 1, "N1", "ordered"), ("S-1", 1, "N2", "ordered"), ("B-1", 4, "", "wrong")]
    assert [line.open_qty for line in supply.lines_of(order)] == [1, 0]
    with pytest.raises(NotFound):
        scan_jobs.make("receive", order.number, **room.act("stranger", 1))


@pytest.mark.both
def test_a_transfer_leaves_the_bin_it_was_scanned_from_and_less_only_knowingly(supply_room):
    room, who = supply_room, supply_room.act("keeper", 1)
    for spot in (room.bin, room.bin2):
        inventory.receive(room.depot, lines=[inventory.ReceiveLine(room.a.pk, D(3), D(4), place_id=spot.pk)], **NOW)
    transfer = purchasing.request_transfer(from_place=room.depot, to_place=room.shelf, lines=[{"part_id": room.a.pk, "qty": 3}], **room.act("manager", 1))
    job = scan_jobs.make("ship", transfer.number, **who)
    state = scanned(job, who["actor"], "A-02", "A-1", "2")
    with pytest.raises(RuleBroken) as refused:
        scan_jobs.finish("ship", transfer.number, state, **who)
    assert refused.value.code == "short_pick"
    scan_jobs.finish("ship", transfer.number, state, is_short=True, **who)
    assert [stock.on_hand(room.a.pk, spot.pk) for spot in (room.bin, room.bin2)] == [3, 1]
    outlet = room.act("outlet", 2)
    with pytest.raises(Refusal):
        scan_jobs.make("ship", transfer.number, **outlet)
    taken = scan_jobs.make("take", transfer.number, **outlet)
    scan_jobs.finish("take", transfer.number, scanned(taken, outlet["actor"], "A-1", "2"), **outlet)
    assert room.on_hand(room.a, room.shelf) == 2 and supply.get_transfer(transfer.pk, room.keeper).status == "settled"
    with pytest.raises(WrongState):
        scan_jobs.make("take", transfer.number, **outlet)


def test_goods_are_put_away_into_the_bins_scanned(supply_room):
    room, who = supply_room, supply_room.act("keeper", 1)
    inventory.receive(room.depot, lines=[(room.a.pk, D(5), D(4))], **NOW)
    job = scan_jobs.make("put-away", room.depot.code, **who)
    state = scanned(job, who["actor"], "A-01", "A-1", "2", "a-02", "A-1", "1")
    scan_jobs.finish("put-away", room.depot.code, state, **who)
    assert [stock.on_hand(room.a.pk, spot.pk) for spot in (room.bin, room.bin2)] == [2, 1]
    assert stock.free_spots([room.a.pk], room.depot.pk)[room.a.pk][0][2] == 2
    with pytest.raises((NotAllowed, NotFound)):
        scan_jobs.make("put-away", room.depot.code, **room.act("outlet", 1))


def test_what_is_put_away_is_what_lay_in_the_place_and_not_what_its_bins_hold(supply_room):
    room, who = supply_room, supply_room.act("keeper", 1)
    inventory.receive(room.depot, lines=[(room.a.pk, D(2), D(4))], **NOW)
    inventory.receive(room.bin2, lines=[(room.a.pk, D(5), D(4))], **NOW)
    job = scan_jobs.make("put-away", room.depot.code, **who)
    scan_jobs.finish("put-away", room.depot.code, scanned(job, who["actor"], "A-01", "A-1", "2"), **who)
    left = {row.place_id: row.on_hand_qty for row in stock.balances(who["actor"]).filter(part_id=room.a.pk)}
    assert (left[room.bin.pk], left[room.bin2.pk], left.get(room.depot.pk, D(0))) == (2, 5, 0)
    # Gone meanwhile: the bins do not serve for it, the keeper is told that it lacks.
    with pytest.raises(RuleBroken) as told:
        inventory.transfer(from_place=room.depot, to_place=room.bin, lines=[(room.a.pk, D(1), "")], from_bins=False, **who)
    assert told.value.code == "short_stock"


def test_papers_of_supply_are_known_by_their_number(supply_room):
    room = supply_room
    order, lines = room.sent((room.a, 3, "200"))
    receipt = room.received(order, (lines[0], 2))
    found = {code: scanning.resolve(code, actor=room.keeper).kind for code in (order.number.lower(), receipt.number, "Ａ-1", "a-01")}
    assert list(found.values()) == ["purchasing.order", "purchasing.receipt", "catalog.part", "inventory.place"]
    assert [job.name for job in scan_jobs.open_for("purchasing.order", order.number, **room.act("keeper", 1))] == ["receive"]
