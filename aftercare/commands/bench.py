"""Measure the speed of one thing. The benchmarks live in `bench/` of the project's sources."""

import sys
from argparse import REMAINDER, ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path

from aftercare.commands import CommandFailed

DJANGO = False  # each benchmark chooses its own database first
FOLDER, PACKAGE = "bench", "bench"
ROOT = Path(__file__).resolve().parent.parent.parent


def add_arguments(parser: ArgumentParser) -> None:
    """A name, and whatever that benchmark takes."""
    parser.add_argument("rest", nargs=REMAINDER, metavar="NAME …")


def run(options: Namespace) -> int:
    """Run `bench/NAME.py`'s `run(argv)`; without a name, list them."""
    names = list_names(FOLDER)
    if not options.rest:
        print("\n".join(names) or "no benchmarks yet")
        return 0
    return run_one(PACKAGE, names, options.rest[0], options.rest[1:])


def list_names(folder: str) -> list[str]:
    """The modules of a folder of the sources, by name."""
    return sorted(path.stem for path in (ROOT / folder).glob("*.py") if not path.stem.startswith("_"))


def run_one(package: str, names: list[str], name: str, argv: list[str]) -> int:
    """Load one module of the sources and run it."""
    if name not in names:
        raise CommandFailed(f"there is no {name!r} in {package}; there are: {', '.join(names) or 'none yet'}")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return import_module(f"{package}.{name}").run(argv) or 0
