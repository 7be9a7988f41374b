"""Forms with several lines: new lines with a part to choose, or the lines of a paper with something to fill in for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import Refusal
from aftercare.web.pages import fields

TEMPLATE = "layouts/lines.html"
ROWS = 8
# Empty lines that a form of an existing paper offers beside its own.
SPARE = 6

# How a refusal names a field of a line, and what forms call it for short.
_OF_LINE = re.compile(r"lines\.(\d+)\.(\w+)")
_SHORT = {"price_amount": "price", "unit_cost": "cost", "lot": "serial", "serial": "lot", "part_id": "part", "pack_qty": "qty",
          "expires_on": "expires"}  # fmt: skip

Columns = tuple[tuple[str, Any, Callable[[], forms.Field]], ...]


def find_part(actor: Actor) -> Callable[[str], Any]:
    """Finds a part by the text that was typed without script: a code, else the very name."""
    return lambda text: catalog.parts_by_code([text]).get(text) or catalog.list_parts(actor).filter(name=text).first()


def qty(required: bool = False) -> forms.DecimalField:
    """A quantity in a row, not negative."""
    return forms.DecimalField(min_value=0, max_digits=12, decimal_places=3, required=required)


def given_rows(values: Mapping[str, Any]) -> int:
    """How many lines a form's values have, empty ones too."""
    number = 0
    while f"part{number}" in values:
        number += 1
    return number


def rows_of(cleaned: Mapping[str, Any], *names: str) -> list[dict[str, Any]]:
    """The filled lines: `part` and the values of these names."""
    return [
        {"part": cleaned[f"part{n}"], **{name: cleaned[f"{name}{n}"] for name in names}}
        for n in range(given_rows(cleaned)) if cleaned[f"part{n}"]
    ]


def _plain(value: Any) -> Any:
    # Numbers as people write them: 10, not 10.000.
    return shown(value) if isinstance(value, Decimal) else value


def part_lines(cleaned: Mapping[str, Any], *names: str) -> list[dict[str, Any]]:
    """The same with `part_id` instead of the part, as most actions take them."""
    return [{"part_id": line.pop("part").pk, **line} for line in rows_of(cleaned, *names)]


class LinesForm(fields.RowForm):
    """Rows of a part and further fields; a row without a part is left out, a part without quantity is told.

    `columns` are (name, label, field maker); `filled` gives the lines of the paper that is edited. The form has a row for each
    of them and for each row that was sent: a paper longer than the form comes back whole, or saving it would drop its end.
    """

    columns: Columns = ()
    rows_shown = ROWS
    # False where a line of quantity zero says something (a count).
    is_zero_missing = True
    # True where taking away every line says something (a list that is emptied).
    may_be_empty = False

    def __init__(self, data: Any = None, *, actor: Actor, row: Any = None, **options: Any) -> None:
        self.paper_lines = list(self.filled(row)) if row is not None else []
        kept = len(self.paper_lines) + SPARE if self.paper_lines else 0
        self.rows_shown = max(self.rows_shown, given_rows(data or {}), kept)
        # A copy: what one paper needs must not become the form of all.
        self.base_fields = dict(self.base_fields)
        for number in range(self.rows_shown):
            self.base_fields[f"part{number}"] = fields.Combo(_("配件"), "part", required=False)
            for name, label, make in self.columns:
                self.base_fields[f"{name}{number}"] = field = make()
                field.label = label
                field.widget.attrs["placeholder"] = label
        super().__init__(data, actor=actor, row=row, **options)

    def filled(self, row: Any) -> list:
        """The lines of the paper that is edited."""
        return []

    def value_of(self, line: Any, name: str) -> Any:
        """What stands in that column of a line at first."""
        return getattr(line, name, None)

    def heads(self) -> dict[str, Any]:
        """What stands above the lines at first."""
        return {} if self.row is None else {name: _plain(getattr(self.row, name, None)) for name in type(self).base_fields}

    def start(self) -> dict[str, Any]:
        initial = self.heads()
        for n, line in enumerate(self.paper_lines):
            initial[f"part{n}"] = line.part_id
            initial |= {f"{name}{n}": _plain(self.value_of(line, name)) for name, _label, _make in self.columns}
        return initial

    def fit(self) -> None:
        parts, finder = catalog.list_parts(self.actor), find_part(self.actor)
        # All parts of the form at once; a choice for itself would read each line's part alone.
        known = {part.pk: part for part in parts.filter(pk__in=self._chosen())}
        for n in range(self.rows_shown):
            field = self.fields[f"part{n}"]
            field.queryset, field.find, field.known = parts, finder, known
            field.widget.attrs["placeholder"] = field.label
        places = self.places()
        for name, field in self.fields.items():
            if name == "place" or name.endswith("_place"):
                field.queryset = places

    def places(self):
        """Which places its place fields offer."""
        return stock.list_places(self.actor).filter(is_active=True)

    def _chosen(self) -> set[int]:
        values = [self.initial.get(f"part{n}") for n in range(self.rows_shown)]
        values += [self.data.get(f"part{n}_id") for n in range(self.rows_shown)]
        return {int(value) for value in values if str(value or "").isdigit() and len(str(value)) < 19}

    def table(self) -> dict[str, Any]:
        """Headings and rows of bound fields, for the template."""
        columns = self.shown_columns()
        rows = [{"cells": [], "fields": [self[f"part{n}"], *(self[f"{name}{n}"] for name, _l, _m in columns)]} for n in range(self.rows_shown)]
        return {"heads": [_("配件"), *(label for _n, label, _m in columns)], "rows": rows, "grows": True}

    def shown_columns(self) -> list:
        """The columns that people see; one without a label goes along hidden."""
        return [column for column in self.columns if column[1]]

    def name_of(self, field: str | None, refusal: Refusal) -> str | None:
        """The field of this form that a refusal means: `lines.2.qty` is that of the third filled row, what lacks that of its part."""
        filled = [n for n in range(self.rows_shown) if self.cleaned_data.get(f"part{n}")]
        found, rest = _OF_LINE.fullmatch(field or ""), field or ""
        if found and int(found[1]) < len(filled):
            filled, rest = [filled[int(found[1])]], found[2]
        elif refusal.params.get("part_id"):
            filled = [n for n in filled if self.cleaned_data[f"part{n}"].pk == refusal.params["part_id"]]
        if filled and (found or "part_id" in refusal.params):
            names = (f"{rest}{filled[0]}", f"{_SHORT.get(rest, '')}{filled[0]}")
            return next((name for name in names if name in self.fields), field)
        short = {line.get("part_id"): line for line in refusal.params.get("lines", ()) if isinstance(line, dict)}
        for n in filled:
            line = short.get(self.cleaned_data[f"part{n}"].pk)
            if line and f"qty{n}" in self.fields:
                self.add_error(f"qty{n}", _now("可用 %(qty)s") % {"qty": line.get("available_qty")})
        return field

    def clean(self):
        cleaned = super().clean()
        filled = [n for n in range(self.rows_shown) if cleaned.get(f"part{n}")]
        if not filled and not self.errors and not self.may_be_empty:
            raise forms.ValidationError(_now("请至少填写一行配件"))
        for n in filled:
            value = cleaned.get(f"qty{n}")
            if (value is None or (self.is_zero_missing and not value)) and not self.errors.get(f"qty{n}"):
                self.add_error(f"qty{n}", _now("请填写数量"))
        return cleaned


