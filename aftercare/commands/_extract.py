"""Find the translatable texts of Python files and templates."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# function name: positions of (context, singular, plural)
CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_IN_TEMPLATE = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\(")


@dataclass(frozen=True, order=True)
class Text:
    """One text to translate."""

    msgid: str
    context: str | None = None
    plural: str | None = None


def collect(package: Path) -> list[Text]:
    """All texts of the package but its tests, each once, in the order of the alphabet."""
    found: set[Text] = set()
    for path in package.rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            found |= set(from_python(path.read_text("utf-8")))
    for path in package.rglob("templates/**/*"):
        if path.suffix in {".html", ".txt", ".svg"}:
            found |= set(from_template(path.read_text("utf-8"), str(path)))
    return sorted(found, key=lambda t: (t.msgid, t.context or "", t.plural or ""))


def from_python(source: str) -> list[Text]:
    """The texts of one Python file."""
    module = ast.parse(source)
    names = names_in(module)
    return [text for node in ast.walk(module) if isinstance(node, ast.Call) if (text := _read(node, names))]


def names_in(module: ast.Module) -> dict[str, tuple]:
    """What a file calls the functions of gettext: their own names, and those under which it imports them."""
    own = {
        alias.asname: CALLS[alias.name]
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and alias.name in CALLS
    }
    return CALLS | own


def from_template(source: str, origin: str) -> list[Text]:
    """The texts of one template."""
    return [text for call in _calls(templatize(source, origin=origin)) if (text := _read(call))]


def _calls(code: str):
    """The calls in what Django makes of a template: not Python as a whole, but each call is."""
    for match in _IN_TEMPLATE.finditer(code):
        end = match.end()
        while (end := code.find(")", end) + 1) > 0:
            try:
                node = ast.parse(code[match.start() : end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(node, ast.Call):
                yield node
            break


def name_of(call: ast.Call) -> str:
    """The last part of the called function's name."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _read(call: ast.Call, names: dict[str, tuple] = CALLS) -> Text | None:
    if (name := name_of(call)) not in names:
        return None
    context, singular, plural = (_word(call, position) for position in names[name])
    return Text(singular, context, plural) if singular else None


def _word(call: ast.Call, position: int | None) -> str | None:
    if position is None or position >= len(call.args):
        return None
    value = call.args[position]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
