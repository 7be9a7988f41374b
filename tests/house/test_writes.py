"""A change is a verb: rows are written in `actions` and in the foundation, nowhere else."""

import ast
from pathlib import Path

from tests.house import tree

_ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "asave", "adelete", "aupdate"}
_ON_ROWS = {"create", "update", "delete", "save"}
_MANAGERS = {"objects", "_default_manager", "_base_manager"}
_QUERIES = {"filter", "exclude", "all", "visible", "select_for_update", "get"}

# file: why it writes outside of actions. Reviewed; an entry without a write fails too.
ALLOWED = {
    "aftercare/domain/journal/delivering.py": "leases of the queue: conditional updates, not business facts",
    "aftercare/domain/journal/sealing.py": "the chain over the facts: written by the worker, about nothing but facts",
}


def _is_home_of_writes(path: Path) -> bool:
    parts = path.relative_to(tree.PACKAGE).parts
    return parts[0] == "foundation" or parts[-1] == "actions.py" or "actions" in parts


def _chain(node: ast.AST) -> set[str]:
    """The names along `Model.objects.filter(…).update`."""
    names = set()
    while True:
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return names | ({node.id} if isinstance(node, ast.Name) else set())


def is_write(call: ast.Call) -> bool:
    """Whether this call writes rows, as far as its looks tell."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, chain = call.func.attr, _chain(call.func.value)
    if name in _ALWAYS:
        return True
    if name not in _ON_ROWS:
        return False
    if chain & (_MANAGERS | _QUERIES):
        return not (name == "save" and not chain & _MANAGERS and call.args)
    if name == "update":
        return bool(call.keywords) and not call.args and not {"digest", "headers"} & chain
    if name == "save":
        return not call.args  # `image.save(file)` and `form.save(path)` write no row
    return name == "delete" and not call.args


def find_writes(path: Path) -> list[str]:
    """Where a file writes."""
    return [f"{tree.shown(path)}:{c.lineno} .{c.func.attr}(" for c in tree.walk(path, ast.Call) if is_write(c)]


def test_writes_stand_in_actions_and_foundation_only():
    found = {tree.shown(p): find_writes(p) for p in tree.list_modules() if not _is_home_of_writes(p)}
    writing = {name: where for name, where in found.items() if where}
    assert {name: where for name, where in writing.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) - set(writing) == set(), "these no longer write: take them off the list"


def test_the_finder_finds():
    def find(code: str) -> bool:
        return is_write(ast.parse(code, mode="eval").body)

    assert find("Order.objects.create(a=1)")
    assert find("Order.objects.filter(a=1).update(b=2)")
    assert find("order.save()") and find("order.save(update_fields=['a'])")
    assert find("order.delete()") and find("rows.update(state=1)") and find("Order.objects.bulk_create(rows)")
    assert not find("seen.update(other)") and not find("digest.update(b'x')") and not find("image.save(path, 'PNG')")
    assert not find("cache.create_key()")
