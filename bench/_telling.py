"""How benchmarks tell their figures: tables, medians, and the machine they were taken on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from statistics import median


def table(heads: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Print rows under heads, numbers to the right."""
    shown = [[cell if isinstance(cell, str) else _number(cell) for cell in row] for row in rows]
    widths = [max(len(head), *(len(row[i]) for row in shown)) if shown else len(head) for i, head in enumerate(heads)]
    print("  ".join(head.ljust(width) if i == 0 else head.rjust(width) for i, (head, width) in enumerate(zip(heads, widths, strict=True))))
    for row in shown:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))))
    print(flush=True)


def _number(value) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}" if value >= 100 else f"{value:.3g}"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def high(values: Sequence[float], share: float = 0.95) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def verdict(value: float | None, goal: float | None) -> str:
    """`ok` or `miss`."""
    return "" if goal is None or value is None else "ok" if value <= goal else "miss"


def machine() -> str:
    """The kind of machine, in a line."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, load {load:.1f}"
