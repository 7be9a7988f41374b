"""Chinese in the code is for people, and what is for people goes through gettext."""

import ast
import re
from pathlib import Path

from django.template.base import Lexer, TokenType

from aftercare.commands import _extract
from tests.house import tree

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CHINESE_WORDS = re.compile(r"[\u4e00-\u9fff][^<>{}\"']*")
_CALL = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")

# Folders and files whose Chinese is data, not a text of ours: words that are looked for in what people type or upload, and
# what is written into a company's own tables, where the company edits it.
DATA = (
    "demo",  # a believable company
    "web/gallery",  # sample texts for developers
    "web/templates/gallery",
    "commands/_traditional.py",  # the translation itself
    "commands/import_.py",  # the name of a first head office
    "api/documents.py",  # English, naming a page as it is called on screen
    "commands/token.py",  # what a token of the command line is called
    "domain/parties/rules.py",  # how addresses and telephones are written
    "domain/people/rules/days.py",  # names of holidays in the notice of the State Council
    "domain/people/rules/divisions.py",
    "flows/finding.py",  # work types that are made in the company's catalogue on first use
    "foundation/money.py",  # amounts in capitals, as receipts must show them
    "foundation/tabular/parsing.py",  # how dates and amounts are written in uploaded tables
    "web/calendars/hours.py",
)
WORDS = {"个", "台"}  # the units of a part and of a product that name none


def _is_data(path: Path) -> bool:
    shown = path.relative_to(tree.PACKAGE).as_posix()
    return any(shown == one or shown.startswith(one + "/") for one in DATA)


def find_in_python(path: Path) -> list[str]:
    """The Chinese literals of a file that no gettext call holds, as `file:line text`."""
    module = tree.parse(path)
    names = _extract.names_in(module)
    passed = {id(part) for node in ast.walk(module) for part in _allowed_under(node, names)}
    return [
        f"{tree.shown(path)}:{node.lineno} {node.value[:40]}"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
        if id(node) not in passed and node.value not in WORDS
    ]


def _allowed_under(node: ast.AST, names):
    """The literals below a node that may be Chinese: arguments of gettext, docstrings, and examples in API schemas."""
    if isinstance(node, ast.Call):
        if _extract.name_of(node) in names:
            yield from (arg for arg in node.args if isinstance(arg, ast.Constant))
        for examples in (word.value for word in node.keywords if word.arg in {"example", "examples"}):
            yield from ast.walk(examples)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value


def find_in_template(path: Path) -> list[str]:
    """The Chinese of a template that stands outside of its tags for translation, as `file:line text`."""
    found, held = [], False  # held: between {% blocktrans %} and its end, or in a comment
    for token in Lexer(path.read_text("utf-8")).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type is TokenType.BLOCK else ""
        if word in {"blocktrans", "blocktranslate", "comment"}:
            held = True
        elif word in {"endblocktrans", "endblocktranslate", "endcomment"}:
            held = False
        elif held or word in {"trans", "translate"} or token.token_type is TokenType.COMMENT:
            continue
        elif CHINESE.search(plain := _CALL.sub("", token.contents)):
            found += [f"{tree.shown(path)}:{token.lineno} {text}" for text in CHINESE_WORDS.findall(plain)]
    return found


def find_frozen(path: Path) -> list[str]:
    """Calls of a gettext that translates at once, where the code runs once for all readers."""
    module = tree.parse(path)
    lazy = {"gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy", "gettext_noop"}
    at_once = {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in _extract.CALLS and alias.name not in lazy
    }
    return [f"{tree.shown(path)}:{call.lineno}" for call in _calls_run_once(module, False) if _extract.name_of(call) in at_once]


def _calls_run_once(node: ast.AST, in_function: bool):
    """The calls at module and class level, in defaults and decorators, and in the body of a cached function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and not in_function:
            yield child
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            is_cached = any("cache" in ast.unparse(one) for one in getattr(child, "decorator_list", []))
            body = child.body if isinstance(child.body, list) else [child.body]
            for part in body:
                yield from _calls_run_once(ast.Module([part], []), not is_cached)
            yield from _calls_run_once(child.args, in_function)
        else:
            yield from _calls_run_once(child, in_function)


def test_chinese_in_python_goes_through_gettext():
    assert [line for path in tree.list_modules() if not _is_data(path) for line in find_in_python(path)] == []


def test_chinese_in_templates_goes_through_gettext():
    templates = [path for path in tree.PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt", ".svg"}]
    assert [line for path in templates if not _is_data(path) for line in find_in_template(path)] == []


def test_the_list_of_data_has_no_dead_names():
    assert [name for name in DATA if not (tree.PACKAGE / name).exists()] == []


def test_texts_are_not_frozen_when_a_module_is_loaded():
    """A text translated at import, or kept by a cache, would show one reader's language to all others."""
    assert [line for path in tree.list_modules() for line in find_frozen(path)] == []
