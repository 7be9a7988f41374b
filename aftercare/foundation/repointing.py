"""Moving every reference from one row to another, wherever in the house it stands: for two entries that are one thing.

What refers to a model is read from the models themselves, so that no room can be forgotten: a reference that the caller
has not thought of is told by `uncounted`, and nothing is moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import F, ForeignKey, Model

from aftercare.foundation import kept
from aftercare.foundation.subjects import Subject


def references(model: type[Model]) -> dict[str, ForeignKey]:
    """Every column of the house that points to that model, by `room.Model.column`."""
    return {
        f"{owner._meta.label}.{field.name}": field
        for owner in apps.get_models()
        for field in owner._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.remote_field.model is model
    }


def count(row: Model, labels: Iterable[str]) -> dict[str, int]:
    """How many rows point to it by each of these columns; those without any are left out."""
    fields = references(type(row))
    found = {label: fields[label].model._default_manager.filter(**{fields[label].name: row}).count() for label in labels}
    return {label: number for label, number in found.items() if number}


def name_of(label: str) -> str:
    """What the rows of a column are called."""
    return str(apps.get_model(label.rpartition(".")[0])._meta.verbose_name)


def move(old: Model, new: Model, labels: Iterable[str]) -> dict[str, int]:
    """Let whatever points to `old` by these columns point to `new`; gives back how many rows by column.

    Who read such a row before sees by its version that it has changed.
    """
    fields, moved = references(type(old)), {}
    for label in labels:
        field = fields[label]
        owner = field.model
        changes: dict[str, Any] = {field.attname: new.pk}
        if issubclass(owner, Subject):
            changes["version"] = F("version") + 1
        number = owner._default_manager.filter(**{field.name: old}).update(**changes)
        if number:
            moved[label] = number
            if getattr(owner, "is_setting", False):
                kept.change()
    return moved


def lock(*rows: Model) -> list[Model]:
    """The rows afresh and held: nobody begins to point to them until this transaction ends. In one order, so that two
    who merge at once wait for each other and do not block each other for good."""
    model = type(rows[0])
    found = {row.pk: row for row in model._default_manager.select_for_update().filter(pk__in={row.pk for row in rows}).order_by("pk")}
    return [found[row.pk] for row in rows]
