"""A register declared: columns, filters, tabs, search, order. List, export and saved views come from this alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from aftercare.foundation.access import Actor
from aftercare.web.pages.cells import Cell, Shown, read

REGISTERS: dict[str, Register] = {}


@dataclass(frozen=True)
class Column:
    """One column. `order` names the fields it sorts by (empty: not sortable; only indexed, never null ones).

    `export` gives the plain value for the spreadsheet (default: the attribute `key`); `kind` its cell type:
    text, number, money, date, moment.
    """

    key: str
    label: Any
    cell: Cell
    order: tuple[str, ...] = ()
    first: str = "asc"
    css: str = ""
    kind: str = "text"
    export: Callable[[Any, Shown], Any] | None = None
    # False: a column of the spreadsheet alone (on the page it stands in small letters behind another).
    on_page: bool = True
    # False: one that stays in the spreadsheet, also when people choose their columns.
    can_show: bool = True

    def value(self, row: Any, shown: Shown) -> Any:
        """The plain value for the spreadsheet."""
        return self.export(row, shown) if self.export else read(row, self.key)


@dataclass(frozen=True)
class Filter:
    """A named filter: `apply(rows, value)` narrows; `choices(actor)` makes it a chip, else `input` is its type."""

    key: str
    label: Any
    apply: Callable[[QuerySet, str], QuerySet]
    choices: Callable[[Actor], Iterable[tuple[str, Any]]] | None = None
    input: str = "text"
    # Shown only while it is set: for links from elsewhere, where the tabs offer the same by hand.
    quiet: bool = False


@dataclass(frozen=True)
class Tab:
    """A status tab; `count(actor)` shows a number behind it."""

    key: str
    label: Any
    apply: Callable[[QuerySet], QuerySet]
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class Bulk:
    """Something to do with the rows that were picked; posted as `action` to `/<slug>/bulk`."""

    key: str
    label: Any


@dataclass(frozen=True)
class Register:
    """One list page with everything that belongs to it."""

    slug: str
    title: Any
    permission: str
    rows: Callable[[Actor], QuerySet]
    columns: tuple[Column, ...]
    address: Callable[[Any], str]
    order: tuple[str, ...] = ("-id",)
    search: Callable[[QuerySet, str, Actor], QuerySet] | None = None
    search_hint: Any = ""
    filters: tuple[Filter, ...] = ()
    tabs: tuple[Tab, ...] = ()
    default_tab: str = ""
    # Numbers behind all tabs at once, by tab key, instead of a statement for each tab.
    tab_counts: Callable[[Actor], Mapping[str, int]] | None = None
    create: tuple[Any, str, str] | None = None  # label, url, permission
    # Where the first row comes from when `create` does not say it, as `create`; shown in an empty list.
    first: tuple[Any, str, str] | None = None
    # Further pages that belong to the list, each as `create`.
    links: tuple[tuple[Any, str, str], ...] = ()
    # The page that groups and sums the same rows under the same filters.
    summary: str = ""
    peek: Callable[[Any], str] | None = None
    bulk: tuple[Bulk, ...] = ()
    empty: Any = ""
    size: int = 80
    # Where the list stands, when not under its slug.
    path: str = ""

    def __post_init__(self) -> None:
        REGISTERS[self.slug] = self

    @property
    def home(self) -> str:
        """The address of the list."""
        return self.path or f"/{self.slug}/"

    def usual_columns(self) -> list[Column]:
        """The columns that the page shows to who has chosen none."""
        return [column for column in self.columns if column.on_page]

    def chosen_columns(self, keys: Iterable[str]) -> list[Column]:
        """The columns of these keys in the register's order, the first always among them."""
        wanted = set(keys)
        found = [c for n, c in enumerate(self.columns) if n == 0 or (c.key in wanted and (c.on_page or c.can_show))]
        return found if len(found) > 1 else self.usual_columns()

    def column_order(self, sort: str) -> tuple[str, ...]:
        """The fields to sort by for `sort` (`key` or `-key`); the default order for anything unknown."""
        for column in self.columns:
            if column.order and column.key == sort.lstrip("-"):
                return tuple(_flip(f) for f in column.order) if sort.startswith("-") else column.order
        return self.order

    def narrowed(self, actor: Actor, query: Any) -> QuerySet:
        """The rows the actor may see, narrowed by tab, filters and search of a query string."""
        rows = self.rows(actor)
        tab = query.get("tab", self.default_tab)
        for known in self.tabs:
            if known.key == tab:
                rows = known.apply(rows)
        for known in self.filters:
            value = query.get(known.key, "").strip()
            if value:
                rows = known.apply(rows, value)
        text = query.get("q", "").strip()
        return self.search(rows, text, actor) if text and self.search else rows


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
