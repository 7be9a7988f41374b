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
