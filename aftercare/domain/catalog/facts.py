"""What happens to the catalogue, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class WordAdded:
    """Somebody typed a word that no dictionary had; it can be chosen from now on."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class PartAdded:
    """A part was added to the catalogue."""

    part_id: int
    code: str


@dataclass(frozen=True)
class PriceSet:
    """A line of the fee schedule or a dated price of a part was set."""

    kind: str
    id: int
    amount: Decimal


@dataclass(frozen=True)
class PartStructured:
    """Packs, bill of material or substitutes of a part were changed."""

    part_id: int
    what: str
    name: str


@dataclass(frozen=True)
class PriceWithdrawn:
    """An offer of the fee schedule ends on purpose; `reason` tells why nothing takes its place."""

    id: int
    valid_to: str
    reason: str


@dataclass(frozen=True)
class ArticleCoded:
    """An article got a further article code, or lost one."""

    id: int
    gtin: str


@dataclass(frozen=True)
class FittingsReplaced:
    """A product's bill of material was written anew: so many lines put in, changed, taken out."""

    product_id: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True)
class WordsMerged:
    """Two entries were one thing: what referred to the one refers to the other from now on. `moved` counts it by kind."""

    kind: str
    from_id: int
    from_name: str
    into_id: int
    into_name: str
    moved: dict[str, int]
