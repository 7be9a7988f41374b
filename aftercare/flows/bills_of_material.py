"""A product's bill of material as people use it: where each part sits, what it costs, what lies near, what may stand for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.flows import attachments
from aftercare.foundation.access import Actor

ZERO = Decimal(0)


@dataclass(frozen=True)
class StandIn:
    """What may be used instead, and how much of it is free near."""

    part: Any
    free_qty: Decimal | None


@dataclass(frozen=True)
class FittingShown:
    """A line with what one wants to know before taking the part. `picture` is the number of a file.

    `free_qty` is None for who may not see stock, and while he counts it blind (`is_counting`).
    """

    fitting: Any
    part: Any
    price_amount: Decimal
    free_qty: Decimal | None
    is_counting: bool
    stand_ins: tuple[StandIn, ...]
    picture: str


def places_near(*, branch_id: int | None, employee_id: int | None = None) -> list[int]:
    """Where somebody of that branch takes parts from: his van, then the branch's stores."""
    return [place.pk for place in stock.places_for(branch_id=branch_id, employee_id=employee_id)] if branch_id else []


def shown(product: Any, *, on: dt.date, places: Iterable[int], actor: Actor, sees_stock: bool | None = None) -> list[FittingShown]:
    """The lines in the order of their positions, with the stock free at these places; a handful of statements in all.

    Somebody whose branch has no store of its own sees what is free at all places in his sight.
    """
    rows = catalog.fittings_of(product.pk)
    if not rows:
        return []
    sees = actor.holds(stock_access.VIEW_STOCK) if sees_stock is None else sees_stock
    parts = {row.part_id: row.part for row in rows}
    others = catalog.substitutes_of(parts)
    ids = {*parts, *(part.pk for found in others.values() for part in found)}
    free, counted = _free(ids, list(places), actor) if sees else ({}, set())
    prices = catalog.part_prices(parts.values(), on)
    pictures = attachments.pictures("catalog.part", parts, actor=actor)

    def qty_of(part_id: int) -> Decimal | None:
        return free.get(part_id, ZERO) if sees and part_id not in counted else None

    return [
        FittingShown(
            row, row.part, prices[row.part_id], qty_of(row.part_id), row.part_id in counted,
            tuple(StandIn(part, qty_of(part.pk)) for part in others.get(row.part_id, ())), pictures.get(row.part_id, ""),
        )
        for row in rows
    ]


def _free(ids: set[int], near: list[int], actor: Actor) -> tuple[dict[int, Decimal], set[int]]:
    """What is free of each part, and the parts whose quantity is hidden from the actor because he counts them blind."""
    if near:
        spots = stock.seen_free(ids, near, actor)
        counted = {part_id for (part_id, _place), qty in spots.items() if qty is None}
    else:
        spots = stock.free_by_place(ids, actor=actor, hidden=stock.hidden_from(actor))
        counted = {part_id for _place, part_id in stock.hidden_keys(actor)} & ids
    free: dict[int, Decimal] = {}
    for (part_id, _place), qty in spots.items():
        free[part_id] = free.get(part_id, ZERO) + (qty or ZERO)
    return free, counted


def picture_of(article: Any, *, actor: Actor) -> str:
    """The number of the picture to show of one product or part; empty when it has none."""
    return attachments.pictures(article.kind, [article.pk], actor=actor).get(article.pk, "")
