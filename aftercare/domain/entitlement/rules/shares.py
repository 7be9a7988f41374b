"""What each payer bears of a line of money, by a decision; exact to the cent."""

from __future__ import annotations

from decimal import Decimal

from aftercare.domain.entitlement.rules.values import Decision
from aftercare.foundation import money


def shares_of(decision: Decision, kind: str, amount: Decimal, part_name: str = "") -> dict[str, Decimal]:
    """The payers of a line of that kind (parts, labour, travel) with what each bears; the sum is the amount."""
    parts = decision.line(kind, part_name).shares
    return dict(zip((payer for payer, _p in parts), money.shares(amount, [Decimal(p) for _w, p in parts]), strict=True))
