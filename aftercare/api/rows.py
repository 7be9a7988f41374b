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
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from pydantic import BaseModel

from aftercare.foundation import paging
from aftercare.foundation.access import Actor

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
    """Personal data: shown in full only to callers with `parties.unmask`."""

    how: Callable[[str], str]


@dataclass(frozen=True)
class Made:
    """The field is made by a function (object, actor); only for single objects, never for lists."""

    by: Callable[[Any, Actor], Any]


def masked_phone(phone: str) -> str:
    """A telephone number with its middle hidden: `138****0001`."""
    if len(phone) < 7:
        return "*" * len(phone)
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 8 else f"{phone[:2]}****{phone[-2:]}"


def masked_address(address: str) -> str:
    """An address down to the district: what lies after its first six characters is hidden."""
    return address[:6] + "***" if len(address) > 6 else address


PHONE = Masked(masked_phone)
ADDRESS = Masked(masked_address)


@dataclass(frozen=True)
class _Column:
    name: str
    path: str
    needs: str
    mask: Callable[[str], str] | None
    made: Callable | None


class Row(BaseModel):
    """Base of all answers."""

    @classmethod
    def of(cls, subject: Any, actor: Actor) -> dict:
        """The answer for one object (or dict-like row with attributes)."""
        answer = {}
        for column in _columns(cls):
            if column.needs and not actor.holds(column.needs):
                answer[column.name] = None
                continue
            value = column.made(subject, actor) if column.made else _reach(subject, column.path)
            if column.mask and value and not actor.holds(UNMASK):
                value = column.mask(value)
            answer[column.name] = value
        return answer

    @classmethod
    def many(cls, subjects: Iterable[Any], actor: Actor) -> list[dict]:
        """The answers for several objects."""
        return [cls.of(subject, actor) for subject in subjects]

    @classmethod
    def paths(cls) -> tuple[str, ...]:
        """The columns that a list reads."""
        return tuple(column.path for column in _columns(cls) if not column.made)

    @classmethod
    def listed(cls, rows: Iterable[tuple], actor: Actor) -> list[dict]:
        """The answers for tuples of the columns `paths()`."""
        columns = [column for column in _columns(cls) if not column.made]
        names = [column.name for column in columns]
        width = len(names)
        edits = []
        unmasked = actor.holds(UNMASK)
        for column in columns:
            if column.needs and not actor.holds(column.needs):
                edits.append((column.name, lambda value: None))
            elif column.mask and not unmasked:
                edits.append((column.name, column.mask))
        answers = [dict(zip(names, row[:width], strict=True)) for row in rows]
        for answer in answers if edits else ():
            for name, edit in edits:
                if answer[name]:
                    answer[name] = edit(answer[name])
        return answers


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
    for part in path.split("__"):
        if subject is None:
            return None
        subject = getattr(subject, part)
    return subject


def page_of(row: type[Row], queryset: QuerySet, actor: Actor, *, order: tuple[str, ...], cursor: str, limit: int) -> dict:
    """One page of a list, `{items, next, previous}`, read in one statement.

    `order` must name its last key, `-id` or `id`, itself. Nothing is counted.
    """
    extra = tuple(key.lstrip("-") for key in order)
    paths = tuple(dict.fromkeys((*row.paths(), *extra)))
    found = paging.page(queryset.values_list(*paths, named=True), order=order, cursor=cursor or None, size=limit)
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
