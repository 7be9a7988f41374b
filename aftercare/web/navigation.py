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


@dataclass(frozen=True)
class Group:
    """One section of the navigation: its name and the addresses of its entries, in the order in which they stand."""

    key: str
    label: Any
    urls: tuple[str, ...]
    # Whoever holds one of these does his day's work here: the group stands open for him first.
    acts: tuple[str, ...] = ()


# The whole navigation, in the order of the page: what is done all day first, what is set up once last.
GROUPS = (
    Group("today", _("工作台"), (
        "/", "/desk/", "/board/", "/bench/", "/counter/", "/picking/", "/scan/", "/field/", "/reports/",
    )),
    Group("service", pgettext_lazy("navigation", "服务单据"), (
        "/contacts/", "/orders/", "/due-notices/", "/quotes/", "/callbacks/", "/right-claims/", "/notices/",
    ), ("cases.register", "work.dispatch", "work.perform", "work.audit", "feedback.answer")),
    Group("stock", pgettext_lazy("navigation", "仓库"), (
        "/stock/", "/part-requests/", "/sales/", "/transfers/", "/stock/transfer/", "/stock-documents/", "/moves/",
        "/places/", "/stock/periods/",
    ), ("inventory.move", "inventory.receive")),
    Group("buying", pgettext_lazy("navigation", "采购"), (
        "/reorder/", "/purchase-requests/", "/to-buy/", "/enquiries/", "/purchase-orders/", "/receipts/", "/supplier-invoices/",
        "/supplier-returns/",
    ), ("purchasing.order", "purchasing.approve")),
    Group("suppliers", pgettext_lazy("navigation", "供应商与条款"), (
        "/suppliers/", "/supplier-prices/", "/supplier-performance/", "/approval-levels/", "/tolerances/",
    )),
    Group("counting", pgettext_lazy("navigation", "盘点与分析"), (
        "/stocktakes/", "/part-classes/matrix/", "/reports/slow-movers/", "/reports/stock-turnover/",
    )),
    Group("keeping", pgettext_lazy("navigation", "保管与旧件"), (
        "/custody/", "/unclaimed/", "/cores/", "/core-shipments/", "/core-bills/", "/holdings/", "/keepings/", "/loaners/", "/tools/", "/papers/",
    )),
    Group("contracts", pgettext_lazy("navigation", "维保与索赔"), (
        "/contracts/", "/visits/", "/contract-notices/", "/claims/", "/claims/compare/", "/claim-lines/", "/claim-agreements/",
    )),
    Group("money", pgettext_lazy("navigation", "资金"), (
        "/bills/", "/collections/", "/waivers/", "/cash/", "/unsettled/", "/statements/", "/accruals/",
    ), ("billing.remit", "settlement.lock")),
    Group("basics", _("基础资料"), (
        "/customers/", "/assets/", "/categories/", "/products/", "/parts/", "/codes/", "/work-types/", "/service-levels/", "/terms/",
        "/fleet/",
    )),
    Group("rules", pgettext_lazy("navigation", "价格与规则"), (
        "/prices/", "/part-prices/", "/prices/check/", "/prices/import/", "/prices/print/", "/quotes/rules/", "/custody-rules/",
        "/rights/", "/rates/", "/deductions/", "/core-rules/",
    )),
    Group("company", _("组织"), ("/branches/", "/departments/", "/employees/", "/regions/", "/calendars/", "/roles/"),
          ("people.edit_employee",)),
    Group("system", _("系统"), ("/tokens/", "/imports/", "/journal/", "/deliveries/")),
)  # fmt: skip
# The bar on the bottom of telephones holds the first four of these that are open to somebody, in the order of the page.
ON_TELEPHONES = (
    "/", "/field/", "/desk/", "/scan/", "/picking/", "/bench/", "/board/", "/stock/", "/purchase-requests/", "/purchase-orders/", "/receipts/",
    "/callbacks/", "/bills/", "/cash/", "/orders/", "/stocktakes/", "/reports/", "/employees/", "/parts/",
)  # fmt: skip
# How long the numbers behind the entries are kept for a person.
KEPT_SECONDS = 15
# Of more entries than this sections fold. Open stand the first one, those of one's own work until `OPEN` entries are seen, what folding
# would not make shorter, and the one of the page itself.
LONG = 26
OPEN = 14
TINY = 2

