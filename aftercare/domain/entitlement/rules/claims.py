"""What is claimed from a supplier, how it answers, and how answer and money compare with our cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from aftercare.foundation import money

ACCEPTED, PARTLY, REJECTED = "accepted", "partly", "rejected"
ANSWERS = (ACCEPTED, PARTLY, REJECTED)


def read_answer(answer: str, claimed: Decimal, accepted: Decimal | None, reason: str) -> tuple[Decimal, str]:
    """The amount that an answer grants, and what is wrong with the answer (empty: nothing).

    An acceptance grants all, a rejection nothing, a part something between, and what is not granted needs a reason.
    """
    if answer not in ANSWERS:
        return money.ZERO, "unknown_answer"
    if answer == ACCEPTED:
        return claimed, "" if accepted in (None, claimed) else "amount_not_all"
    if not reason.strip():
        return money.ZERO, "reason_missing"
    if answer == REJECTED:
        return money.ZERO, "" if not accepted else "amount_not_none"
    if accepted is None or not 0 < accepted < claimed:
        return money.ZERO, "amount_not_part"
    return money.rounded(accepted), ""


@dataclass
class Compared:
    """What was claimed in a group of lines and what came of it; amounts in CNY."""

    key: str
    lines: int = 0
    cost: Decimal = money.ZERO
    claimed: Decimal = money.ZERO
    accepted: Decimal = money.ZERO
    reimbursed: Decimal = money.ZERO
    open: Decimal = money.ZERO

    @property
    def lost(self) -> Decimal:
        """What it cost us beyond what the supplier accepts; below zero when he pays more than it cost."""
        return self.cost - self.accepted - self.open

    @property
    def percent(self) -> Decimal | None:
        """Accepted of the claimed, in percent; None when nothing was claimed."""
        return (self.accepted * 100 / self.claimed).quantize(Decimal("0.1")) if self.claimed else None


@dataclass(frozen=True)
class ClaimRow:
    """One claimed line for the comparison. `is_open`: the supplier has not answered yet."""

    keys: Sequence[str]
    cost: Decimal
    claimed: Decimal
    accepted: Decimal
    reimbursed: Decimal
    is_open: bool


@dataclass
class Comparison:
    """The same lines added up under each of their keys (supplier, product, month)."""

    groups: list[list[Compared]] = field(default_factory=list)


def compare(rows: Iterable[ClaimRow], ways: int) -> Comparison:
    """Add the lines up in as many ways as they have keys; each way sums to the same total."""
    tables: list[dict[str, Compared]] = [{} for _way in range(ways)]
    for row in rows:
        for table, key in zip(tables, row.keys, strict=True):
            group = table.setdefault(key, Compared(key))
            group.lines += 1
            group.cost += row.cost
            group.claimed += row.claimed
            group.accepted += row.accepted
            group.reimbursed += row.reimbursed
            group.open += row.claimed if row.is_open else money.ZERO
    return Comparison([[table[key] for key in sorted(table)] for table in tables])
