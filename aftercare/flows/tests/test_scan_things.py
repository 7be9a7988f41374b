"""Every keeper's job by scanner: goods judged, damaged, sent back and sold; tools, papers and loaners lent and taken back."""

from decimal import Decimal as D

import pytest

from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.orders import queries as sales
from aftercare.domain.purchasing import actions as purchasing
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.flows import prepare_parts, register_request, scan_jobs, scanning, sell_parts
from aftercare.flows.tests.test_journeys import at_work, hours, register  # noqa: F401
from aftercare.flows.tests.test_scan_jobs import scanned
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db):
    """A supply company."""
    return Supply()


def refused(code, call, kind=RuleBroken):
    """The refusal with that code."""
    with pytest.raises(kind) as refusal:
        call()
    assert refusal.value.code == code
    return refusal.value


@pytest.mark.both
def test_a_delivery_is_judged_piece_by_piece_and_the_rejected_go_back_to_the_supplier(room):
    order, lines = room.sent((room.a, 3, "200"), (room.s, 1, "90"))
    purchasing.receive(order, lines=[{"line_id": lines[0].pk, "qty": D(3)}, {"line_id": lines[1].pk, "qty": D(1), "lot": "N1"}], **room.act("keeper", 1))
    receipt, = supply.list_receipts(room.keeper)
    who = room.act("keeper", 2)
    job = scan_jobs.make("inspect", receipt.number, **who)
    half = scanned(job, room.keeper, "A-1", "2", "N1")
    refused("not_all_scanned", lambda: scan_jobs.finish("inspect", receipt.number, half, **who))
    whole = scanned(job, room.keeper, "A-1", "2", "!", "A-1", "N1")
    refused("reason_needed", lambda: scan_jobs.finish("inspect", receipt.number, whole, **who))
    scan_jobs.finish("inspect", receipt.number, whole, told=scan_jobs.Told("壳裂", is_credit=True), **who)
    assert [(row.accepted_qty, row.rejected_qty, row.reason, row.remedy) for row in supply.receipt_lines_of(receipt)] == [
        (2, 1, "壳裂", "credit"), (1, 0, "", "")]
    refused("judged_already", lambda: scan_jobs.make("inspect", receipt.number, **who), WrongState)
    bad = supply.receipt_lines_of(receipt)[0]
    paper = purchasing.create_return(supply.get_receipt(receipt.number, room.keeper), remedy="credit", lines=[
        {"line_id": bad.pk, "qty": D(1), "reason": "壳裂"}], **room.act("buyer", 3))
    back = scan_jobs.make("send-back", paper.number, **who)
    refused("not_on_document", lambda: scanned(back, room.keeper, "B-1"))
    scan_jobs.finish("send-back", paper.number, scanned(back, room.keeper, "A-1"), **who)
    assert supply.get_return(paper.number, room.keeper).status == "shipped"


@pytest.mark.both
def test_a_transfer_is_received_sound_damaged_and_short(room):
    inventory.receive(room.depot, lines=[(room.a.pk, D(5), D(4))], **NOW)
    transfer = purchasing.request_transfer(from_place=room.depot, to_place=room.shelf, lines=[{"part_id": room.a.pk, "qty": 5}], **room.act("manager", 1))
    purchasing.ship(transfer, **room.act("keeper", 1))
    who = room.act("outlet", 2)
    state = scanned(scan_jobs.make("take", transfer.number, **who), room.outlet, "A-1", "2", "!", "A-1")
    told = scan_jobs.Told("外箱压坏")
    short = refused("short_pick", lambda: scan_jobs.finish("take", transfer.number, state, told=told, **who))
    assert "压缩机 2" in str(short.message) and "短少也提交" in str(short.message)
    refused("reason_needed", lambda: scan_jobs.finish("take", transfer.number, state, is_short=True, **who))
    scan_jobs.finish("take", transfer.number, state, is_short=True, told=told, **who)
    row, = supply.transfer_lots_of(supply.get_transfer(transfer.number, room.keeper))
    assert (row.received_qty, row.damaged_qty, row.transit_qty, row.reason) == (2, 1, 2, "外箱压坏")
    assert room.on_hand(room.a, room.shelf) == 2 and supply.get_transfer(transfer.number, room.keeper).status == "shipped"
    # What comes later is scanned later.
    rest = scan_jobs.make("take", transfer.number, **who)
    scan_jobs.finish("take", transfer.number, scanned(rest, room.outlet, "A-1", "2"), **who)
    assert room.on_hand(room.a, room.shelf) == 4


def test_a_sale_leaves_the_counter_when_all_of_it_was_scanned(room):
    inventory.receive(room.depot, lines=[(room.a.pk, D(5), D(4))], **NOW)
    room.a.__class__.objects.filter(pk=room.a.pk).update(price_amount=D(30))
    sale = sell_parts.open_sale(place=room.depot, lines=[{"part": "A-1", "qty": D(2)}], **NOW)
    who = {**NOW}
    job = scan_jobs.make("hand-out", sale.number, **who)
    assert "60.00" in job.title
    refused("not_on_document", lambda: scanned(job, NOW["actor"], "B-1"))
    refused("not_all_scanned", lambda: scan_jobs.finish("hand-out", sale.number, scanned(job, NOW["actor"], "A-1"), **who))
    both = scanned(job, NOW["actor"], "A-1", "2")
    refused("unpaid_stranger", lambda: scan_jobs.finish("hand-out", sale.number, both, **who))
    scan_jobs.finish("hand-out", sale.number, both, told=scan_jobs.Told(method="wechat"), **who)
    assert sales.get_sale(sale.number, NOW["actor"]).status == "done" and room.on_hand(room.a) == 3


