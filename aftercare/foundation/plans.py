"""Queries put together once for each shape: what `statements` does for columns that equal a value, for any query.

Django puts a query together anew each time, which costs several times what SQLite takes to answer a small one. A journey
asks the same twenty questions for every document; here each is put together once in a process, with marks in the place of
its values, and only the values change from then on.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators

# A list longer than this takes Django's ordinary way: its own work is little for each row by then.
_LONGEST = 8
# Values that stand for others while a query is put together; nothing real is so.
_INT, _TEXT, _DAY, _MOMENT = 2_147_400_000, "\ue000", dt.date(1, 1, 1), dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


class Plan(NamedTuple):
    """A query put together: its text, its values with the places of those that change, how its rows are read."""

    using: str
    sql: str
    params: tuple
    spots: tuple[tuple[int, int, int], ...]  # position among the values, which argument, which of its items
    converters: dict
    make: Callable[[list], Any]


def rows(build: Callable[..., QuerySet], *given) -> list:
    """`list(build(*given))`, put together once for each shape of what is given.

    `build` is a function of a module; it may use what it is given as values of conditions only, never to choose between
    queries: whole numbers, texts, days, moments, and lists of whole numbers or of texts. None, True and False belong to the shape.
    """
    given = tuple(tuple(one) if isinstance(one, (list, set, frozenset, tuple)) else one for one in given)
    shape = tuple(_shape(one) for one in given)
    plan = _plan(build, shape) if None not in shape else None
    if plan is None:
        return list(build(*given))
    connection = connections[plan.using]
    params = list(plan.params)
    for position, argument, item in plan.spots:
        params[position] = _adapted(given[argument] if item < 0 else given[argument][item], connection)
    with connection.cursor() as cursor:
        cursor.execute(plan.sql, params)
        found = cursor.fetchall()
    if plan.converters:
        found = [_converted(row, plan.converters, connection) for row in found]
    return [plan.make(row) for row in found]


def _converted(row: Iterable, converters: dict, connection) -> list:
    row = list(row)
    for index, (functions, expression) in converters.items():
        for convert in functions:
            row[index] = convert(row[index], expression, connection)
    return row


def _shape(value: Any) -> tuple | None:
    """What of a value decides how the query is put together; None for what can't be kept."""
    if value is None or isinstance(value, bool):
        return "fixed", value
    if isinstance(value, tuple):
        if len(value) > _LONGEST:
            return None
        if all(type(one) is int for one in value):
            return "list", len(value)
        return ("texts", len(value)) if all(type(one) is str for one in value) else None
    kinds = {int: "int", str: "text", dt.date: "day", dt.datetime: "moment"}
    return (kinds[type(value)],) if type(value) in kinds else None


def _mark(shape: tuple, argument: int):
    """The marks of an argument: what the query is put together with, and each mark with the place it came from."""
    kind = shape[0]
    if kind == "fixed":
        return shape[1], []
    if kind == "list":
        marks = tuple(_INT + argument * 100 + item for item in range(shape[1]))
        return marks, [(mark, argument, item) for item, mark in enumerate(marks)]
    if kind == "texts":
        marks = tuple(f"{_TEXT}{argument}.{item}" for item in range(shape[1]))
        return marks, [(mark, argument, item) for item, mark in enumerate(marks)]
    mark = {"int": _INT + argument * 100, "text": f"{_TEXT}{argument}", "day": _DAY + dt.timedelta(argument),
            "moment": _MOMENT + dt.timedelta(argument)}[kind]
    return mark, [(mark, argument, -1)]


@functools.lru_cache(maxsize=1024)
def _plan(build: Callable[..., QuerySet], shape: tuple) -> Plan | None:
    marked = [_mark(one, index) for index, one in enumerate(shape)]
    found = build(*(mark for mark, _places in marked))
    compiler = found.query.get_compiler(found.db)
    connection = connections[found.db]
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None  # an empty list: Django answers without asking
    places = {_adapted(mark, connection): (argument, item) for _mark, of in marked for mark, argument, item in of}
    spots = tuple(
        (position, *places[value]) for position, value in enumerate(params) if isinstance(value, (int, str, dt.date)) and value in places
    )
    if {spot[1:] for spot in spots} != set(places.values()):
        raise ValueError(f"{build.__qualname__}: a value does not stand among the query's values as it was given")
    make = _maker(found, compiler)
    columns = [column[0] for column in compiler.select]
    return None if make is None else Plan(found.db, sql, tuple(params), spots, compiler.get_converters(columns), make)


def _adapted(value, connection):
    """A value as the columns' own fields hand it to the database."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value


def _maker(found: QuerySet, compiler) -> Callable[[list], Any] | None:
    """How a row of the answer becomes what the query set would give."""
    if found._prefetch_related_lookups or found.query.annotation_select or found.query.extra_select:
        return None
    if found._iterable_class is ValuesListIterable:
        return tuple
    if found._iterable_class is FlatValuesListIterable:
        return lambda row: row[0]
    if found._iterable_class is not ModelIterable:
        return None
    model, using, info = found.model, found.db, compiler.klass_info
    fields = info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    attributes = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(info, compiler.select, using)

    def make(row: list) -> Any:
        one = model.from_db(using, attributes, row[start:end])
        for populator in populators:
            populator.populate(row, one)
        return one

    return make
