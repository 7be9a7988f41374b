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
