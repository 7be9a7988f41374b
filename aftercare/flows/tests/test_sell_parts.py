"""Parts sold, ordered, supplied and brought back: stock and money together."""

from decimal import Decimal as D

import pytest
from django.apps import apps

from aftercare.domain.billing import queries as bills
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks
from aftercare.domain.inventory import queries as stock_of
from aftercare.domain.inventory.tests.stock import NOW, SYSTEM, Stock
from aftercare.domain.ledger import checks as ledger_checks
from aftercare.domain.ledger import queries as books
from aftercare.domain.orders import queries as sales
from aftercare.flows import sell_parts, serve_waiting
from aftercare.foundation.access import EVERYWHERE, Actor
from aftercare.foundation.refusals import NotAllowed, RuleBroken
from aftercare.foundation.sources import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock(db):
    here = Stock()
    part = apps.get_model("catalog.Part")
    part.objects.filter(pk=here.a.pk).update(price_amount=D(30))
    part.objects.filter(pk=here.b.pk).update(price_amount=D("2.50"))
    here.fill(here.a, 5, "20")
    here.fill(here.b, 4, "1")
    here.customer = apps.get_model("parties.Customer").objects.create(number="C1", name="李", name_key="李", branch=here.branch, created_at=NOW["at"])
    return here


def open_sale(stock, kind="retail", lines=None, **given):
    return sell_parts.open_sale(place=stock.depot, kind=kind, lines=lines or [{"part": "A", "qty": D(2)}, {"part": "B", "qty": D(4)}],
                                **given, **NOW)


def hold(stock):
    assert checks.check_balances() + checks.check_reservations() + checks.check_costs() == []
    assert ledger_checks.check_entries() + ledger_checks.check_balances() == []


def on_hand(stock, condition="good"):
    return [stock_of.on_hand(part.pk, stock.depot.pk, condition) for part in (stock.a, stock.b)]


def test_a_counter_sale_is_paid_handed_out_and_partly_brought_back(stock):
    sale = open_sale(stock)
    assert sale.amount == D(70)
    with pytest.raises(RuleBroken) as refused:
        sell_parts.hand_out(sale, **NOW)
    assert refused.value.code == "unpaid_stranger"
    assert on_hand(stock) == [5, 4]
    sale = sell_parts.hand_out(sale, amount=D(70), method="wechat", **NOW)
    assert (on_hand(stock), books.balance("bank"), books.balance("revenue_part")) == ([3, 0], D(70), D(-70))
    assert (books.balance("cost_sales"), books.balance("stock")) == (D(44), D(-44))
    first, _second = sales.lines_of(sale)
    sale = sell_parts.take_back(sale, lines={first.pk: D(1)}, reason="买错", **NOW)
    assert (on_hand(stock), on_hand(stock, "inspection")) == ([3, 0], [1, 0])
    assert (books.balance("bank"), books.balance("revenue_part"), books.balance("cost_sales")) == (D(40), D(-40), D(24))
    assert (bills.find_bill(Source.of(sale)).open_amount, books.balance("receivable")) == (0, 0)
    with pytest.raises(RuleBroken):
        sell_parts.take_back(sale, lines={first.pk: D(2)}, reason="x", **NOW)
    with pytest.raises(inventory.Shortage):
        sell_parts.hand_out(open_sale(stock), amount=D(70), **NOW)
    hold(stock)


def test_a_customers_order_waits_arrives_and_is_collected(stock):
    sale = open_sale(stock, customer_id=stock.customer.pk, lines=[{"part": "A", "qty": D(7)}, {"part": "B", "qty": D(1)}])
    sale = sell_parts.place_order(sale, deposit=D(50), method="cash", **NOW)
    assert (sale.status, books.balance("cash_desk")) == ("ordered", D(50))
    request, = stock_of.requests_of(Source.of(sale))
    assert (request.part_id, request.qty, request.priority) == (stock.a.pk, 7, 0)
    later = open_sale(stock, customer_id=stock.customer.pk, lines=[{"part": "A", "qty": D(9)}])
    sell_parts.place_order(later, **NOW)
    urgent, = stock_of.requests_of(Source.of(later))
    inventory.set_priority(urgent, priority=3, **NOW)
    assert [one.pk for one in stock_of.open_requests([stock.a.pk])] == [urgent.pk, request.pk]
    stock.fill(stock.a, 5, "20")
    for one in stock_of.open_requests([stock.a.pk]):
        serve_waiting.serve(one, **NOW)
    assert [one.status for one in (sales.get_sale(sale.pk, SYSTEM), sales.get_sale(later.pk, SYSTEM))] == ["ordered", "arrived"]
    stock.fill(stock.a, 7, "20")
    assert serve_waiting.serve(stock_of.get_request(request.pk, SYSTEM), **NOW)
    sale = sales.get_sale(sale.pk, SYSTEM)
    assert sale.status == "arrived"
    sale = sell_parts.hand_out(sale, amount=D("162.50"), **NOW)
    assert (sale.status, books.balance("receivable"), books.balance("cash_desk")) == ("done", 0, D("212.50"))
    later = sell_parts.cancel(sales.get_sale(later.pk, SYSTEM), reason="不要了", **NOW)
    assert stock_of.available([stock.a.pk], [stock.depot.pk]) == {(stock.a.pk, stock.depot.pk): D(10)}
    hold(stock)


