"""Cells that lead to a form: a link for who may use it, plain text for who may only look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aftercare.web.markup import conditional_escape, format_html
from aftercare.web.pages.cells import EMPTY, Cell, read


def opens(path: str, address: Callable[[Any], str], permission: str, *, nothing: Any = "") -> Cell:
    """The value at `path`, linked to `address(row)` where the reader holds `permission`."""

    def draw(row, shown):
        value = read(row, path)
        value = value() if callable(value) else value
        value = value if value not in (None, "") else nothing or EMPTY
        if shown.actor.holds(permission):
            return format_html('<a class="lead" href="{}">{}</a>', address(row), value)
        return conditional_escape(value)

    return draw


def either(path: str, *, yes: Any, no: Any, neither: Any = "—") -> Cell:
    """One of three words for true, false and unknown."""

    def draw(row, shown):
        return conditional_escape({True: yes, False: no}.get(read(row, path), neither))

    return draw
