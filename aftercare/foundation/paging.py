"""Lists page by key, not by offset, so that page 1000 is no dearer than page 1."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from aftercare.foundation import reading
from aftercare.foundation.refusals import RuleBroken

_SIGNATURE = 9


@dataclass(frozen=True)
class Page:
    """Rows of one page and the cursors to its neighbours (None at an end)."""

    rows: list
    next: str | None
    previous: str | None


def page(queryset: QuerySet, *, order: tuple[str, ...], cursor: str | None = None, size: int = 80) -> Page:
    """One page of `queryset`, ordered by `order` (each column with an optional `-`; `pk` is added as the last key).

    The cursor holds the key of the row at the page's edge, so inserts and deletes elsewhere do not shift rows.
    Columns of `order` must not be null.
    """
    keys = all_keys(order)
    backwards, edge = _decode(cursor, keys) if cursor else (False, None)
    direction = tuple(_flip(k) for k in keys) if backwards else keys
    rows = queryset.order_by(*direction)
    if edge is not None:
        rows = rows.filter(_beyond(direction, edge))
    found = list(reading.for_showing(rows[: size + 1]))
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more if not backwards else True)
    has_previous = bool(found) and (edge is not None if not backwards else more)
    return Page(
        found,
        _encode("n", keys, found[-1]) if has_next else None,
        _encode("p", keys, found[0]) if has_previous else None,
    )


def all_keys(order: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that a page is ordered by: those of `order`, and the primary key where it is not among them."""
    return order if order[-1].lstrip("-") in ("pk", "id") else (*order, "-pk" if order[0].startswith("-") else "pk")


def _flip(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(keys: tuple[str, ...], edge: list) -> Q:
    # (a, b) beyond (x, y): a beyond x, or a = x and b beyond y. The outer bound on the first key lets the
    # planner start in the index at the edge instead of walking from its beginning.
    condition = Q()
    for key, value in reversed(list(zip(keys, edge, strict=True))):
        name, operator = (key[1:], "lt") if key.startswith("-") else (key, "gt")
        step = Q(**{f"{name}__{operator}": value})
        condition = step | (Q(**{name: value}) & condition) if condition else step
    first, value = keys[0], edge[0]
    name, operator = (first[1:], "lte") if first.startswith("-") else (first, "gte")
    return Q(**{f"{name}__{operator}": value}) & condition


def _value(row: Any, key: str) -> Any:
    for part in key.lstrip("-").split("__"):
        row = getattr(row, part)
    return row


def _encode(side: str, keys: tuple[str, ...], row: Any) -> str:
    values = []
    for key in keys:
        value = _value(row, key)
        if isinstance(value, dt.datetime):
            value = {"t": value.isoformat()}
        elif isinstance(value, dt.date):
            value = {"d": value.isoformat()}
        elif isinstance(value, Decimal):
            value = {"n": str(value)}
        values.append(value)
    raw = json.dumps([side, ",".join(keys), *values], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(raw) + raw).decode().rstrip("=")


def _decode(cursor: str, keys: tuple[str, ...]) -> tuple[bool, list]:
    # Signed, so that values of a wrong type never reach the database; the keys tell a cursor of another list.
    try:
        signed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        signature, raw = signed[:_SIGNATURE], signed[_SIGNATURE:]
        if not hmac.compare_digest(signature, _sign(raw)):
            raise ValueError
        side, names, *values = json.loads(raw)
        if names != ",".join(keys):
            raise ValueError
    except ValueError:
        raise RuleBroken(_("翻页标记无效"), code="bad_cursor", field="cursor") from None
    return side == "p", [_revive(v) for v in values]


def _sign(raw: bytes) -> bytes:
    return salted_hmac("aftercare.cursor", raw, algorithm="sha256").digest()[:_SIGNATURE]


def _revive(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    return {"t": dt.datetime.fromisoformat, "d": dt.date.fromisoformat, "n": Decimal}[tag](text)
