import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.tests.supply import DAY, Supply
from aftercare.foundation.refusals import NotAllowed
from aftercare.reports import supplier_performance


class Row:
    def __init__(self, part_id, price, qty=1):
        self.part_id, self.price, self.qty = part_id, D(price), D(qty)


@pytest.mark.parametrize("bought, change", [
    ([], None), ([Row(1, 10)], None), ([Row(1, 10), Row(1, 12)], D("0.2")), ([Row(1, 10), Row(1, 11, 3), Row(2, 5), Row(2, 5, 6)], D("0.05")),
    ([Row(1, 0), Row(1, 5)], None),
])  # fmt: skip
def test_price_change_weighs_by_what_was_bought_last(bought, change):
    assert supplier_performance.price_change(bought) == change


@pytest.mark.django_db
def test_suppliers_are_measured_by_what_they_did(django_assert_max_num_queries):
    supply = Supply()
    order, (line,) = supply.sent((supply.a, 10, "100"))
    receipt = supply.received(order, (line, 10))
    row, = queries.receipt_lines_of(receipt)
    actions.inspect(receipt, verdicts=[{"line_id": row.pk, "rejected_qty": 2, "reason": "破", "remedy": "credit"}], **supply.act("keeper", 1))
    supply.sent((supply.a, 1, "110"))
    supply.sent((supply.b, 5, "3"), supplier=supply.rival)
    with django_assert_max_num_queries(5):
        found = supplier_performance.calculate(supply.buyer, since=DAY, until=DAY + dt.timedelta(days=9))
    first, second = found
    assert (first.name, first.due, first.on_time_rate, first.complete_rate) == ("东方制冷", 2, D("0.5"), D("0.5"))
    assert (first.came_qty, first.rejected_qty, first.defect_rate, first.price_change) == (10, 2, D("0.2"), D("0.1"))
    assert (second.name, second.on_time_rate, second.defect_rate, second.spend_amount) == ("南方电器", 0, None, 15)
    assert len(supplier_performance.rows(found)[0]) == len(supplier_performance.COLUMNS)
    with pytest.raises(NotAllowed):
        supplier_performance.calculate(supply.outlet, since=DAY, until=DAY)
