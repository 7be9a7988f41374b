"""Each lifecycle can be walked, each move can be made, has a label and a permission that exists."""

import re
from importlib import import_module

import pytest

from aftercare.foundation import access
from aftercare.foundation.lifecycle import Lifecycle
from tests.house import tree


def _find_lifecycles() -> list[tuple[str, Lifecycle]]:
    found = []
    for room in tree.list_rooms():
        if (room / "lifecycle.py").exists() or (room / "lifecycle").is_dir():
            module = import_module(f"aftercare.domain.{room.name}.lifecycle")
            found += [(room.name, value) for value in vars(module).values() if isinstance(value, Lifecycle)]
    return found


ALL = _find_lifecycles()
each = pytest.mark.parametrize("room, lifecycle", ALL, ids=[f"{room}-{one.name}" for room, one in ALL])


@each
def test_every_state_can_be_reached(room, lifecycle):
    reached, fresh = set(), {str(lifecycle.initial)}
    while fresh:
        reached |= fresh
        moves = [m for m in lifecycle.moves.values() if m.target is not None and reached & set(map(str, m.sources))]
        fresh = {str(m.target) for m in moves} - reached
    assert {str(value) for value in lifecycle.states.values} - reached == set()


@each
def test_every_state_but_the_last_can_be_left(room, lifecycle):
    left = {str(s) for m in lifecycle.moves.values() if m.target is not None for s in m.sources}
    assert {str(v) for v in lifecycle.states.values} - left - {str(end) for end in lifecycle.ends} == set()


@each
def test_every_move_has_label_and_action(room, lifecycle):
    assert [m.name for m in lifecycle.moves.values() if not str(m.label)] == []
    assert [m.name for m in lifecycle.moves.values() if m.name not in lifecycle.actions] == []


@each
def test_every_move_asks_for_a_declared_permission(room, lifecycle):
    declared = set(access.PERMISSIONS)
    assert {m.permission for m in lifecycle.moves.values()} - declared == set()


@each
def test_the_readme_tells_states_and_moves(room, lifecycle):
    readme = (tree.DOMAIN / room / "README.md").read_text("utf-8")
    words = set(re.findall(r"\w+", readme))
    assert set(lifecycle.moves) - words == set()
    assert {str(value) for value in lifecycle.states.values} - words == set()
