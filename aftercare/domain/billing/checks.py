"""What `aftercare check` proves about bills: their sums are what charges, receipts and the books say."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from aftercare.domain.billing import rules
from aftercare.domain.billing.lifecycle import BillStatus, CollectionStatus
from aftercare.domain.billing.models import Bill, Charge, Collection
from aftercare.domain.ledger import queries as ledger
from aftercare.foundation import money
from aftercare.foundation.checks import register_check

ZERO = Decimal(0)


@register_check("billing.sums")
def check_sums() -> list[str]:
    """What a bill says is due, covered and paid is what its charges and receipts sum to."""
    sums: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    rows = Charge.objects.order_by().values_list("bill_id", "payer").annotate(total=money.summed("amount"), waived=money.summed("waived_amount"))
    for bill, payer, total, waived in rows.iterator():
        sums[bill][0 if payer == rules.CUSTOMER else 1] += total - waived
    paid = Collection.objects.exclude(status=CollectionStatus.VOIDED).order_by().values_list("bill_id")
    for bill, total in paid.annotate(total=money.summed("amount")).iterator():
        sums[bill][2] += total
    columns = ("pk", "source_number", "due_amount", "covered_amount", "paid_amount")
    return [
        f"bill of {number} says {kept}, its rows say {sums[pk]}"
        for pk, number, *kept in Bill.objects.order_by("pk").values_list(*columns).iterator()
        if kept != sums[pk]
    ]


@register_check("billing.receivables")
def check_receivables() -> list[str]:
    """What customers owe by their final bills and receipts is what the books say."""
    owed: dict[int | None, Decimal] = defaultdict(Decimal)
    final = Bill.objects.filter(status=BillStatus.FINAL).order_by().values_list("customer_id")
    for customer, total in final.annotate(total=money.summed("due_amount")):
        owed[customer] += total
    paid = Collection.objects.exclude(status=CollectionStatus.VOIDED).order_by().values_list("customer_id")
    for customer, total in paid.annotate(total=money.summed("amount")):
        owed[customer] -= total
    booked = ledger.balances_by_party("receivable")
    wanted = {("parties.customer", pk) if pk else ("", 0): total for pk, total in owed.items() if total}
    return [
        f"{kind or 'nobody'} {pk} owes {wanted.get((kind, pk), ZERO)} by bills, {booked.get((kind, pk), ZERO)} by the books"
        for kind, pk in sorted(wanted.keys() | booked.keys())
        if wanted.get((kind, pk), ZERO) != booked.get((kind, pk), ZERO)
    ]
