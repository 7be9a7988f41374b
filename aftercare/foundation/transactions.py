"""One transaction for a whole journey, without a savepoint for each of its steps."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator

from django.db import transaction

_joined: contextvars.ContextVar[bool] = contextvars.ContextVar("joined_transaction", default=False)


@contextlib.contextmanager
def whole() -> Iterator[None]:
    """All or nothing: what is done inside is one step of the caller's transaction, or a transaction of its own.

    The steps inside set no savepoints of their own. So a refusal of a step may not be swallowed and gone on from,
    unless the step stands in a `transaction.atomic()` of its own.
    """
    with step():
        token = _joined.set(True)
        try:
            yield
        finally:
            _joined.reset(token)


def step():
    """A transaction for one write: inside `whole()` it joins it, elsewhere it can be rolled back by itself."""
    return transaction.atomic(savepoint=not _joined.get())
