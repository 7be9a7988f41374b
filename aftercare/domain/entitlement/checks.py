"""What `aftercare check` proves about contracts: quotas are what their ledger says, instalments what was agreed."""

from __future__ import annotations

from decimal import Decimal

from aftercare.domain.entitlement.models import Instalment, QuotaBalance, QuotaEntry, ServiceContract
from aftercare.foundation import money, quantity
from aftercare.foundation.checks import register_check

ZERO = Decimal(0)


@register_check("entitlement.quotas")
def check_quotas() -> list[str]:
    """What is left of each quota equals its ledger; what went beyond it, too."""
    key = ("contract__number", "kind_of")
    sums = QuotaEntry.objects.order_by().values_list(*key).annotate(left=quantity.summed("qty"), over=quantity.summed("over_qty"))
    rebuilt = {(number, kind): (left, over) for number, kind, left, over in sums}
    kept = {
        (number, kind): (left, over)
        for number, kind, left, over in QuotaBalance.objects.values_list(*key, "left_qty", "over_qty")
    }
    return [
        f"quota {'/'.join(one)} is {kept.get(one, (ZERO, ZERO))}, its ledger says {rebuilt.get(one, (ZERO, ZERO))}"
        for one in sorted(kept.keys() | rebuilt.keys()) if kept.get(one, (ZERO, ZERO)) != rebuilt.get(one, (ZERO, ZERO))
    ]


@register_check("entitlement.instalments")
def check_instalments() -> list[str]:
    """The instalments of each contract that was not ended early sum to its price."""
    sums = dict(Instalment.objects.order_by().values_list("contract_id").annotate(total=money.summed("amount")))
    rows = ServiceContract.objects.exclude(status__in=["ended", "withdrawn"]).values_list("pk", "number", "price_amount")
    return [
        f"instalments of {number} sum to {sums.get(pk, ZERO)}, its price is {price}"
        for pk, number, price in rows if sums.get(pk, ZERO) != price
    ]
