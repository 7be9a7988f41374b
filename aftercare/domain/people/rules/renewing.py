"""What a role of an existing company gets when the product learns new permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVERYTHING = "*"


@dataclass(frozen=True)
class Renewal:
    """What is granted by itself, what is only offered, and what there was to be had at this comparison."""

    granted: tuple[str, ...]
    offered: tuple[str, ...]
    known: tuple[str, ...]


def renew_from_template(held: Iterable[str], *, known: Iterable[str], now: Iterable[str]) -> Renewal:
    """A role made from a template that allows `now`, and allowed `known` at the last comparison.

    A role that still holds all the template had gets what the template got since. One that people made narrower is theirs
    to widen: it is offered that. What was known once is never granted again, so what people take away stays away.
    """
    held, known, now = set(held), set(known), set(now)
    missing = now - known - held
    known_by_now = tuple(sorted(known | now))
    if EVERYTHING in held:
        return Renewal((), (), known_by_now)
    is_whole = known & now <= held
    return Renewal(_sorted(missing if is_whole else ()), _sorted(() if is_whole else missing), known_by_now)


def renew_own(held: Iterable[str], *, known: Iterable[str], declared: Iterable[str], offered_to_nobody: Iterable[str]) -> Renewal:
    """A role of the company's own making: it is offered what is new in the rooms of which it holds something."""
    held, known, declared = set(held), set(known), set(declared)
    known_by_now = tuple(sorted(known | declared))
    if EVERYTHING in held:
        return Renewal((), (), known_by_now)
    rooms = {_room(code) for code in held}
    new = declared - known - held - set(offered_to_nobody)
    return Renewal((), _sorted(code for code in new if _room(code) in rooms), known_by_now)


def _room(code: str) -> str:
    return code.partition(".")[0]


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))
