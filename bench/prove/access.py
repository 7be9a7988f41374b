"""Every route asked by the whole cast: nobody is let in where the reviewed table does not say so."""

from __future__ import annotations

import os
import subprocess
import sys


def run(argv: list[str]) -> int:
    """`prove access [--short]`: the short form asks three trades that the test suite does not."""
    # The tests bring settings of their own; the command's would win over them.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment["AFTERCARE_ACCESS"] = "trades" if "--short" in argv else "all"
    return subprocess.call([sys.executable, "-m", "pytest", "tests/access", "-q", "-n", "2"], env=environment)
