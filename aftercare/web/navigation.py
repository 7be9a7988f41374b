"""The side navigation: sections of entries, each shown only to who holds its permission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.access import Actor
from aftercare.web.policy import actor_of


@dataclass(frozen=True)
class Entry:
    """One entry; `permissions` any of which opens it; `count(actor)` a number behind it, red when `hot`."""

    label: Any
    url: str
    icon: str
    permissions: tuple[str, ...] = ()
    count: Callable[[Actor], int] | None = None
    hot: bool = False
    jump: str = ""


SECTIONS: list[tuple[Any, list[Entry]]] = [
    (_("工作台"), []),
    (pgettext_lazy("list", "单据"), []),
    (pgettext_lazy("navigation", "仓库"), []),
    (_("基础资料"), []),
    (_("系统"), []),
    (_("组织"), []),
    (pgettext_lazy("navigation", "采购"), []),
    (pgettext_lazy("navigation", "资金"), []),
    (pgettext_lazy("navigation", "维保与索赔"), []),
    (pgettext_lazy("navigation", "价格与规则"), []),
]
# How long the numbers behind the entries are kept for a person.
KEPT_SECONDS = 15
# Where the sections stand on the page.
ORDER = (0, 1, 8, 2, 6, 7, 3, 9, 5, 4)
# Of more entries than this only the first sections and the one of the page itself stand open.
LONG = 26


def add(section: int, *entries: Entry) -> None:
    """Subjects add their entries from their urls module; the order of the calls is the order on the page."""
    SECTIONS[section][1].extend(entries)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the staff shell; empty for strangers and for htmx parts, which draw no shell."""
    is_part = request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch"
    if is_part or not hasattr(request, "user"):
        return {}
    actor = actor_of(request)
    if actor is None:
        return {}
    nav, jumps, counts = [], {}, _counts(actor)
    for place in ORDER:
        label, entries = SECTIONS[place]
        open_ones = [e for e in entries if not e.permissions or any(actor.holds(p) for p in e.permissions)]
        if open_ones:
            nav.append({"key": place, "label": label, "entries": [_entry(e, counts, request) for e in open_ones]})
            jumps |= {e.jump: e.url for e in open_ones if e.jump}
    flat = [entry for section in nav for entry in section["entries"]]
    # Of two addresses that the page lies under (/stock/ and /stock/transfer/) the longer one is meant.
    meant = max((entry["url"] for entry in flat if entry["current"]), key=len, default="")
    for entry in flat:
        entry["current"] = entry["url"] == meant
    for place, section in enumerate(nav):
        section["folds"] = len(flat) > LONG
        section["open"] = place < 2 or any(entry["current"] for entry in section["entries"])
    return {
        "nav": nav,
        "nav_bottom": flat[:4],
        "jumps": jumps,
        "me": {"name": actor.name, "place": request.user.employee.branch.name, "links": _links()},
        "logout_url": "/accounts/logout/",
        "palette_url": "/palette/",
        "primary_action": {"label": _("登记请求"), "url": "/desk/"} if actor.holds("cases.register") else None,
        "zone": actor.zone,
        "actor": actor,
    }


def _counts(actor: Actor) -> dict[str, int]:
    """The numbers behind the entries open to him, by address; read anew after some seconds, not for every page."""
    key = f"navigation:{actor.kind}:{actor.id}"
    kept = cache.get(key)
    if kept is None:
        kept = {
            entry.url: entry.count(actor) for _label, entries in SECTIONS for entry in entries
            if entry.count and (not entry.permissions or any(actor.holds(p) for p in entry.permissions))
        }  # fmt: skip
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _entry(entry: Entry, counts: dict[str, int], request: HttpRequest) -> dict[str, Any]:
    path = request.path
    current = path == entry.url or (entry.url != "/" and path.startswith(entry.url))
    return {
        "label": entry.label,
        "url": entry.url,
        "icon": entry.icon,
        "count": counts.get(entry.url),
        "hot": entry.hot,
        "current": current,
    }


def _links() -> list[dict]:
    return [
        {"label": _("修改密码"), "url": "/accounts/password/change/", "icon": "user"},
        {"label": _("两步验证"), "url": "/accounts/2fa/", "icon": "user"},
        {"label": _("接口令牌"), "url": "/tokens/", "icon": "box"},
    ]
