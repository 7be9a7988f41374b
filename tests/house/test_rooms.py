"""A room is entered by its doors, tells what it is for, and knows no neighbour's furniture."""

import ast
import re

import pytest

from tests.house import tree

DOORS = {"actions", "queries", "facts", "rules"}
# the journal's further doors: the queue and the chain are used by the worker
FURTHER_DOORS = {"journal": {"delivering", "sealing"}}
README_LINES = range(20, 65)


def _imports(path):
    """The dotted names that a file imports."""
    for node in tree.walk(path, ast.ImportFrom):
        if node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for node in tree.walk(path, ast.Import):
        yield from (alias.name for alias in node.names)


def _own_room(path) -> str:
    parts = path.relative_to(tree.PACKAGE).parts
    return parts[1] if parts[0] == "domain" and len(parts) > 2 else ""


def test_rooms_are_entered_by_their_doors():
    wrong = []
    for path in tree.list_modules():
        for name in _imports(path):
            parts = name.split(".")
            if parts[:2] != ["aftercare", "domain"] or len(parts) < 4 or parts[2] == _own_room(path):
                continue
            if parts[3] not in DOORS | FURTHER_DOORS.get(parts[2], set()) | _granted(path):
                wrong.append(f"{tree.shown(path)} imports {name}")
    assert wrong == []


def _granted(path) -> set[str]:
    """Doors draw buttons and ask for permissions, so that they may read lifecycles and access; rooms may not."""
    return set() if _own_room(path) else {"lifecycle", "access"}


def test_modules_are_imported_and_not_their_functions():
    wrong = [
        f"{tree.shown(path)} imports {name}"
        for path in tree.list_modules()
        for name in _imports(path)
        if re.fullmatch(r"aftercare\.domain\.\w+\.(actions|queries)\.\w+", name)
        and name.split(".")[2] != _own_room(path)
    ]
    assert wrong == []


def test_no_signals():
    wrong = [
        f"{tree.shown(path)} imports {name}"
        for path in tree.list_modules()
        for name in _imports(path)
        if "signals" in name.split(".") and path.is_relative_to(tree.DOMAIN)
    ]
    assert wrong == []


@pytest.mark.parametrize("room", tree.list_rooms(), ids=lambda r: r.name)
def test_every_room_says_what_it_is_for(room):
    readme = room / "README.md"
    assert readme.exists(), "a README.md: what for, nouns, state table, invariants"
    assert len(readme.read_text("utf-8").splitlines()) in README_LINES


@pytest.mark.parametrize("room", tree.list_rooms(), ids=lambda r: r.name)
def test_every_room_has_tests(room):
    assert list((room / "tests").rglob("test_*.py"))
