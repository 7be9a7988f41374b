"""When an old part is owed, until when, and what follows: plain values, so that anyone can work it out again (INV-05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Working days of the branch within which a flagged part comes back where no rule says otherwise.
DEFAULT_DAYS = 15
MAX_DAYS = 400
# Who owes a part is reminded so many days before it is due, and again when it is overdue.
REMIND_DAYS = 3

ZERO = Decimal("0.00")
# From the mildest to the strictest: what overdue old parts do to the month of who owes them.
BLOCKING = ("none", "warn", "block")


@dataclass(frozen=True)
class RuleLine:
    """One rule; an empty condition means any. `charge_amount` and `credit_amount` are CNY for one unit of quantity."""

    id: int
    version: int
    valid_from: dt.date
    valid_to: dt.date | None = None
    branch_id: int | None = None
    category_id: int | None = None
    part_id: int | None = None
    is_returned: bool = True
    is_paid_too: bool = False
    days: int = DEFAULT_DAYS
    charge_amount: Decimal = ZERO
    is_charge_lifted: bool = True
    blocking: str = "none"
    credit_amount: Decimal | None = None


@dataclass(frozen=True)
class Use:
    """One part line that was used: where, in a product of which category, and whether the customer pays for all of it.

    `branch_ids` and `category_ids` are paths, the nearest first. `is_flagged` is the part's own mark 旧件返还.
    """

    part_id: int
    is_flagged: bool
    is_paid: bool
    on: dt.date
    branch_ids: Sequence[int] = ()
    category_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Decision:
    """Whether the old part is owed, and on which terms; `rule` is None for the house's own default."""

    is_owed: bool
    rule: RuleLine | None = None

    @property
    def days(self) -> int:
        """Working days until it is due."""
        return self.rule.days if self.rule else DEFAULT_DAYS


def is_valid_on(line: RuleLine, day: dt.date) -> bool:
    """Both ends of the validity are inside it."""
    return line.valid_from <= day and (line.valid_to is None or day <= line.valid_to)


def fits(line: RuleLine, use: Use) -> bool:
    """True when every condition the rule names is met. A rule that names no part speaks of flagged parts only."""
    return (
        is_valid_on(line, use.on)
        and (line.branch_id is None or line.branch_id in use.branch_ids)
        and (line.category_id is None or line.category_id in use.category_ids)
        and (line.part_id == use.part_id if line.part_id is not None else use.is_flagged)
    )


def specificity(line: RuleLine, use: Use) -> tuple:
    """How exactly a rule fits: the part first, then the nearer category, then the nearer branch."""
    category = -use.category_ids.index(line.category_id) if line.category_id is not None else -1_000
    branch = -use.branch_ids.index(line.branch_id) if line.branch_id is not None else -1_000
    return (line.part_id is not None, category, branch, line.valid_from, line.id)


def decide(use: Use, lines: Iterable[RuleLine]) -> Decision:
    """The most exact valid rule decides; without one a flagged part is owed. What the customer paid for is his own,
    unless the rule asks for it too.
    """
    fitting = [line for line in lines if fits(line, use)]
    rule = max(fitting, key=lambda line: specificity(line, use), default=None)
    if rule is None:
        return Decision(use.is_flagged and not use.is_paid)
    return Decision(rule.is_returned and (rule.is_paid_too or not use.is_paid), rule)


def is_overdue(due_on: dt.date, day: dt.date) -> bool:
    """True when the day on which it was due is over."""
    return day > due_on


def overlap(one: tuple[dt.date, dt.date | None], other: tuple[dt.date, dt.date | None]) -> bool:
    """True when two validities (both ends inside, None for open) share a day."""
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])


def strictest(policies: Iterable[str]) -> str:
    """The strictest of these policies; `none` of none."""
    return max(policies, key=BLOCKING.index, default="none")


def portions(standing: Sequence[tuple[int, Decimal]], wanted: Decimal) -> tuple[list[tuple[int, Decimal]], Decimal]:
    """How debts of one line are brought from what stands to what is wanted: what to take off each, and what to add.

    `standing` are (id, quantity) with those that may be taken off first. The takings never exceed a quantity.
    """
    rest = sum((qty for _pk, qty in standing), Decimal(0)) - wanted
    if rest <= 0:
        return [], -rest
    taken = []
    for pk, qty in standing:
        part = min(qty, rest)
        if part > 0:
            taken.append((pk, part))
            rest -= part
    return taken, Decimal(0)
