"""How often a word is used: a statistic that orders the comboboxes, never a reason to wait or to fail."""

from __future__ import annotations

import contextlib
import contextvars
from collections import Counter
from collections.abc import Iterator

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
    rows = type(row)._default_manager
    # No key lock: a full one would hold up whoever inserts a row that points here, and end in a deadlock after all.
    free = rows.select_for_update(skip_locked=True, no_key=True).filter(pk=row.pk)
    with step():
        rows.filter(pk__in=free.values("pk")).update(uses=F("uses") + times)


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
