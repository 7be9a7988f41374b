"""Plain rules of charges: what a line comes to, who pays it, and how it is booked. Exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from aftercare.foundation import money
from aftercare.foundation.quantity import require_quantity

CUSTOMER = "customer"
# Where the part of a charge goes that the customer does not pay.
COST_ACCOUNTS = {
    "warranty": "warranty_cost", "contract": "contract_cost", "supplier": "supplier_claim", "outlet": "outlet_claim",
    "company": "company_cost",
}
# Payers that are somebody: what they bear is booked to them, so that it can be claimed.
CLAIMED = {"supplier", "outlet"}
REVENUE_ACCOUNTS = {
    "labour": "revenue_labour", "part": "revenue_part", "travel": "revenue_travel", "inspection": "revenue_inspection",
    "contract": "revenue_contract", "other": "revenue_other",
}


class Share(NamedTuple):
    """What one payer bears of a line: `percent` of it, or a fixed `amount`, or (neither) what the others leave.

    `party` (kind, id) is who that payer is, where it is somebody: the supplier, the outlet.
    """

    payer: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    party: tuple[str, int] | None = None

    @classmethod
    def from_data(cls, data: Mapping) -> Share:
        """A share as JSON keeps it: payer, percent, amount (as text), party ([kind, id])."""
        percent, amount = (None if data.get(k) in (None, "") else Decimal(str(data[k])) for k in ("percent", "amount"))
        party = data.get("party")
        return cls(data["payer"], percent, amount, (party[0], int(party[1])) if party else None)

    def as_data(self) -> dict:
        """The share as JSON values."""
        return {
            "payer": self.payer, "percent": None if self.percent is None else str(self.percent),
            "amount": None if self.amount is None else str(self.amount), "party": list(self.party) if self.party else None,
        }


class ChargeLine(NamedTuple):
    """One line of money as a document gives it.

    `waived` None keeps what was waived on that line before. `shares` splits the line between several payers, by `Share`
    or by weight: `(("customer", 30), ("supplier", 70))`; it then takes the place of `payer`.
    """

    line: str
    kind: str
    name: str
    qty: Decimal
    price: Decimal
    payer: str = CUSTOMER
    waived: Decimal | None = None
    reason: str = ""
    shares: Sequence[Share | tuple[str, Decimal]] = ()


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
    # The line of the document that this is a share of, and the percent it was given (None: all, the rest, or an amount).
    base: str = ""
    percent: Decimal | None = None
    party: tuple[str, int] | None = None


def priced(lines: Iterable[ChargeLine], waived_before: dict[str, Decimal], currency: str = money.CURRENCY) -> list[Priced]:
    """Lines with their amounts, split where there are several payers; the parts sum to the line exactly."""
    out: list[Priced] = []
    for line in lines:
        line = ChargeLine(*line)
        qty = require_quantity(line.qty)
        price = money.require_amount(line.price, field="price", currency=currency)
        amount = money.rounded(qty * price, currency)
        shares = [Share(*share) if len(share) != 2 else share for share in line.shares] or [(line.payer, Decimal(1))]
        parts = divided(amount, shares, currency)
        is_shared = len(shares) > 1 or len(parts) > 1
        for share, part in parts:
            name = f"{line.line}/{share.payer}" if is_shared else line.line
            # What was let off stays with the customer when a line is split, and when it is whole again.
            before = waived_before.get(name, money.ZERO)
            if name not in waived_before and share.payer == CUSTOMER:
                before = waived_before.get(line.line, waived_before.get(f"{line.line}/{CUSTOMER}", money.ZERO))
            waived = before if line.waived is None else Decimal(line.waived)
            waived = min(waived, part) if line.waived is None or is_shared else waived
            money.require_amount(waived, field="waived", currency=currency)
            out.append(Priced(
                name, line.kind, line.name[:120], qty, price, part, share.payer, waived, line.reason[:200], line.line,
                share.percent, share.party,
            ))
    return out


def divided(amount: Decimal, shares: Sequence[Share | tuple], currency: str = money.CURRENCY) -> list[tuple[Share, Decimal]]:
    """What each share comes to; together exactly `amount`.

    Fixed amounts are borne first (in their order, as far as the line goes), then percents of the whole line by the
    largest remainder, and what is left by the share that names neither, else by the customer.
    """
    if all(not isinstance(share, Share) for share in shares):
        parts = money.shares(amount, [Decimal(weight) for _payer, weight in shares], currency)
        return [(Share(payer), part) for (payer, _weight), part in zip(shares, parts, strict=True)]
    shares = [share if isinstance(share, Share) else Share(share[0], percent=Decimal(share[1])) for share in shares]
    if not any(share.percent is None and share.amount is None for share in shares):
        shares.append(Share(CUSTOMER))
    percents = [share.percent or Decimal(0) for share in shares]
    by_percent = money.shares(amount, [*percents, max(100 - sum(percents), Decimal(0))], currency) if any(percents) else []
    left, parts = amount, [money.ZERO] * len(shares)
    for fixed in (True, False):
        for i, share in enumerate(shares):
            wanted = share.amount if fixed else (by_percent[i] if share.percent is not None and by_percent else None)
            if wanted is not None and (share.amount is not None) == fixed:
                parts[i] = min(wanted, left)
                left -= parts[i]
    rest = next(i for i, share in enumerate(shares) if share.percent is None and share.amount is None)
    parts[rest] += left
    merged: dict[str, tuple[Share, Decimal]] = {}
    for share, part in zip(shares, parts, strict=True):
        known = merged.get(share.payer)
        merged[share.payer] = (known[0], known[1] + part) if known else (share, part)
    # Who bears nothing is not a payer; a line of nothing still has its first.
    return [pair for pair in merged.values() if pair[1]] or [next(iter(merged.values()))]


def check_shares(shares: Sequence[Share], amount: Decimal) -> str | None:
    """Why these shares of a line of `amount` may not stand, as a code: unknown_payer, payer_twice, bad_share, too_much."""
    payers = [share.payer for share in shares]
    if set(payers) - {CUSTOMER, *COST_ACCOUNTS}:
        return "unknown_payer"
    if len(set(payers)) != len(payers) or sum(share.percent is None and share.amount is None for share in shares) > 1:
        return "payer_twice"
    for share in shares:
        if share.percent is not None and (share.amount is not None or not 0 < share.percent <= 100):
            return "bad_share"
        if share.amount is not None and (share.amount <= 0 or money.rounded(share.amount) != share.amount):
            return "bad_share"
    percent = sum((share.percent or Decimal(0) for share in shares), Decimal(0))
    fixed = sum((share.amount or Decimal(0) for share in shares), Decimal(0))
    if percent > 100 or fixed + money.rounded(amount * percent / 100) > amount:
        return "too_much"
    return None


def borne_by(lines: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """What each payer bears in all, of pairs (payer, net amount); the customer first."""
    sums: dict[str, Decimal] = {}
    for payer, net in lines:
        sums[payer] = sums.get(payer, money.ZERO) + net
    return dict(sorted(sums.items(), key=lambda pair: pair[0] != CUSTOMER))


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
        party = customer if line.payer == CUSTOMER else line.party if line.payer in CLAIMED else None
        sides += [
            (account, party, net), ("discounts", None, line.waived), (REVENUE_ACCOUNTS[line.kind], None, -line.amount)
        ]
    return [side for side in sides if side[2]]
