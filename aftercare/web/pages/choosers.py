"""Fields for things that people know by a number or code of their own: regions, customers. They search while one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

_MOST = 300


def products(actor: Actor) -> list[tuple[str, str]]:
    """Choices of a filter by product: those used most."""
    return _words(catalog.list_products(actor))


def faults(actor: Actor) -> list[tuple[str, str]]:
    """Choices of a filter by fault: those used most."""
    return _words(catalog.list_codes(actor, "fault"))


def _words(rows: QuerySet) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows.order_by("-uses", "id").values_list("pk", "name")[:_MOST]]


class _Box(forms.Widget):
    """The combobox; its value is what was chosen, else what was typed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source, self.typed = source, ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.typed = data.get(name, "").strip()
        return data.get(f"{name}_id", "").strip() or self.typed

    def shown(self, value: Any) -> tuple[str, str]:
        """The text in the box, and the value behind it."""
        return self.typed, value if value and value != self.typed else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        text, chosen = self.shown(value)
        context = {"name": name, "id": (attrs or {}).get("id"), "src": self.source, "placeholder": "", "required": False,
                   "value": text, "value_id": chosen}  # fmt: skip
        return mark_safe(render_to_string("components/combobox.html", context))


class _RegionBox(_Box):
    def shown(self, value: Any) -> tuple[str, str]:
        known = people.find_region(str(value or ""))
        return (known.name, known.code) if known else (self.typed, "")


class RegionCombo(forms.Field):
    """A region, by its code."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, widget=_RegionBox("/options/region/"), **options)

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "code", value)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        found = people.find_region(str(value))
        if found is None:
            raise forms.ValidationError(_("没有「%(text)s」，请从列表中选择") % {"text": value}, code="unknown")
        return found


class _SupplierBox(_Box):
    def shown(self, value: Any) -> tuple[str, str]:
        name, number = value if isinstance(value, tuple) else (self.typed, value if value != self.typed else "")
        return name, number or ""


class SupplierCombo(forms.CharField):
    """The number of a supplier of the register, or the text typed where it was not chosen from the list.

    Its initial value is (name, number).
    """

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, max_length=120, widget=_SupplierBox("/options/supplier/"), **options)


class CustomerCombo(forms.CharField):
    """The number of a customer."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, max_length=24, widget=_Box("/options/customer/"), **options)
