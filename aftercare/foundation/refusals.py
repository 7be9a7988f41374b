"""The four kinds of refusal. A refusal is loud, coded, in the user's words, and changes nothing.

Doors translate them: page banner or toast, API problem document, CLI message, import error row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Refusal(Exception):
    """Base of all refusals.

    `code` is stable and meant for programs; `message` is for people, in their language;
    `field` names the input to blame, if one is; `params` are the values the message speaks of.
    """

    status = 400
    default_code = "refused"

    def __init__(self, message: Any, *, code: str | None = None, field: str | None = None, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refusal):
    """There is no such row, or it is outside what the actor may see (the two are told alike)."""

    status = 404
    default_code = "not_found"


class NotAllowed(Refusal):
    """The actor sees the row but holds no grant for this move."""

    status = 403
    default_code = "not_allowed"


class WrongState(Refusal):
    """The row is not in a state from which this move is legal; the loser of a race gets this too."""

    status = 409
    default_code = "wrong_state"


class Stale(WrongState):
    """The caller's version of the row is not the newest one."""

    status = 412
    default_code = "stale_version"


class RuleBroken(Refusal):
    """The input breaks a business rule."""

    status = 422
    default_code = "rule_broken"


class Invalid(RuleBroken):
    """Several fields are wrong at once; `errors` maps a field to its message."""

    default_code = "invalid"

    def __init__(self, errors: dict[str, Any], message: Any | None = None, *, code: str | None = None) -> None:
        first_field, first = next(iter(errors.items()))
        super().__init__(message or first, code=code, field=first_field)
        self.errors = errors


@contextmanager
def at_line(index: int) -> Iterator[None]:
    """Say of which line of a paper a refusal speaks: its field `qty` becomes `lines.3.qty` (counted from 0)."""
    try:
        yield
    except RuleBroken as refused:
        if refused.field and "." not in refused.field and not isinstance(refused, Invalid):
            refused.field = f"lines.{index}.{refused.field}"
        raise