def test_a_cancelled_order_gives_the_deposit_back(stock):
    sale = open_sale(stock, customer_id=stock.customer.pk, lines=[{"part": "A", "qty": D(9)}])
    sale = sell_parts.place_order(sale, deposit=D(50), **NOW)
    sell_parts.cancel(sale, reason="等不及", **NOW)
    assert (books.balance("cash_desk"), books.balance("receivable")) == (0, 0)
    assert [one.status for one in stock_of.requests_of(Source.of(sale))] == ["cancelled"]
    hold(stock)


def test_each_out_kind_has_its_effect_on_stock_and_money(stock):
    outlet = apps.get_model("people.Branch").objects.create(number="O1", name="网点", kind_of="outlet", path="/1/3/", parent=stock.branch)
    for kind, party in (("warranty", {"customer_id": stock.customer.pk}), ("paid", {"customer_id": stock.customer.pk}),
                        ("dealer", {"customer_id": stock.customer.pk}), ("outlet", {"outlet_id": outlet.pk}),
                        ("engineer", {"engineer_id": stock.engineer.pk})):
        sell_parts.hand_out(open_sale(stock, kind, [{"part": "A", "qty": D(1)}], reference="WO1", **party), **NOW)
    assert on_hand(stock)[0] == 0
    assert {code: books.balance(code) for code in ("receivable", "warranty_cost", "revenue_part", "cost_sales", "stock", "outlet_account",
                                                   "supply_clearing")} == {
        "receivable": D(60), "warranty_cost": D(30), "revenue_part": D(-90), "cost_sales": D(60), "stock": D(-60),
        "outlet_account": D(30), "supply_clearing": D(-30)}  # fmt: skip
    assert stock_of.on_hand(stock.a.pk, stock.van.pk) == 1
    values = stock_of.stock_value(SYSTEM)
    assert (values[stock.branch.pk], values[outlet.pk]) == (D(24), D(20))
    with pytest.raises(RuleBroken) as refused:
        sale = sales.list_sales(SYSTEM).filter(kind_of="engineer").get()
        sell_parts.take_back(sale, lines={sales.lines_of(sale)[0].pk: D(1)}, reason="x", **NOW)
    assert refused.value.code == "not_sold"
    hold(stock)


def test_what_an_outlet_brings_back_leaves_its_store_and_its_account(stock):
    outlet = apps.get_model("people.Branch").objects.create(number="O1", name="网点", kind_of="outlet", path="/1/3/", parent=stock.branch)
    sale = sell_parts.hand_out(open_sale(stock, "outlet", [{"part": "A", "qty": D(3)}], outlet_id=outlet.pk), **NOW)
    shelf = inventory.ensure_outlet(outlet.pk, **NOW)
    line = sales.lines_of(sale)[0]
    sale = sell_parts.take_back(sale, lines={line.pk: D(1)}, reason="滞销", is_as_new=True, **NOW)
    assert (on_hand(stock)[0], stock_of.on_hand(stock.a.pk, shelf.pk)) == (3, 2)
    sale = sell_parts.take_back(sale, lines={line.pk: D(1)}, reason="滞销", **NOW)
    assert (on_hand(stock)[0], on_hand(stock, "inspection")[0], stock_of.on_hand(stock.a.pk, shelf.pk)) == (3, 1, 1)
    assert (sale.amount, books.balance("outlet_account"), books.balance("supply_clearing")) == (D(30), D(30), D(-30))
    values = stock_of.stock_value(SYSTEM)
    assert (values[stock.branch.pk], values[outlet.pk]) == (D(84), D(20))
    inventory.count(shelf, lines=[(stock.a.pk, D(0))], reason="已用", **NOW)
    with pytest.raises(inventory.Shortage):
        sell_parts.take_back(sale, lines={line.pk: D(1)}, reason="滞销", **NOW)
    assert books.balance("outlet_account") == D(30)
    hold(stock)


def test_a_deposit_is_never_more_than_what_the_customer_owes(stock):
    sale = open_sale(stock, customer_id=stock.customer.pk)
    for kind, deposit in (("retail", D("70.01")), ("warranty", D(1))):
        one = sale if kind == "retail" else open_sale(stock, kind, customer_id=stock.customer.pk)
        with pytest.raises(RuleBroken) as refused:
            sell_parts.place_order(one, deposit=deposit, **NOW)
        assert (refused.value.code, refused.value.field) == ("deposit_too_large", "deposit")
    assert sell_parts.place_order(sale, deposit=D(70), **NOW).deposit_amount == D(70)
    hold(stock)


def test_goods_leave_from_a_store_alone(stock):
    for place in (stock.outside["customer"], inventory.ensure_transit(stock.branch.pk, **NOW), inventory.ensure_quarantine(stock.branch.pk, **NOW)):
        with pytest.raises(RuleBroken) as refused:
            sell_parts.open_sale(place=place, lines=[{"part": "A", "qty": D(1)}], **NOW)
        assert (refused.value.code, refused.value.field) == ("not_a_store", "place")


def test_another_price_needs_its_own_right(stock):
    seller = Actor("employee", 1, "仓管", reaches={"orders.sell": EVERYWHERE, "orders.view": EVERYWHERE})
    with pytest.raises(NotAllowed):
        sell_parts.open_sale(place=stock.depot, lines=[{"part": "A", "qty": D(1), "price_amount": D(1)}], actor=seller, at=NOW["at"])
    sale = sell_parts.open_sale(place=stock.depot, lines=[{"part": "A", "qty": D(1), "price_amount": D(30)}], actor=seller, at=NOW["at"])
    sale = sell_parts.rewrite(sale, lines=[{"part": "B", "qty": D(2)}], memo="改", actor=seller, at=NOW["at"])
    assert (sale.amount, bills.find_bill(Source.of(sale)).due_amount) == (D(5), D(5))
