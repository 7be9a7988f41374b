"""What stands on every page and is made of many small pieces, drawn without a template for each piece.

Navigation, tabs, column heads and the choices of chips: a hundred and fifty pieces on a list page, which took a
template longer than the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.safestring import SafeString

from aftercare.web.markup import conditional_escape as safe


@cache
def draw_icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite."""
    return SafeString(f'<svg class="{safe(f"i {css}".strip())}" aria-hidden="true"><use href="#i-{safe(name)}"/></svg>')


def draw_sections(sections: Iterable[dict]) -> SafeString:
    """The side navigation: {label, entries: [{label, url, icon, count, hot, current}]}, with {key, folds, open} when long."""
    lines = []
    for section in sections or ():
        head = f"<h3>{safe(section['label'])}</h3>" if section.get("label") else ""
        entries = "".join([_draw_entry(entry) for entry in section["entries"]])
        lines.append(_draw_fold(section, head, entries) if section.get("folds") else head + entries)
    return SafeString("".join(lines))


def _draw_fold(section: dict, head: str, entries: str) -> str:
    # What is urgent inside has to be seen while the section is shut.
    hot = sum(entry.get("count") or 0 for entry in section["entries"] if entry.get("hot"))
    number = f'<i class="n hot">{hot}</i>' if hot else ""
    is_open = " open" if section["open"] else ""
    return (
        f'<details class="fold" data-fold="{safe(section["key"])}"{is_open}>'
        # The slim navigation has no room for the heading: then the title is all that names the group.
        f'<summary title="{safe(section["label"])}">{head}{number}{draw_icon("chevron")}</summary>{entries}</details>'
    )


def _draw_entry(entry: dict) -> str:
    label, count = safe(entry["label"]), entry.get("count")
    title = f"{label} ({safe(entry['keys'])})" if entry.get("keys") else label
    current = ' aria-current="page"' if entry.get("current") else ""
    number = f'<i class="n{" hot" if entry.get("hot") else ""}">{safe(count)}</i>' if count else ""
    return (
        f'<a class="nav" href="{safe(entry["url"])}" title="{title}"{current}>'
        f"{draw_icon(entry.get('icon') or 'list')}<span>{label}</span>{number}</a>"
    )


def draw_tabs(tabs: Iterable[dict], icon: str = "") -> SafeString:
    """Links of a row of tabs: {label, url, count, current}."""
    sign = draw_icon(icon) if icon else ""
    lines = []
    for tab in tabs or ():
        current = ' aria-current="page"' if tab.get("current") else ""
        number = f'<span class="n">{safe(tab["count"])}</span>' if tab.get("count") else ""
        lines.append(f'<a href="{safe(tab["url"])}"{current}>{sign}{safe(tab["label"])}{number}</a>')
    return SafeString("".join(lines))


def draw_options(choices: Iterable[tuple], value: Any) -> SafeString:
    """The options of a select, `value` chosen; compared as they are written."""
    wanted = str(value)
    return SafeString("".join([
        f'<option value="{safe(key)}"{" selected" if str(key) == wanted else ""}>{safe(text)}</option>'
        for key, text in choices or ()
    ]))


_ARROWS = {"ascending": "▲", "descending": "▼"}


def draw_heads(columns: Iterable[dict]) -> SafeString:
    """The heads of a table: {label, sort_url, direction, cls}."""
    lines = []
    for column in columns or ():
        label, direction = safe(column["label"]), column.get("direction") or ""
        if column.get("sort_url"):
            arrow = _ARROWS.get(direction, "▼" if direction else "⇅")
            label = f'<a href="{safe(column["sort_url"])}">{label}<span class="arr" aria-hidden="true">{arrow}</span></a>'
        sorted_ = f' aria-sort="{safe(direction)}"' if direction else ""
        lines.append(f'<th scope="col" class="{safe(column.get("cls") or "")}"{sorted_}>{label}</th>')
    return SafeString("".join(lines))