def test_a_tool_and_a_paper_go_to_the_badge_scanned_and_come_back_by_their_own_code(company, boss):
    at = {"actor": boss, "at": hours(1)}
    tool = custody.create_tool(name="万用表", branch_id=company.branch.pk, **at)
    other = custody.create_tool(name="钳子", branch_id=company.branch.pk, **at)
    paper = custody.create_paper(number="TZ-7", title="电路图", branch_id=company.branch.pk, **at)
    badge = company.wang.number
    for thing, get in ((tool, things.get_tool), (paper, things.get_paper)):
        job = scan_jobs.make("give", thing.number, **at)
        refused("not_for_this_job", lambda job=job: scanned(job, boss, other.number))
        refused("unknown_code", lambda job=job: scanned(job, boss, "NOBODY"), NotFound)
        refused("nothing_picked", lambda thing=thing, job=job: scan_jobs.finish("give", thing.number, scanned(job, boss), **at))
        scan_jobs.finish("give", thing.number, scanned(job, boss, badge), **at)
        assert get(thing.number, boss).holding.employee_id == company.wang.pk
        refused("not_in_store", lambda thing=thing: scan_jobs.make("give", thing.number, **at), WrongState)
        assert [one.name for one in scan_jobs.open_for(thing.kind, thing.number, **at)] == ["take-back"]
        back = scan_jobs.make("take-back", thing.number, **at)
        refused("not_for_this_job", lambda back=back: scanned(back, boss, other.number))
        scan_jobs.finish("take-back", thing.number, scanned(back, boss, thing.number.lower()), told=scan_jobs.Told("有划痕"), **at)
        assert get(thing.number, boss).status == "in_store"
    assert scanning.resolve("tz-7", actor=boss).kind == "custody.paper"
    with pytest.raises(NotFound):
        scan_jobs.make("give", "NONE", **at)


def test_a_loaner_goes_with_the_order_scanned_and_its_deposit_is_taken(company, boss):
    at = {"actor": boss, "at": hours(1)}
    loaner = custody.create_loaner(product=company.product, serial="BY-1", branch_id=company.branch.pk, value_amount=D(1000), **at)
    bench = register_request.register(branch_id=company.branch.pk, customer=company.customer, asset=company.asset, fault="不制冷", mode="bench",
                                      intake={"item": "空调", "appearance": [], "accessories": [], "place": "A-1"}, **at)
    job = scan_jobs.make("lend", loaner.number, **at)
    assert "300.00" in job.title
    scan_jobs.finish("lend", loaner.number, scanned(job, boss, bench.custody.number), told=scan_jobs.Told(method="wechat"), **at)
    loan = things.get_loaner(loaner.number, boss).holding
    assert (loan.customer_id, loan.deposit_amount, loan.source_number) == (company.customer.pk, D(300), bench.order.number)
    refused("not_available", lambda: scan_jobs.make("lend", loaner.number, **at), WrongState)
    back = scan_jobs.make("take-back", loaner.number, **at)
    scan_jobs.finish("take-back", loaner.number, scanned(back, boss, loaner.number), **at)
    assert things.get_loaner(loaner.number, boss).status == "checking"
    spot = inventory.create_place(code="C-01", name="寄存架", kind="bin", branch_id=None, parent=company.depot, **at)
    shelve = scan_jobs.make("shelve", bench.custody.number, **at)
    scan_jobs.finish("shelve", bench.custody.number, scanned(shelve, boss, spot.code.lower()), **at)
    assert things.get_custody(bench.custody.number, boss).place == "C-01"


@pytest.mark.both
def test_what_was_issued_in_part_is_used_first_kept_when_the_line_grows_and_let_go_at_the_end(company, boss, at_work):  # noqa: F811
    order, at = at_work(), {"actor": boss, "at": hours(1)}
    inventory.receive(company.depot, lines=[(company.part.pk, D(10), D(5))], **at)
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 5}], **at)
    line = scan_jobs.parts.orders.materials_of(order).get()
    refused("more_than_promised", lambda: prepare_parts.issue(order, parts=[(line.pk, None, D(6))], **at))
    prepare_parts.issue(order, parts=[(line.pk, None, D(2))], **at)
    van, depot = (lambda place: (stock.on_hand(company.part.pk, place.pk))), company.depot
    assert van(company.van) == 2
    promised = lambda: {row.place.kind_of: row.qty for row in stock.reservations_of(scan_jobs.parts.Source.of(order))}  # noqa: E731
    assert promised() == {"depot": 3, "van": 2}
    # More of the line is promised in the store; what is in the van stays promised there.
    prepare_parts.change(order, line.pk, qty=D(6), **at)
    assert promised() == {"depot": 4, "van": 2}
    prepare_parts.reserve(order, **at)
    assert promised() == {"depot": 4, "van": 2}
    # One comes back: from the van, not from the promise in the store.
    prepare_parts.return_unused(order, lines=[(line.pk, D(1), "")], **at)
    assert promised() == {"depot": 4, "van": 1} and van(company.van) == 1
    before = van(depot)
    inventory.consume(source=scan_jobs.parts.Source.of(order), lines=[inventory.UseLine(f"m{line.pk}", company.part.pk, D(1), depot.pk)], **at)
    assert promised() == {"depot": 4} and (van(company.van), van(depot)) == (0, before)
    prepare_parts.issue(order, **at)
    assert promised() == {"van": 4} and scan_jobs.parts.orders.materials_of(order).get().place_id == company.van.pk
