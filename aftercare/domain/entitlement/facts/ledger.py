"""What happens to the units' warranty ledger and to decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class CoverRegistered:
    """A line was added to a unit's warranty."""

    asset_id: int
    entry_id: int
    kind: str
    name: str
    component: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class CoverReversed:
    """A line of a unit's warranty was reversed."""

    asset_id: int
    entry_id: int
    reversal_id: int


@dataclass(frozen=True)
class DecisionOverridden:
    """A person decided otherwise than the terms."""

    asset_id: int
    before: str
    after: str
    reason: str
