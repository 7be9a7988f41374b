"""A file fits into the head, a function onto the screen, and a name says what is inside."""

import ast

from tests.house import tree

FILE_LINES, FUNCTION_LINES = 400, 60
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "core", "base"}
# `base.py` is the name by which Django looks for a database back end.
NAMED_BY_OTHERS = {"aftercare/config/postgres/base.py", "aftercare/config/sqlite/base.py"}


def test_files_stay_short():
    lengths = {tree.shown(p): len(p.read_text("utf-8").splitlines()) for p in tree.list_modules(tests=True)}
    assert {name: n for name, n in lengths.items() if n > FILE_LINES} == {}


def test_functions_stay_short():
    long = {
        f"{tree.shown(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in tree.list_modules(tests=True)
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for node in tree.walk(path, kind)
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def test_no_module_has_an_empty_name():
    found = {tree.shown(p) for p in tree.list_modules(tests=True) if EMPTY_NAMES & {p.stem, p.parent.name}}
    assert {name for name in found - NAMED_BY_OTHERS if not name.endswith("foundation/__init__.py")} == set()
