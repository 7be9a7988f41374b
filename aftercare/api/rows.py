"""What the API answers: typed rows that are declared once and built without validation.

A `Row` class is the schema in the OpenAPI document and also the recipe: each field names the column it comes
from (`From`), who may see it (`Needs`), how it is masked (`Masked`), or the function that makes it (`Made`).
Lists read the columns straight from the database, with no model objects between.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from aftercare.domain.parties import rules as parties
from aftercare.foundation import access, paging
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.rows import find_one, read_by_key, read_children

UNMASK = "parties.unmask"


@dataclass(frozen=True)
class From:
    """The column (with `__` across foreign keys) that the field comes from, when it is not named alike."""

    path: str


@dataclass(frozen=True)
class Needs:
    """The field is null for callers without this permission."""

    permission: str


@dataclass(frozen=True)
class Masked:
    """Personal data: shown in full only to callers whose `parties.unmask` reaches the row."""

    how: Callable[[str], str]


@dataclass(frozen=True)
class Made:
    """The field is made by a function (object, actor); only for single objects, never for lists."""

    by: Callable[[Any, Actor], Any]


PHONE = Masked(parties.mask_phone)
ADDRESS = Masked(parties.mask_address)


@dataclass(frozen=True)
class _Column:
    name: str
    path: str
    needs: str
    mask: Callable[[str], str] | None
    made: Callable | None


class Row(BaseModel):
    """Base of all answers. `branch_column` and `people_columns` say whose permission unmasks personal data."""

    # Answers are built without validation: the schema is all that is asked of them.
    model_config = ConfigDict(defer_build=True)
    branch_column: ClassVar[str] = "branch_id"
    people_columns: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of(cls, subject: Any, actor: Actor) -> dict:
        """The answer for one object (or dict-like row with attributes)."""
        answer = {}
        unmasked = None
        for column in _columns(cls):
            if column.needs and not actor.holds(column.needs):
                answer[column.name] = None
                continue
            value = column.made(subject, actor) if column.made else _reach(subject, column.path)
            if column.mask and value:
                if unmasked is None:
                    unmasked = cls._is_unmasked(lambda path: _reach(subject, path), actor.reach(UNMASK))
                value = value if unmasked else column.mask(value)
            answer[column.name] = value
        return answer

    @classmethod
    def many(cls, subjects: Iterable[Any], actor: Actor) -> list[dict]:
        """The answers for several objects."""
        return [cls.of(subject, actor) for subject in subjects]

    @classmethod
    @cache
    def paths(cls) -> tuple[str, ...]:
        """The columns that a list reads."""
        own = [column.path for column in _columns(cls) if not column.made]
        if any(column.mask for column in _columns(cls)):
            own += [cls.branch_column, *cls.people_columns]
        return tuple(dict.fromkeys(own))

    @classmethod
    @cache
    def crossing(cls) -> tuple[str, ...]:
        """The columns of other tables that a single object's answer needs."""
        return tuple(path for path in cls.paths() if "__" in path)

    @classmethod
    def listed(cls, rows: Iterable[tuple], actor: Actor) -> list[dict]:
        """The answers for named tuples of the columns `paths()`."""
        columns = [column for column in _columns(cls) if not column.made]
        names = [column.name for column in columns]
        at = {path: i for i, path in enumerate(cls.paths())}
        places = [at[column.path] for column in columns]
        straight = places == list(range(len(places)))
        hidden = [column.name for column in columns if column.needs and not actor.holds(column.needs)]
        masks = [(column.name, column.mask) for column in columns if column.mask]
        reach = actor.reach(UNMASK)
        if reach and reach.everywhere:
            masks = []
        answers = []
        for row in rows:
            answer = dict(zip(names, row if straight else [row[i] for i in places], strict=False))
            for name in hidden:
                answer[name] = None
            if masks and not cls._is_unmasked(lambda path, row=row: row[at[path]], reach):
                for name, mask in masks:
                    if answer[name]:
                        answer[name] = mask(answer[name])
            answers.append(answer)
        return answers

    @classmethod
    def _is_unmasked(cls, value_of: Callable[[str], Any], reach: Reach | None) -> bool:
        if reach is None:
            return False
        return (reach.everywhere or value_of(cls.branch_column) in reach.branches
                or any(value_of(path) in reach.people for path in cls.people_columns))


@cache
def _columns(row: type[Row]) -> list[_Column]:
    columns = []
    for name, field in row.model_fields.items():
        notes = {type(note): note for note in field.metadata}
        columns.append(
            _Column(
                name,
                notes[From].path if From in notes else name,
                notes[Needs].permission if Needs in notes else "",
                notes[Masked].how if Masked in notes else None,
                notes[Made].by if Made in notes else None,
            )
        )
    return columns


def _reach(subject: Any, path: str) -> Any:
    if "__" in path:
        joined = getattr(subject, "_joined", None)
        if joined is not None and path in joined:
            return joined[path]
    for part in path.split("__"):
        if subject is None:
            return None
        subject = getattr(subject, part)
    return subject


def one_of(row: type[Row], queryset: QuerySet, actor: Actor, **key: Any) -> Any:
    """The object of that key among the rows the caller may see, with all that its answer needs; two statements."""
    actor.require_anywhere(access.view_permission(queryset.model))
    found = find_one(queryset.filter(**key).order_by().values_list("pk", flat=True))
    subject = None if found is None else _read(row, queryset.model, found)
    if subject is None:
        raise NotFound(_("没有找到"), kind=queryset.model._meta.label_lower, key=str(next(iter(key.values()))))
    return subject


def again(row: type[Row], subject: Any) -> Any:
    """A subject that was just written, with all that its answer needs; the writer may see it even if no longer his."""
    return _read(row, type(subject), subject.pk)


def _read(row: type[Row], model: type, key: int) -> Any:
    found = read_by_key(model, key, row.crossing())
    if found is None:
        return None
    subject, subject._joined = found
    return subject


def children(row: type[Row], model: type, column: str, key: int, actor: Actor) -> list[dict]:
    """The rows that belong to a single object, oldest first; one statement."""
    return row.listed(read_children(model, column, key, row.paths()), actor)


def page_of(row: type[Row], queryset: QuerySet, actor: Actor, *, order: tuple[str, ...], asked) -> dict:
    """One page of a list, `{items, next, previous}`, read in one statement.

    `order` must name its last key, `-id` or `id`, itself. Nothing is counted.
    """
    actor.require_anywhere(access.view_permission(queryset.model))
    paths = tuple(dict.fromkeys((*row.paths(), *(key.lstrip("-") for key in order))))
    rows = queryset.values_list(*paths, named=True)
    found = paging.page(rows, order=order, cursor=asked.cursor or None, size=asked.limit)
    return {"items": row.listed(found.rows, actor), "next": found.next, "previous": found.previous}


def plain(value: Any) -> Any:
    """How a value that JSON does not know is written: instants in UTC with `Z`, decimals as text."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(data: Any) -> str:
    """The JSON text of an answer."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=plain)
