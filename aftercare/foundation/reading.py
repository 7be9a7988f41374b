"""Rows of a list as model objects, made in one step each.

Django makes an object by asking every field, with deferred columns, signals and one object for each joined row: on a list
of eighty rows that join eight tables it takes longer than the statement, its reading and the drawing together. Here the
columns become the object's attributes as they are, and a joined row that several rows name (a branch, an engineer) is
made once. Properties, choices, deferred columns and further relations behave as always; objects are for showing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from django.db import connections
from django.db.models import DateTimeField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init


def for_showing(rows: QuerySet) -> QuerySet:
    """The same rows, whose objects are made the short way; `values()` and the like stay as they are."""
    if rows._iterable_class is not ModelIterable or rows._known_related_objects:
        return rows
    rows = rows.all()
    rows._iterable_class = ShownIterable
    return rows


class ShownIterable(ModelIterable):
    """Yields a model object for each row; takes Django's way for what it does not know."""

    def __iter__(self) -> Iterator[Model]:
        queryset = self.queryset
        compiler = queryset.query.get_compiler(using=queryset.db)
        found = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        maker = _Maker(compiler.klass_info, compiler.select, queryset.db)
        convert = _converting(compiler, queryset.db)
        annotated = list((compiler.annotation_col_map or {}).items())
        for chunk in found or ():
            for row in chunk:
                row = convert(row)
                made = maker.make(row)
                for name, position in annotated:
                    setattr(made, name, row[position])
                yield made


class _Maker:
    """Makes the objects of one table of the statement, and of the tables joined to it."""

    def __init__(self, info: dict, select: list, using: str) -> None:
        self.model, self.using = info["model"], using
        positions = info["select_fields"]
        self.names = [select[position][0].target.attname for position in positions]
        self.take = itemgetter(*positions) if len(positions) > 1 else lambda row, at=positions[0]: (row[at],)
        self.key = positions[self.names.index(self.model._meta.pk.attname)]
        self.is_plain = _is_plain(self.model)
        self.joined = [
            (_Maker(inner, select, using), inner["local_setter"], inner["remote_setter"])
            for inner in info.get("related_klass_infos", ())
        ]
        # A row that many name is made once, unless it holds who names it.
        self.known: dict[Any, Model] | None = None if info.get("reverse") or info.get("from_parent") else {}

    def make(self, row: list) -> Model:
        """The object of this row, with what is joined to it."""
        if self.is_plain:
            made = self.model.__new__(self.model)
            state = made.__dict__["_state"] = ModelState()
            state.db, state.adding = self.using, False
            made.__dict__.update(zip(self.names, self.take(row), strict=True))
        else:
            values = dict(zip(self.names, self.take(row), strict=True))
            names = [field.attname for field in self.model._meta.concrete_fields if field.attname in values]
            made = self.model.from_db(self.using, names, [values[name] for name in names])
        for maker, set_here, set_there in self.joined:
            other = maker.find(row)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made

    def find(self, row: list) -> Model | None:
        """The joined object of this row; None where the row joins nothing."""
        key = row[self.key]
        if key is None:
            return None
        if self.known is None:
            return self.make(row)
        made = self.known.get(key)
        if made is None:
            made = self.known[key] = self.make(row)
        return made


def _is_plain(model: type[Model]) -> bool:
    """Whether nothing of the model wants to hear of its making."""
    is_heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return not is_heard and model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__


def _converting(compiler: Any, using: str) -> Callable[[tuple], list]:
    """How a row's values become Python's."""
    connection = connections[using]
    quick, slow = [], []
    for position, (functions, expression) in compiler.get_converters([column[0] for column in compiler.select]).items():
        if connection.vendor == "sqlite" and len(functions) == 1 and type(expression.output_field) is DateTimeField:
            quick.append(position)
        else:
            slow += [(position, function, expression) for function in functions]

    def convert(row: tuple) -> list:
        row = list(row)
        for position in quick:
            value = row[position]
            if value is not None:
                # Kept as UTC without saying so.
                value = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
                row[position] = value.replace(tzinfo=dt.UTC)
        for position, function, expression in slow:
            row[position] = function(row[position], expression, connection)
        return row

    return convert
