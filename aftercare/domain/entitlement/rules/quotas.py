"""What a contract gives of visits, hours and parts: what a job takes of it, and what goes beyond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

VISITS, HOURS, PARTS = "visits", "hours", "parts"
KINDS = (VISITS, HOURS, PARTS)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Use:
    """What a job needs of one kind: `taken` out of the quota, `over` beyond it (to be priced). Together the need."""

    kind: str
    taken: Decimal
    over: Decimal

    @property
    def needed(self) -> Decimal:
        """The whole need."""
        return self.taken + self.over


def take(needs: Mapping[str, Decimal], left: Mapping[str, Decimal]) -> list[Use]:
    """How the needs are met by what is left, by kind. A kind without a quota is unlimited and leaves no trace."""
    found = []
    for kind in KINDS:
        need = needs.get(kind, ZERO)
        if kind in left and need > 0:
            taken = min(need, max(left[kind], ZERO))
            found.append(Use(kind, taken, need - taken))
    return found


def needs_of(*, is_visit: bool, minutes: int | None, parts: Decimal) -> dict[str, Decimal]:
    """What a job needs: one visit when somebody went there, however often; hours to the minute; pieces of parts."""
    hours = (Decimal(minutes or 0) / 60).quantize(Decimal("0.01"))
    return {VISITS: Decimal(1 if is_visit else 0), HOURS: hours, PARTS: parts}
