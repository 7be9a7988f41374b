"""Out kinds of parts: where goods go, why they leave, who bears the money. Plain values."""

from __future__ import annotations

from typing import NamedTuple


class Way(NamedTuple):
    """What one kind of going out means: the reason in the stock ledger, who pays the bill, the account that bears the cost.

    `payer` empty: no bill; `cost` empty: goods stay the company's, their value goes along with them.
    """

    reason: str
    payer: str
    cost: str
    party: str


# INV-04: customer purchase, warranty replacement, paid replacement, dealer stock, outlet supply, engineer supply.
WAYS: dict[str, Way] = {
    "retail": Way("sale", "customer", "cost_sales", "customer"),
    "warranty": Way("use_warranty", "warranty", "cost_sales", "customer"),
    "paid": Way("use_paid", "customer", "cost_sales", "customer"),
    "dealer": Way("dealer", "customer", "cost_sales", "customer"),
    "outlet": Way("outlet", "", "", "outlet"),
    "engineer": Way("issue", "", "", "engineer"),
}


def key_of(line_id: int) -> str:
    """The name of a sale's line in the stock ledger and on its bill."""
    return f"s{line_id}"
