"""How a value stands in a table cell. A column takes one of these; rows are drawn without a template per cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftercare.foundation.access import Actor
from aftercare.foundation.clock import zone
from aftercare.foundation.money import shown_price
from aftercare.web.markup import conditional_escape, format_html

# By language: eighty countdowns a page would look up their few words again and again.
_DUE_WORDS: dict[str, tuple[str, str, str, str]] = {}
EMPTY = mark_safe('<span class="nil">—</span>')


@dataclass
class Shown:
    """What drawing needs to know: who looks, when, and in which zone."""

    actor: Actor
    now: dt.datetime
    extra: dict[str, Any] = field(default_factory=dict)
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def tz(self):
        return zone(self.actor.zone)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for all rows: for texts and marks of which there are only a few."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


Cell = Callable[[Any, Shown], str]


@cache
def _labels(model: type, name: str) -> dict[Any, Any]:
    """The choices of a field; Django's `get_…_display` translates all of them for each row."""
    return dict(model._meta.get_field(name).flatchoices)


def read(row: Any, path: str) -> Any:
    """The attribute at a dotted path; None where a link of it is missing."""
    if "." not in path:
        return getattr(row, path, None)
    for name in path.split("."):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row


def text(path: str, small: str = "") -> Cell:
    """Plain text, with a second value in small letters behind it."""

    def draw(row, shown):
        value = read(row, path)
        if value in (None, ""):
            return EMPTY
        second = read(row, small) if small else ""
        if second:
            return format_html("{}<small>{}</small>", value, second)
        return conditional_escape(value)

    return draw


def link(path: str, address: Callable[[Any], str], after: Callable[[Any], str] | None = None) -> Cell:
    """The identity column: a link to the row's page, with an optional mark behind it."""

    def draw(row, shown):
        mark = after(row) if after else ""
        return format_html('<a class="lead" href="{}">{}</a>{}', address(row), read(row, path), mark)

    return draw


def money(path: str, zero: Any = "") -> Cell:
    """An amount with thousands separators; `zero` is shown instead of nothing."""
    get = attrgetter(path)

    def draw(row, shown):
        value = get(row)
        if value is None or (not value and zero):
            return shown.once((draw, None), lambda: format_html('<span class="nil">{}</span>', zero or "—"))
        return f"{Decimal(value):,.2f}"

    return draw


def number(path: str) -> Cell:
    """A quantity or count without trailing zeros."""

    def draw(row, shown):
        value = read(row, path)
        if value is None:
            return EMPTY
        shown_value = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
        return shown_value.rstrip("0").rstrip(".") if "." in shown_value else shown_value

    return draw


def price(path: str) -> Cell:
    """A price for one unit."""

    def draw(row, shown):
        value = read(row, path)
        return EMPTY if value is None else shown_price(value)

    return draw


def moment(path: str, style: str = "%m-%d %H:%M") -> Cell:
    """An instant in the viewer's zone; the year is added when it is not this one."""

    def draw(row, shown):
        value = read(row, path)
        if value is None:
            return EMPTY
        local = value.astimezone(shown.tz)
        if local.year != shown.now.year and "%Y" not in style:
            return local.strftime("%Y-%m-%d")
        return local.strftime(style)

    return draw


def day(path: str) -> Cell:
    """A date."""

    def draw(row, shown):
        value = read(row, path)
        return value.isoformat() if value else EMPTY

    return draw


def yes(path: str) -> Cell:
    """Yes or no."""

    def draw(row, shown):
        return shown.once((draw, True), lambda: _("是")) if read(row, path) else shown.once((draw, False), lambda: _("否"))

    return draw


def choice(path: str) -> Cell:
    """The label of a field with choices."""
    head, _dot, name = path.rpartition(".")

    def draw(row, shown):
        owner = read(row, head) if head else row
        if owner is None:
            return EMPTY
        value = getattr(owner, name)
        return shown.once(
            (draw, value), lambda: conditional_escape(_labels(type(owner), name).get(value, value) or "—")
        )

    return draw


def pill(path: str, tones: Mapping[str, str]) -> Cell:
    """A state as dot and word, never colour alone."""

    def draw(row, shown):
        value = read(row, path)
        return shown.once((draw, value), lambda: _pill(tones.get(value, "mute"), _labels(type(row), path).get(value, value)))

    return draw


def _pill(tone: str, label: Any) -> SafeString:
    return format_html('<span class="pill tone-{}">{}</span>', tone, label)


def countdown(path: str, open_when: Callable[[Any], bool] = lambda row: True) -> Cell:
    """Time left or overdue; the browser goes on counting. Nothing for rows that are over."""

    def draw(row, shown):
        due = read(row, path)
        if due is None or not open_when(row):
            return EMPTY
        return tell_due(due, shown.now)

    return draw


def tell_due(due: dt.datetime, now: dt.datetime) -> SafeString:
    """The countdown mark for a time limit: late below zero, warning below four hours."""
    minutes = int((due - now).total_seconds() // 60)
    state = "late" if minutes < 0 else "soon" if minutes < 240 else "ok"
    days, hours = divmod(abs(minutes) // 60, 24)
    long, short, late, left = _due_words(get_language())
    span = (long if days else short).format(d=days, h=hours, m=f"{abs(minutes) % 60:02d}")
    words = (late if minutes < 0 else left) % span
    return format_html('<span class="sla {}" data-due="{}"><span>{}</span></span>', state, int(due.timestamp()), words)


def _due_words(language: str) -> tuple[str, str, str, str]:
    if language not in _DUE_WORDS:
        _DUE_WORDS[language] = (_("{d}天{h}时"), _("{h}时{m}分"), _("超时 %s"), _("剩 %s"))
    return _DUE_WORDS[language]
