"""What the house tests look at: the product's own files."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "aftercare"
DOMAIN = PACKAGE / "domain"
_SKIPPED = {"migrations", "tests", "__pycache__"}


def list_modules(*, tests: bool = False) -> list[Path]:
    """The Python files of the product, without migrations, and without tests unless asked for."""
    skipped = _SKIPPED - ({"tests"} if tests else set())
    return sorted(path for path in PACKAGE.rglob("*.py") if not skipped & set(path.relative_to(PACKAGE).parts))


def list_rooms() -> list[Path]:
    """The folders of the domain's rooms that are built."""
    return sorted(path.parent for path in [*DOMAIN.glob("*/models.py"), *DOMAIN.glob("*/models")])


def list_tracked() -> list[Path]:
    """Every file of the repository; every file of the folder where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        names = listed.stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if not {".venv", ".git", ".data"} & set(p.parts)]
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def walk(path: Path, kind: type) -> Iterator:
    """The nodes of a kind in a file."""
    return (node for found, nodes in _nodes(path).items() if issubclass(found, kind) for node in nodes)


@cache
def _nodes(path: Path) -> dict[type, list[ast.AST]]:
    # Walked once: half a dozen tests look at every file of the product.
    found: dict[type, list[ast.AST]] = {}
    for node in ast.walk(parse(path)):
        found.setdefault(type(node), []).append(node)
    return found


def shown(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()
