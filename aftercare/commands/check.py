"""Prove that settings, tables, chain, ledgers and balances hold. The exit status is 0 only when all do."""

import sys
import time
from argparse import ArgumentParser, Namespace

from django.utils.module_loading import autodiscover_modules

from aftercare.config import checks as _config_checks  # noqa: F401  registers the checks of the installation
from aftercare.foundation import checks


def add_arguments(parser: ArgumentParser) -> None:
    """Which checks; all by default."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these checks")
    parser.add_argument("--list", action="store_true", help="only print the names")


def run(options: Namespace) -> int:
    """Run them one after the other, a line for each."""
    autodiscover_modules("checks")
    if options.list:
        print("\n".join(checks.list_names()))
        return 0
    failed = 0
    began = time.perf_counter()
    for name, problems in checks.run_checks(options.names):
        now = time.perf_counter()
        print(f"{'FAILED' if problems else 'ok':7}{name}  ({now - began:.1f} s)", flush=True)
        began = now
        for problem in problems[:50]:
            print(f"       {problem}", file=sys.stderr)
        if len(problems) > 50:
            print(f"       … and {len(problems) - 50} more", file=sys.stderr)
        failed += bool(problems)
    return 1 if failed else 0
