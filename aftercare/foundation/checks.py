"""The registry of what `aftercare check` looks at. A room registers its own check beside its queries.

A check reads and never writes; it answers the problems it found as sentences in English for the operator. No problem
is an empty list. A module `checks.py` of any installed app is loaded before the checks run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Check = Callable[[], Iterable[str]]

_checks: dict[str, Check] = {}


def register_check(name: str) -> Callable[[Check], Check]:
    """Decorate a function without arguments that answers a list of problems; names are unique."""

    def decorate(check: Check) -> Check:
        if name in _checks and _checks[name] is not check:
            raise ValueError(f"a check named {name!r} exists already")
        _checks[name] = check
        return check

    return decorate


def list_names() -> list[str]:
    """The names of all registered checks, in order of registration."""
    return list(_checks)


def run_checks(only: Iterable[str] = ()) -> Iterator[tuple[str, list[str]]]:
    """Run them one after the other and yield (name, problems). A check that breaks is itself a problem."""
    wanted = set(only)
    for unknown in wanted - set(_checks):
        yield unknown, [f"there is no check named {unknown!r}"]
    for name, check in _checks.items():
        if wanted and name not in wanted:
            continue
        try:
            yield name, list(check())
        except Exception as error:  # a broken check must not hide the others
            yield name, [f"the check itself failed: {type(error).__name__}: {error}"]
