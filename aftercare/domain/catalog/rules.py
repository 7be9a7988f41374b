"""Words as compared, pinyin initials, and which line of a schedule wins: pure functions on plain values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from aftercare.foundation.search import fold

_SPACE_AT_CHINESE = re.compile(r"(?<![\x21-\x7e]) | (?![\x21-\x7e])")
# Stands between a product's name and its brand in the unique key, and around aliases; never typed by people.
SEPARATOR = "\x1f"


def tidy(text: str) -> str:
    """The word as it is shown: spaces collapsed, nothing else changed."""
    return " ".join(text.split())


def word_key(text: str, length: int = 160) -> str:
    """The word as compared: one width, one case, spaces only between Latin words."""
    # Once more at the end: without its space an accent may join the letter before it.
    return fold(_SPACE_AT_CHINESE.sub("", fold(text)))[:length].rstrip()


def product_key(name: str, brand: str = "") -> str:
    """The unique key of a product: its folded name, and its folded brand where it has one."""
    key = word_key(name)
    return f"{key}{SEPARATOR}{word_key(brand, 120)}" if brand.strip() else key


def alias_keys(aliases: Iterable[str]) -> str:
    """The folded aliases in one text, each between separators, so that one can be looked up whole or in part."""
    keys = [key for key in dict.fromkeys(word_key(alias) for alias in aliases) if key]
    return SEPARATOR + SEPARATOR.join(keys) + SEPARATOR if keys else ""


def part_code(text: str) -> str:
    """A part's code as stored: one width, capitals, no spaces."""
    return fold(text).replace(" ", "").upper()[:60]


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The pinyin initials for type-ahead: `洗衣机 X5` gives `xyjx5`; other letters and digits stay."""
    # Loaded on first use: the dictionary of readings costs a quarter of a second at start.
    from pypinyin import Style, lazy_pinyin

    joined = "".join(lazy_pinyin(fold(text), style=Style.FIRST_LETTER))
    return re.sub(r"[^0-9a-z]", "", joined.casefold())[:80]


@dataclass(frozen=True)
class Line:
    """A line of a schedule: `wants` holds its columns in order of weight, None for any; validity ends inclusive."""

    wants: tuple[Any, ...]
    valid_from: dt.date | None
    valid_to: dt.date | None
    value: Any

    def is_valid(self, on: dt.date | None) -> bool:
        """True when the line holds on that day (`on` None: days do not matter)."""
        if on is None:
            return True
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def most_specific(lines: Iterable[Line], asked: Sequence[Sequence[Any]], on: dt.date | None) -> Line | None:
    """The line that wins: it must hold on the day and agree with every column it names.

    `asked` gives for each column the accepted values, nearest first (a category and its ancestors). The columns weigh
    in their order: a line that names the first column beats any that does not; among equals the second column
    decides, and so on; a nearer value beats a farther one. Of two equal lines the later `valid_from` wins.
    """
    best: tuple | None = None
    for line in lines:
        if not line.is_valid(on):
            continue
        rank = _rank(line, asked)
        if rank is None:
            continue
        key = (rank, line.valid_from or dt.date.min)
        if best is None or key > best[0]:
            best = (key, line)
    return best[1] if best else None


def _rank(line: Line, asked: Sequence[Sequence[Any]]) -> tuple[int, ...] | None:
    rank = []
    for want, values in zip(line.wants, asked, strict=True):
        if want is None:
            rank.append(-len(values) - 1)
        elif want in values:
            rank.append(-list(values).index(want))
        else:
            return None
    return tuple(rank)


def ancestry(start: int | None, parents: dict[int, int | None]) -> list[int]:
    """A category and its ancestors, nearest first; a circle in the data ends the walk."""
    chain: list[int] = []
    while start is not None and start not in chain:
        chain.append(start)
        start = parents.get(start)
    return chain


def is_gtin(code: str) -> bool:
    """True for an article code of 8, 12, 13 or 14 digits whose last digit checks (GS1 General Specifications 7.9)."""
    if not code.isascii() or not code.isdigit() or len(code) not in (8, 12, 13, 14):
        return False
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(code[:-1]), start=1))
    return (10 - weighed % 10) % 10 == int(code[-1])


def subtree(start: int, parents: dict[int, int | None]) -> list[int]:
    """A category and everything below it; a circle in the data ends the walk."""
    below: dict[int | None, list[int]] = {}
    for child, parent in parents.items():
        below.setdefault(parent, []).append(child)
    found, open_ = [start], [start]
    while open_:
        for child in below.get(open_.pop(), ()):
            if child not in found:
                found.append(child)
                open_.append(child)
    return found


def gtin_forms(code: str) -> list[str]:
    """The same article number as it may be written: as it stands, in fourteen digits, and without leading zeros (13, 12, 8)."""
    if not is_gtin(code):
        return [code]
    full = code.zfill(14)
    return list(dict.fromkeys([code, full, *(full[-n:] for n in (13, 12, 8) if not full[:-n].strip("0"))]))


def in_base_units(packs: Decimal, per_qty: Decimal) -> Decimal:
    """That many packs in base units, exact."""
    return packs * per_qty


def in_packs(qty: Decimal, packs: Iterable[tuple[str, Decimal]], unit: str) -> str:
    """A quantity in whole packs, the largest first, and the rest in base units: `2 箱 3 个`."""
    told = []
    for name, per_qty in sorted(packs, key=lambda pack: -pack[1]):
        count = qty // per_qty
        if count:
            told.append(f"{count:f} {name}")
            qty -= count * per_qty
    if qty or not told:
        told.append(f"{_plain(qty)} {unit}")
    return " ".join(told)


def _plain(qty: Decimal) -> str:
    text = f"{qty:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Span = tuple[dt.date, dt.date | None]


def uncovered(span: Span, covering: Iterable[Span]) -> list[Span]:
    """The days of `span` that no covering span holds; both days of each count, None is for ever."""
    left = [span]
    for first, last in covering:
        rest: list[Span] = []
        for start, end in left:
            if (last is not None and last < start) or (end is not None and first > end):
                rest.append((start, end))
                continue
            if first > start:
                rest.append((start, first - dt.timedelta(days=1)))
            if last is not None and (end is None or last < end):
                rest.append((last + dt.timedelta(days=1), end))
        left = rest
    return sorted(left, key=lambda one: one[0])


def stands_in(other: Sequence[Any], line: Sequence[Any], above: Sequence[Sequence[Any]]) -> bool:
    """True when `other` prices whatever `line` prices: it names a column only where it names the same or wider.

    `above` gives for each column the values that hold the line's own (a category's ancestors, a district's city).
    """
    return all(
        there is None or (here is not None and (there == here or there in wider))
        for there, here, wider in zip(other, line, above, strict=True)
    )


@dataclass(frozen=True)
class Verdict:
    """What became of a line when a price was asked: `won`, `beaten` (by `column`), or `differs` (in `column`).

    `column` is the index of the column that decided, None where the later first day did.
    """

    line: Line
    verdict: str
    column: int | None = None


def judge(lines: Iterable[Line], asked: Sequence[Sequence[Any]], on: dt.date | None) -> list[Verdict]:
    """Every line valid on the day with what became of it: the winner first, then those beaten, then those that differ."""
    valid = [line for line in lines if line.is_valid(on)]
    best = most_specific(valid, asked, on)
    best_rank = _rank(best, asked) if best else None
    told = []
    for line in valid:
        rank = _rank(line, asked)
        if line is best:
            told.append(Verdict(line, "won"))
        elif rank is None:
            wrong = next(i for i, (want, values) in enumerate(zip(line.wants, asked, strict=True)) if want is not None and want not in values)
            told.append(Verdict(line, "differs", wrong))
        else:
            told.append(Verdict(line, "beaten", next((i for i, pair in enumerate(zip(rank, best_rank, strict=True)) if pair[0] != pair[1]), None)))
    order = {"won": 0, "beaten": 1, "differs": 2}
    return sorted(told, key=lambda one: order[one.verdict])


def periods(minutes: int, standard: int, per: int) -> int:
    """Started periods of `per` minutes beyond the standard time; none within it."""
    return max(-(-(minutes - standard) // per), 0)


def in_band(km: Any, first: Any, last: Any) -> bool:
    """Whether a way of `km` lies in the band: above its first kilometre, up to and with its last (None: no end)."""
    return (first is None or km > first) and (last is None or km <= last)


def at_night(start: dt.time, first: dt.time, last: dt.time) -> bool:
    """Whether a local time lies between two others, over midnight where the first is the later one; the end not counted."""
    return first <= start < last if first <= last else start >= first or start < last
