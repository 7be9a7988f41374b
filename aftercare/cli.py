"""The command `aftercare`: a thin table of commands, each loaded only when called.

A command is a module with `add_arguments(parser)` and `run(options) -> int | None`. Before `run` the data directory is
settled and Django is ready, unless the module says `DJANGO = False`.
"""

import argparse
import os
import sys
from importlib import import_module

# name: (module, one line of help)
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("aftercare.commands.demo", "a believable company in a fresh database, ready to click"),
    "serve": ("aftercare.commands.serve", "serve pages and API, with the worker in the same process"),
    "worker": ("aftercare.commands.worker", "do the queued work in a process of its own"),
    "migrate": ("aftercare.commands.migrate", "bring the database to this version"),
    "import": ("aftercare.commands.import_", "read a register from a file"),
    "export": ("aftercare.commands.export", "write a register into a file"),
    "check": ("aftercare.commands.check", "prove chain, ledgers, balances and settings; status 0 only when all hold"),
    "token": ("aftercare.commands.token", "print a new API token of an employee"),
    "backup": ("aftercare.commands.backup", "write database and files into one archive"),
    "restore": ("aftercare.commands.restore", "read such an archive back"),
    "messages": ("aftercare.commands.messages", "collect and compile translations"),
    "bench": ("aftercare.commands.bench", "measure the speed of one thing"),
    "prove": ("aftercare.commands.prove", "prove a promise by breaking things on purpose"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftercare.config.settings")
    if not argv or argv[0] in {"-h", "--help"}:
        _print_help()
        return 0
    if argv[0] == "--version":
        from aftercare import __version__

        print(f"aftercare {__version__}")
        return 0
    if argv[0] not in COMMANDS:
        print(f"aftercare: no command {argv[0]!r}; `aftercare --help` lists them", file=sys.stderr)
        return 2
    return _run(argv[0], argv[1:])


def _print_help() -> None:
    print("usage: aftercare COMMAND [--data-dir DIR] …\n")
    for name, (_module, line) in COMMANDS.items():
        print(f"  {name:10}{line}")


def _run(name: str, argv: list[str]) -> int:
    module_name, line = COMMANDS[name]
    try:
        command = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        print(f"aftercare: {name} is not part of this version yet", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog=f"aftercare {name}", description=command.__doc__ or line)
    parser.add_argument("--data-dir", metavar="DIR", help="where database and files live (AFTERCARE_DATA_DIR)")
    command.add_arguments(parser)
    options = parser.parse_args(argv)
    if options.data_dir:
        os.environ["AFTERCARE_DATA_DIR"] = options.data_dir
    try:
        if getattr(command, "DJANGO", True):
            import django

            django.setup()
        return command.run(options) or 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_plain(error):
            raise
        print(f"aftercare {name}: {error}", file=sys.stderr)
        return 1


def _is_plain(error: Exception) -> bool:
    """Whether the sentence is enough, and a traceback would only frighten."""
    from aftercare.commands import CommandFailed
    from aftercare.foundation.refusals import Refusal

    return isinstance(error, (CommandFailed, Refusal)) or type(error).__name__ in {"NotDurable", "Held"}
