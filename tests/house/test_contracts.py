"""The import contracts hold: the floors of the house (see pyproject.toml)."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.house import tree


def test_contracts_are_kept(tmp_path):
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert tool, "import-linter belongs to the test environment"
    answer = subprocess.run([tool, "--cache-dir", str(tmp_path)], cwd=tree.ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout[-3000:]
