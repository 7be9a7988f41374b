"""The command `aftercare`: a thin table of commands, each loaded only when called."""

import os
import sys
from importlib import import_module

# name: (module with a function `run(argv) -> int | None`, one line of help)
COMMANDS: dict[str, tuple[str, str]] = {}


def main(argv: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftercare.config.settings")
    if not argv or argv[0] in {"-h", "--help"}:
        for name, (_module, line) in COMMANDS.items():
            print(f"  {name:10} {line}")
        return 0
    if argv[0] not in COMMANDS:
        print(f"aftercare: no command {argv[0]!r}; `aftercare --help` lists them", file=sys.stderr)
        return 2
    return import_module(COMMANDS[argv[0]][0]).run(argv[1:]) or 0
