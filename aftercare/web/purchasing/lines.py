"""Forms with several lines: new lines with a part to choose, or the lines of a paper with something to fill in for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.web.pages import fields
from aftercare.web.suppliers.forms import amount, part_finder

ROWS = 12
TEMPLATE = "purchasing/lines.html"


class NewLines(fields.RowForm):
    """Rows of a part and further fields; a row without a part is left out, a part without quantity is told.

    `columns` are (name, label, field maker); `filled` gives the rows of the paper that is edited.
    """

    columns: tuple[tuple[str, Any, Callable[[], forms.Field]], ...] = ()
    least = 1

    def __init__(self, *args, **options):
        self.base_fields = dict(self.base_fields)
        for number in range(ROWS):
            self.base_fields[f"part{number}"] = fields.Combo(_("配件"), "part", required=False)
            for name, label, make in self.columns:
                self.base_fields[f"{name}{number}"] = field = make()
                field.label = label
        super().__init__(*args, **options)

    def start(self):
        names = [name for name in self.base_fields if not name[-1].isdigit()]
        initial = {} if self.row is None else {name: getattr(self.row, name, None) for name in names}
        for number, line in enumerate(self.filled()[:ROWS]):
            initial[f"part{number}"] = line.part_id
            initial |= {f"{name}{number}": getattr(line, name, None) for name, _l, _m in self.columns}
        return initial

    def filled(self) -> list:
        """The lines of the paper that is edited."""
        return []

    def fit(self):
        parts = catalog.list_parts(self.actor)
        for name, field in self.fields.items():
            if isinstance(field, fields.Combo):
                field.queryset, field.find = parts, part_finder(self.actor)
                field.widget.attrs["placeholder"] = field.label
            elif name == "place" or name.endswith("_place"):
                field.queryset = stock.list_places(self.actor).filter(is_active=True, kind_of__in=["depot", "outlet"])

    def table(self):
        """Headings and rows of bound fields, for the template."""
        rows = [{"cells": [], "fields": [self[f"part{n}"], *(self[f"{name}{n}"] for name, _l, _m in self.columns)]} for n in range(ROWS)]
        return {"heads": [_("配件"), *(label for _n, label, _m in self.columns)], "rows": rows}

    def clean(self):
        cleaned = super().clean()
        filled = [n for n in range(ROWS) if cleaned.get(f"part{n}")]
        if len(filled) < self.least and not self.errors:
            raise forms.ValidationError(_now("请至少填写一行配件"))
        for n in filled:
            if not cleaned.get(f"qty{n}") and not self.errors.get(f"qty{n}"):
                self.add_error(f"qty{n}", _now("请填写数量"))
        return cleaned


def rows_of(form_values: dict, *names: str) -> list[dict]:
    """The filled rows of `NewLines`: part_id and the values of these names."""
    return [
        {"part_id": form_values[f"part{n}"].pk, **{name: form_values[f"{name}{n}"] for name in names}}
        for n in range(ROWS) if form_values.get(f"part{n}")
    ]


class ByLine(fields.RowForm):
    """Something to fill in for each line of a paper: `columns` as above, `told` the (heading, text of line) before them."""

    columns: tuple[tuple[str, Any, Callable[[], forms.Field]], ...] = ()
    told: tuple[tuple[Any, Callable[[Any], Any]], ...] = ()

    def __init__(self, data: Any = None, *, actor: Any, row: Any = None) -> None:
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
            {"cells": [tell(line) for _head, tell in self.told], "line": line,
             "fields": [self[f"{name}-{line.pk}"] for name, _l, _m in self.columns]}
            for line in self.paper_lines
        ]
        return {"heads": [*(head for head, _tell in self.told), *(label for _n, label, _m in self.columns)], "rows": rows}

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


def qty(required: bool = False) -> forms.DecimalField:
    """A quantity in a row."""
    return amount("", required=required)
