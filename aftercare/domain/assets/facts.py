"""What happens to units, in the past tense."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class AssetRegistered:
    """A unit was registered; it has an owner or is still in trade."""

    asset_id: int
    number: str
    customer_id: int | None


@dataclass(frozen=True)
class AssetInstalled:
    """A unit was installed at its place."""

    asset_id: int
    installed_on: dt.date


@dataclass(frozen=True)
class OwnerChanged:
    """A unit went over to another owner."""

    asset_id: int
    from_customer_id: int | None
    to_customer_id: int
    on: dt.date


@dataclass(frozen=True)
class OwnerReleased:
    """A unit or part came back into our hands: nobody owns it any more."""

    asset_id: int
    from_customer_id: int | None
    on: dt.date


@dataclass(frozen=True)
class UnitExchanged:
    """A customer's unit was exchanged for another one."""

    old_id: int
    new_id: int
    old: str
    new: str
    on: dt.date


@dataclass(frozen=True)
class ExchangeUndone:
    """An exchange was taken back: the old unit is the customer's again."""

    old_id: int
    new_id: int
    old: str
    new: str


@dataclass(frozen=True)
class CounterRead:
    """A unit's counter was read."""

    asset_id: int
    value: int
    on: dt.date


@dataclass(frozen=True)
class ComponentSwapped:
    """A component of a unit was taken out and another put in."""

    asset_id: int
    swap_id: int
    old: str
    new: str
    on: dt.date


@dataclass(frozen=True)
class SwapReversed:
    """A swap was undone: the old component is back in its unit."""

    asset_id: int
    swap_id: int
    reversal_id: int
