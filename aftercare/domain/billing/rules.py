"""Plain rules of charges: what a line comes to, who pays it, and how it is booked. Exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from aftercare.foundation import money
from aftercare.foundation.quantity import require_quantity

CUSTOMER = "customer"
# Where the part of a charge goes that the customer does not pay.
COST_ACCOUNTS = {
    "warranty": "warranty_cost", "contract": "contract_cost", "supplier": "supplier_claim", "company": "company_cost",
}
REVENUE_ACCOUNTS = {
    "labour": "revenue_labour", "part": "revenue_part", "travel": "revenue_travel", "inspection": "revenue_inspection",
    "other": "revenue_other",
}


class ChargeLine(NamedTuple):
    """One line of money as a document gives it.

    `waived` None keeps what was waived on that line before. `shares` splits the line between several payers by weight:
    `(("customer", 30), ("supplier", 70))`; it then takes the place of `payer`.
    """

    line: str
    kind: str
    name: str
    qty: Decimal
    price: Decimal
    payer: str = CUSTOMER
    waived: Decimal | None = None
    reason: str = ""
    shares: Sequence[tuple[str, Decimal]] = ()


class Priced(NamedTuple):
    """One line of money worked out."""

    line: str
    kind: str
    name: str
    qty: Decimal
    price: Decimal
    amount: Decimal
    payer: str
    waived: Decimal
    reason: str


def priced(lines: Iterable[ChargeLine], waived_before: dict[str, Decimal], currency: str = money.CURRENCY) -> list[Priced]:
    """Lines with their amounts, split where there are several payers; the parts sum to the line exactly."""
    out: list[Priced] = []
    for line in lines:
        line = ChargeLine(*line)
        qty = require_quantity(line.qty)
        price = money.require_amount(line.price, field="price", currency=currency)
        amount = money.rounded(qty * price, currency)
        shares = list(line.shares) or [(line.payer, Decimal(1))]
        parts = money.shares(amount, [Decimal(weight) for _payer, weight in shares], currency)
        for (payer, _weight), part in zip(shares, parts, strict=True):
            name = line.line if len(shares) == 1 else f"{line.line}/{payer}"
            waived = waived_before.get(name, money.ZERO) if line.waived is None else Decimal(line.waived)
            waived = min(waived, part) if line.waived is None or len(shares) > 1 else waived
            money.require_amount(waived, field="waived", currency=currency)
            out.append(Priced(name, line.kind, line.name[:120], qty, price, part, payer, waived, line.reason[:200]))
    return out


def totals(lines: Iterable[Priced]) -> tuple[Decimal, Decimal]:
    """What the customer owes, and what warranty, contract, supplier and company bear."""
    due = covered = money.ZERO
    for line in lines:
        net = line.amount - line.waived
        if line.payer == CUSTOMER:
            due += net
        else:
            covered += net
    return due, covered


def final_sides(lines: Iterable[Priced], customer: tuple[str, int] | None) -> list[tuple[str, tuple[str, int] | None, Decimal]]:
    """The booking of a final bill: who owes or bears it, what was let off, against revenue by kind."""
    sides = []
    for line in lines:
        net = line.amount - line.waived
        account = "receivable" if line.payer == CUSTOMER else COST_ACCOUNTS[line.payer]
        party = customer if line.payer == CUSTOMER else None
        sides += [
            (account, party, net), ("discounts", None, line.waived), (REVENUE_ACCOUNTS[line.kind], None, -line.amount)
        ]
    return [side for side in sides if side[2]]
