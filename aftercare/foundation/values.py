"""How the values of a row become the database's, decided once for each column instead of once for each value.

Django's fields take anything that can be made into their kind: they try and convert. Nearly every value that an action writes is
of the very kind already; then nothing of that is needed. Whatever is not takes the field's own way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Field


class Column(NamedTuple):
    """A column: its field, its plain attribute ('' where the field makes the value itself), the kind of value that needs no conversion."""

    field: Field
    attribute: str
    kind: type | None
    make: Callable[[Any, Any], Any] | None

    def save(self, value: Any, connection) -> Any:
        """The value as it is handed to the database."""
        if type(value) is self.kind:
            return value if self.make is None else self.make(connection.ops, value)
        if value is None and self.kind is not None:
            return None
        return self.field.get_db_prep_save(value, connection)


def column(field: Field) -> Column:
    """How this field's values are written."""
    plain = type(field).pre_save in (Field.pre_save, _own(models.DateTimeField), _own(models.DateField))
    automatic = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    kind, make = _quick(field)
    return Column(field, field.attname if plain and not automatic else "", kind, make)


def _own(kind: type[Field]) -> Any:
    return kind.__dict__.get("pre_save")


def _quick(field: Field) -> tuple[type | None, Callable[[Any, Any], Any] | None]:
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    for known, (kind, make) in _KNOWN.items():
        if isinstance(target, known) and all(getattr(type(target), name) is getattr(known, name) for name in _WAYS):
            return kind, make(target)
    return None, None


_WAYS = ("get_prep_value", "get_db_prep_value", "get_db_prep_save", "to_python")


def _as_it_is(_field: Field) -> None:
    return None


def _whole(field: Field) -> Callable[[Any, int], Any]:
    name = field.get_internal_type()
    return lambda ops, value: ops.adapt_integerfield_value(value, name)


def _decimal(field: Field) -> Callable[[Any, Decimal], Any]:
    digits, places = field.max_digits, field.decimal_places

    def make(ops, value: Decimal) -> Any:
        if not value.is_finite():
            value = field.to_python(value)  # refuses it
        return ops.adapt_decimalfield_value(value, digits, places)

    return make


def _moment(field: Field) -> Callable[[Any, dt.datetime], Any]:
    # A moment without zone is Django's business, which warns.
    return lambda ops, value: ops.adapt_datetimefield_value(value if value.tzinfo else field.get_prep_value(value))


def _day(_field: Field) -> Callable[[Any, dt.date], Any]:
    return lambda ops, value: ops.adapt_datefield_value(value)


_KNOWN: dict[type[Field], tuple[type, Callable[[Any], Any]]] = {
    models.BigAutoField: (int, _as_it_is),
    models.AutoField: (int, _as_it_is),
    models.IntegerField: (int, _whole),
    models.BooleanField: (bool, _as_it_is),
    models.CharField: (str, _as_it_is),
    models.TextField: (str, _as_it_is),
    models.DecimalField: (Decimal, _decimal),
    models.DateTimeField: (dt.datetime, _moment),
    models.DateField: (dt.date, _day),
}
