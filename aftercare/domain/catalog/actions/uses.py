"""How often a word is used: a statistic that orders the comboboxes, never a reason to wait or to fail."""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections import Counter
from collections.abc import Iterator

from django.db import connections, router
from django.db.models import Case, F, Value, When

from aftercare.foundation.transactions import step

_gathered: contextvars.ContextVar[Counter | None] = contextvars.ContextVar("gathered_uses", default=None)
_CHUNK = 200


def count_use(row, times: int = 1) -> None:
    """Raise the row's `uses`. A row that another transaction holds is left out rather than waited for.

    Popular words are used by everybody at once: waiting for their rows would put all registrations in one queue, and
    in varying order would end in a deadlock. A use not counted moves nothing but the order of suggestions.
    """
    gathered = _gathered.get()
    if gathered is not None:
        gathered[type(row), row.pk] += times
        return
    using = router.db_for_write(type(row))
    with step(), connections[using].cursor() as cursor:
        cursor.execute(_raising(type(row), using), [times, row.pk])


@functools.cache
def _raising(model: type, using: str) -> str:
    features, quote = connections[using].features, connections[using].ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    if not features.has_select_for_update_skip_locked:
        return f"UPDATE {table} SET uses = uses + %s WHERE {key} = %s"  # one writer: he holds all rows or none
    # No key lock: a full one would hold up whoever inserts a row that points here, and end in a deadlock after all.
    free = f"SELECT {key} FROM {table} WHERE {key} = %s FOR NO KEY UPDATE SKIP LOCKED"
    return f"UPDATE {table} SET uses = uses + %s WHERE {key} IN ({free})"


@contextlib.contextmanager
def gathered_uses() -> Iterator[None]:
    """Inside it uses are counted in memory and written in few statements at its end: for imports."""
    if _gathered.get() is not None:
        yield
        return
    counter: Counter = Counter()
    token = _gathered.set(counter)
    try:
        yield
        _write(counter)
    finally:
        _gathered.reset(token)


def _write(counter: Counter) -> None:
    models: dict[type, list[tuple[int, int]]] = {}
    for (model, pk), times in sorted(counter.items(), key=lambda item: (item[0][0].__name__, item[0][1])):
        models.setdefault(model, []).append((pk, times))
    for model, counts in models.items():
        for start in range(0, len(counts), _CHUNK):
            chunk = counts[start : start + _CHUNK]
            more = Case(*(When(pk=pk, then=Value(times)) for pk, times in chunk), default=Value(0))
            model._default_manager.filter(pk__in=[pk for pk, _t in chunk]).update(uses=F("uses") + more)
