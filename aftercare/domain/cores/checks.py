"""What `aftercare check` proves about old parts: they are what was used, they lie where the ledger says, charges stand once."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import F

from aftercare.domain.cores import queries
from aftercare.domain.cores.lifecycle import CoreStatus
from aftercare.domain.cores.models import CoreBill, CoreBillLine, CoreCharge, CoreReturn
from aftercare.domain.inventory import queries as stock
from aftercare.foundation import money
from aftercare.foundation.checks import register_check
from aftercare.foundation.quantity import shown

ZERO = Decimal(0)
_LYING = (CoreStatus.RECEIVED,)


@register_check("cores.debts")
def check_debts() -> list[str]:
    """What is asked for of each part line equals what the stock ledger says the line has used, to the last piece.

    Lines that the rules did not ask for have no debts; whether they should have had one can't be told afterwards, since
    parts, prices and payers may have changed.
    """
    asked: dict[tuple, Decimal] = defaultdict(lambda: ZERO)
    number = {}
    for row in CoreReturn.objects.order_by("id").iterator(1000):
        key = (row.source_kind, row.source_id, row.line, row.part_id)
        asked[key] += row.asked_qty
        number[key] = row.source_number
    problems = []
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, source_id, _line, _part in asked:
        by_kind[kind].add(source_id)
    used = {
        (kind, *key): qty for kind, ids in by_kind.items() for key, qty in stock.used_lines(kind, ids).items()
    }
    for key, qty in asked.items():
        # Nothing is asked for of a line that the customer pays for after all, or that has used nothing.
        if qty and qty != used.get(key, ZERO):
            problems.append(f"cores: {number[key]} line {key[2]} asks for {shown(qty)}, used were {shown(used.get(key, ZERO))}")
    return problems


@register_check("cores.stock")
def check_stock() -> list[str]:
    """Each piece lies where it is said to lie, in its quantity, by the moves of its own tag and of its shipment."""
    lying: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for (source_id, _line), qty in stock.inside_by_line("cores.corereturn", condition="return").items():
        lying[source_id] += qty
    for (_source, line), qty in stock.inside_by_line("cores.coreshipment", condition="return").items():
        lying[int(line[1:])] += qty
    problems = []
    shelf = stock.on_hand_in("return")
    for row in CoreReturn.objects.order_by("id").iterator(1000):
        if row.status in _LYING:
            spot = (row.place_id, row.part_id, row.lot)
            shelf[spot] = shelf.get(spot, ZERO) - row.qty
            if shelf[spot] < 0:
                problems.append(f"cores: {row.number} is {row.status}, but its place holds less than the pieces that lie there")
        expected = row.qty if row.status in _LYING else ZERO
        if lying.pop(row.pk, ZERO) != expected:
            problems.append(f"cores: {row.number} is {row.status}, but the stock ledger has another quantity of it than {shown(expected)}")
    return problems + [f"cores: stock moves tell of an old part {pk} that is not known" for pk, qty in lying.items() if qty]


@register_check("cores.charges")
def check_charges() -> list[str]:
    """What is charged for each piece equals its lines, and each line its line in the engineer's month."""
    sums = dict(CoreCharge.objects.order_by().values_list("core_id").annotate(total=money.summed("amount")))
    problems = [
        f"cores: {number} is charged {amount}, its lines say {sums.get(pk, ZERO)}"
        for pk, number, amount in CoreReturn.objects.values_list("pk", "number", "charged_amount").iterator(1000)
        if (sums.get(pk) or ZERO) != amount
    ]
    return problems + [f"cores: rules {one} and {two} overlap" for one, two in queries.overlapping_rules()]


@register_check("cores.bills")
def check_bills() -> list[str]:
    """An outlet's bill is the sum of its lines, and each line is its charge."""
    sums = dict(CoreBillLine.objects.order_by().values_list("bill_id").annotate(total=money.summed("amount")))
    problems = [
        f"cores: bill {number} says {amount}, its lines {sums.get(pk, ZERO)}"
        for pk, number, amount in CoreBill.objects.values_list("pk", "number", "amount") if (sums.get(pk) or ZERO) != amount
    ]
    lines = CoreBillLine.objects.exclude(amount=F("charge__amount")) | CoreBillLine.objects.exclude(charge__outlet_id=F("bill__outlet_id"))
    return problems + [f"cores: line {one.pk} of bill {one.bill.number} is not its charge" for one in lines.select_related("bill")]
