"""What one page asks for twice (a count behind a tab and behind an entry of the navigation) is read once.

Only while a page is read: a request that writes always looks anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("once", default=None)


@contextmanager
def during(request: HttpRequest) -> Iterator[None]:
    """Answers are kept until this request is answered, when it only reads."""
    token = _kept.set({} if request.method in ("GET", "HEAD") else None)
    try:
        yield
    finally:
        _kept.reset(token)


def ask(key: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` gives; the second time under the same key what it gave the first time."""
    kept = _kept.get()
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    return kept[key]
