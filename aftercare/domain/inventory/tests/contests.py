"""Races with one winner, told one by one, so that others can be added: what is wanted, how it is tried, how a loser is told.

A contest prepares something of which there is one, lets all clients try for it at once, and has a negative control: the
same attempt with the guard left out, where more than one must win.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aftercare.domain.inventory.tests import races


@dataclass(frozen=True)
class Contest:
    """`prepare(stage, turn)`, then `attempt(stage, clients, turn) -> Counter`; losers are told by one of `losers`.

    `control(stage, clients)` is the attempt without guard; its `won` must exceed one.
    """

    name: str
    prepare: Callable[[Any, int], Any]
    attempt: Callable[[Any, int, int], Counter]
    losers: frozenset[str]
    control: Callable[[Any, int], Counter] | None = None


def is_won_once(outcome: Counter, clients: int, losers: frozenset[str]) -> bool:
    """True when exactly one won and all others were told that they lost, in the expected words."""
    return outcome[races.WON] == 1 and sum(outcome[code] for code in losers) == clients - 1


def _counted(stage: Any, turn: int) -> None:
    """A stocktake of a part of its own that lacks one piece."""
    part = type(stage.a).objects.create(code=f"T{turn}", name="T")
    stage.fill(part, 3)
    stage.take = races.counted(stage, part, 2)


SHORT_STOCK = frozenset({"short_stock"})
CONTESTS: list[Contest] = [
    Contest(
        "promise the last unit", lambda stage, turn: stage.fill(stage.a, 1, "1.1"),
        lambda stage, clients, turn: races.reserve_the_last(stage, clients, 1_000_000 + turn * clients), SHORT_STOCK,
        races.reserve_without_guard,
    ),
    Contest(
        "use the last unit", lambda stage, turn: stage.fill(stage.b, 1, "1.1"),
        lambda stage, clients, turn: races.use_the_last(stage, clients, 2_000_000 + turn * clients), SHORT_STOCK,
        races.use_without_guard,
    ),
    Contest(
        "carry a serial number away", lambda stage, turn: stage.fill(stage.s, 1, "9", serial=f"S{turn}"),
        lambda stage, clients, turn: races.move_one_serial(stage, f"S{turn}", clients), SHORT_STOCK,
        races.move_serial_without_guard,
    ),
    Contest(
        "settle a stocktake", _counted, lambda stage, clients, turn: races.settle_one(stage.take, clients), frozenset({"wrong_state"}),
        races.settle_without_guard,
    ),
]