class ByLine(fields.RowForm):
    """Something to fill in for each line of a paper: `columns` as above, `told` the (heading, text of line) before them."""

    columns: Columns = ()
    told: tuple[tuple[Any, Callable[[Any], Any]], ...] = ()

    def __init__(self, data: Any = None, *, actor: Actor, row: Any = None) -> None:
        self.given_actor, self.row_id = actor, row.pk if row is not None else None
        self.paper_lines = self.read(row)
        self.base_fields = dict(self.base_fields)
        for line in self.paper_lines:
            for name, label, make in self.columns:
                self.base_fields[f"{name}-{line.pk}"] = field = make()
                field.label = label
        super().__init__(data, actor=actor, row=row)

    def read(self, row: Any) -> list:
        """The lines of the paper."""
        raise NotImplementedError

    def first(self, line: Any) -> dict[str, Any]:
        """What stands in a line's fields at first."""
        return {}

    def start(self):
        return {f"{name}-{line.pk}": value for line in self.paper_lines for name, value in self.first(line).items()}

    def table(self):
        """Headings and rows, for the template."""
        rows = [
            {"cells": [{"head": head, "text": tell(line)} for head, tell in self.told], "line": line,
             "fields": [self[f"{name}-{line.pk}"] for name, _l, _m in self.columns]}
            for line in self.paper_lines
        ]
        return {"heads": [*(head for head, _tell in self.told), *(label for _n, label, _m in self.columns)], "rows": rows}

    def name_of(self, field: str | None, refusal: Refusal) -> str | None:
        """The field of this form that a refusal means, which names the line by its id."""
        pk = refusal.params.get("line") or refusal.params.get("lot")
        name = f"{(field or '').rsplit('.', 1)[-1]}-{pk}"
        return name if name in self.fields else field

    def given(self) -> dict[int, dict[str, Any]]:
        """What was filled in, by line id and name."""
        return {
            line.pk: {name: self.cleaned_data.get(f"{name}-{line.pk}") for name, _l, _m in self.columns} for line in self.paper_lines
        }

    def clean(self):
        cleaned = super().clean()
        # An `EditPage` hands on what was cleaned; the rows go along by line.
        cleaned["by_line"] = self.given()
        return cleaned
