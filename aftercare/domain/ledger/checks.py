"""What `aftercare check` proves about the books: entries sum to zero, and balances are what their lines say."""

from __future__ import annotations

from decimal import Decimal

from aftercare.domain.ledger.models import Balance, Line
from aftercare.foundation import money
from aftercare.foundation.checks import register_check

ZERO = Decimal(0)


@register_check("ledger.entries")
def check_entries() -> list[str]:
    """Each entry sums to zero in each currency."""
    sums = Line.objects.order_by("entry_id").values_list("entry_id", "currency").annotate(total=money.summed("amount"))
    return [f"entry {entry} is off by {total} {currency}" for entry, currency, total in sums.iterator() if total]


@register_check("ledger.balances")
def check_balances() -> list[str]:
    """Balances rebuilt from the lines equal the ones kept."""
    key = ("account__code", "party_kind", "party_id", "currency")
    rebuilt = {tuple(row): total for *row, total in Line.objects.order_by().values_list(*key).annotate(total=money.summed("amount"))}
    kept = {tuple(row): amount for *row, amount in Balance.objects.values_list(*key, "amount")}
    return [
        f"balance of {'/'.join(map(str, one))} is {kept.get(one, ZERO)}, its lines sum to {rebuilt.get(one, ZERO)}"
        for one in sorted(kept.keys() | rebuilt.keys())
        if kept.get(one, ZERO) != rebuilt.get(one, ZERO)
    ]
