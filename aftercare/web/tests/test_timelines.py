"""What was recorded is told in words, never by the code's own names."""

import ast
import re

import pytest

from aftercare.web.pages import timelines
from aftercare.web.pages.timelines import LIFECYCLES
from tests.house import tree

MOVES = [(name, move) for name, lifecycle in LIFECYCLES.items() for move in lifecycle.moves.values()]


def _recorded_verbs() -> set[str]:
    return {
        keyword.value.value
        for path in tree.list_modules()
        for call in tree.walk(path, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "verb" and isinstance(keyword.value, ast.Constant) and "." in str(keyword.value.value)
    }


@pytest.mark.parametrize(("name", "move"), MOVES, ids=[f"{name}.{move.name}" for name, move in MOVES])
def test_a_move_is_told_by_its_label(name, move):
    assert timelines.say(f"{name}.{move.name}") == str(move.label)


def test_every_recorded_verb_has_words():
    wordless = {verb for verb in _recorded_verbs() if not re.search(r"[\u4e00-\u9fff]", timelines.say(verb))}
    assert wordless == set()


def test_a_filter_may_name_a_move_alone():
    assert re.search(r"[\u4e00-\u9fff]", timelines.say("dispatch"))