_ENTRIES: dict[str, Entry] = {}
_PLANNED = frozenset(url for group in GROUPS for url in group.urls)


def add(*entries: Entry) -> None:
    """Subjects add their entries from their urls module; where they stand is said in `GROUPS` alone."""
    for entry in entries:
        if entry.url not in _PLANNED:
            raise LookupError(f"{entry.url} has no place in the navigation: name it in GROUPS")
        _ENTRIES[entry.url] = entry


def sections(actor: Actor) -> list[tuple[Group, list[Entry]]]:
    """The groups with the entries that are open to him; groups without any are left out."""
    rows = [(group, [_ENTRIES[url] for url in group.urls if url in _ENTRIES and _is_open(_ENTRIES[url], actor)]) for group in GROUPS]
    return [(group, entries) for group, entries in rows if entries]


def _is_open(entry: Entry, actor: Actor) -> bool:
    return not entry.permissions or any(actor.holds(permission) for permission in entry.permissions)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the staff shell; empty for strangers and for htmx parts, which draw no shell."""
    is_part = request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch"
    if is_part or not hasattr(request, "user"):
        return {}
    actor = actor_of(request)
    if actor is None:
        return {}
    counts, jumps, nav = _counts(actor), {}, []
    for group, entries in sections(actor):
        is_own = any(actor.holds(permission) for permission in group.acts)
        nav.append({"key": group.key, "label": group.label, "is_own": is_own, "entries": [_entry(one, counts, request) for one in entries]})
        jumps |= {one.jump: one.url for one in entries if one.jump}
    flat = [entry for section in nav for entry in section["entries"]]
    # Of two addresses that the page lies under (/stock/ and /stock/transfer/) the longer one is meant.
    meant = max((entry["url"] for entry in flat if entry["current"]), key=len, default="")
    for entry in flat:
        entry["current"] = entry["url"] == meant
    _fold(nav, len(flat))
    return {
        "nav": nav,
        "nav_bottom": _bottom(flat),
        "jumps": jumps,
        "me": {"name": actor.name, "place": request.user.employee.branch.name, "links": _links()},
        "logout_url": "/accounts/logout/",
        "palette_url": "/palette/",
        "primary_action": {"label": _("登记请求"), "url": "/desk/"} if actor.holds("cases.register") else None,
        "zone": actor.zone,
        "actor": actor,
    }


def _fold(nav: list[dict[str, Any]], number: int) -> None:
    """Say of each section whether it folds, and whether it stands open."""
    shown = 0
    for section in nav:
        section["folds"] = number > LONG
        entries = section["entries"]
        is_near = section is nav[0] or (section.get("is_own") and shown + len(entries) <= OPEN)
        shown += len(entries) if is_near else 0
        section["open"] = is_near or len(entries) <= TINY or any(entry["current"] for entry in entries)


def _bottom(flat: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The four entries that somebody on a telephone needs first, and where they are not enough, whatever else is open to him."""
    by_url = {entry["url"]: entry for entry in flat}
    chosen = [by_url[url] for url in ON_TELEPHONES if url in by_url] + [one for one in flat if one["url"] not in ON_TELEPHONES]
    kept = {entry["url"] for entry in chosen[:4]}
    return [entry for entry in flat if entry["url"] in kept]


def _counts(actor: Actor) -> dict[str, int]:
    """The numbers behind the entries open to him, by address; read anew after some seconds, not for every page."""
    key = f"navigation:{actor.kind}:{actor.id}"
    kept = cache.get(key)
    if kept is None:
        kept = {one.url: one.count(actor) for _group, entries in sections(actor) for one in entries if one.count}
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _entry(entry: Entry, counts: dict[str, int], request: HttpRequest) -> dict[str, Any]:
    path = request.path
    current = path == entry.url or (entry.url != "/" and path.startswith(entry.url))
    return {
        "label": entry.label,
        "keys": f"g {entry.jump}" if entry.jump else "",
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
