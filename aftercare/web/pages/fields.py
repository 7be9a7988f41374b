"""Form fields and a form base that office pages share: dates, choices that search while one types, rows as initial values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.web.pages.edits import VersionedForm


class RowForm(VersionedForm):
    """A form that knows who fills it in and which row is edited; `fit` narrows its choices to what he may see."""

    def __init__(self, data: Any = None, *, actor: Actor, row: Any = None) -> None:
        self.actor, self.row = actor, row
        super().__init__(data, initial=self.start())
        self.fit()

    def start(self) -> dict[str, Any]:
        """Initial values: the row's own attributes."""
        return {} if self.row is None else {name: getattr(self.row, name, None) for name in self.base_fields}

    def fit(self) -> None:
        """Set querysets, choices and which fields there are."""

    @classmethod
    def build(cls, actor: Actor, row: Any, data: Any) -> RowForm:
        """As an `EditPage` asks for it."""
        return cls(data, actor=actor, row=row)


def values(cleaned: dict[str, Any], *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a form says, without its version and the fields named."""
    return {name: value for name, value in cleaned.items() if name != "version" and name not in without}


def day(label: Any, **options: Any) -> forms.DateField:
    """A date field with the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def text(label: Any, length: int, *, required: bool = False, rows: int = 0, **options: Any) -> forms.CharField:
    """A text field; with `rows` a larger one."""
    if rows:
        options["widget"] = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, required=required, **options)


def money(label: Any, *, required: bool = True, **options: Any) -> forms.DecimalField:
    """An amount, not negative, with two places."""
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=2, required=required, **options)


def yes(label: Any, **options: Any) -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=label, required=False, **options)


def row(label: Any, rows: QuerySet | None = None, *, required: bool = False, **options: Any) -> forms.ModelChoiceField:
    """A choice among rows; `fit` gives the rows that the actor may see."""
    return forms.ModelChoiceField(rows, label=label, required=required, empty_label="—", **options)


class YesNoAny(forms.TypedChoiceField):
    """Yes, no or any: a price or limit may hold for both."""

    def __init__(self, label: Any, yes_label: Any, no_label: Any, **options: Any) -> None:
        choices = [("", gettext_lazy("不限")), ("yes", yes_label), ("no", no_label)]
        super().__init__(
            label=label, choices=choices, required=False, coerce=lambda v: v == "yes", empty_value=None, **options
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class _Combo(forms.Widget):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.source, self.typed, self.choices = source, "", ()
        # Rows read for all fields of a form at once, by id.
        self.known: dict[int, Any] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.typed = data.get(name, "").strip()
        return data.get(f"{name}_id", "").strip() or self.typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        known = None
        if str(value or "").isdigit():
            known = self.known.get(int(value)) or self.choices.queryset.filter(pk=value).first()
        context = {
            "name": name,
            "id": (attrs or {}).get("id"),
            "src": self.source,
            "placeholder": self.attrs.get("placeholder", ""),
            "required": False,
            "value": str(known) if known else self.typed,
            "value_id": known.pk if known else "",
        }
        return mark_safe(render_to_string("components/combobox.html", context))


class Combo(forms.ModelChoiceField):
    """A choice among many rows: searches while one types. Without script the typed text is looked up by `find`."""

    def __init__(self, label: Any, kind: str, *, find: Callable[[str], Any] | None = None, **options: Any) -> None:
        super().__init__(None, label=label, widget=_Combo(f"/options/{kind}/"), **options)
        self.find = find

    @property
    def known(self) -> dict[int, Any]:
        """Rows that were read for all fields of a form at once, by id: these cost no statement of their own."""
        return self.widget.known

    @known.setter
    def known(self, rows: dict[int, Any]) -> None:
        self.widget.known = rows

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if str(value).isdigit() and str(value) != self.widget.typed and int(value) in self.known:
            return self.known[int(value)]
        if not str(value).isdigit() or str(value) == self.widget.typed:
            found = self.find(str(value)) if self.find else None
            if found is None:
                raise forms.ValidationError(_("没有「%(text)s」，请从列表中选择") % {"text": value}, code="unknown")
            value = found.pk
        return super().to_python(value)


class _WordBox(forms.TextInput):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {
            "name": name, "id": (attrs or {}).get("id"), "src": self.source, "required": False, "create": True,
            "placeholder": self.attrs.get("placeholder", ""), "value": value or "", "value_id": "",
        }  # fmt: skip
        return mark_safe(render_to_string("components/combobox.html", context))


class Word(forms.CharField):
    """A word of a dictionary: offered while one types, and made on saving where it is new. Its value is the text."""

    def __init__(self, label: Any, kind: str, **options: Any) -> None:
        super().__init__(label=label, widget=_WordBox(f"/options/{kind}/"), **options)


def one(rows: QuerySet, **key: Any) -> Any:
    """The one row of that key among the rows one may see; refuses when there is none."""
    found = rows.filter(**key).first()
    if found is None:
        raise NotFound(_("没有找到"))
    return found


def whole(key: str) -> int:
    """An id from an address; refuses what is no number as not found."""
    if not str(key).isdigit():
        raise NotFound(_("没有找到"))
    return int(key)


def require_new(found: Any, field: str = "name") -> None:
    """Refuse a name that exists: a form for new rows does not answer with an old one."""
    if found is not None:
        raise RuleBroken(_("已有「%(name)s」") % {"name": found}, code="already_exists", field=field)
