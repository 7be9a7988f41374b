"""A migrated database, made once for each state of the migrations and copied for every run and worker.

Applying all migrations takes seconds of pure computing; copying the file takes none.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_KEPT_SECONDS = 24 * 3600
_PACKAGES = ("Django", "django-allauth")


def copy_sqlite(target: Path) -> None:
    """Put a migrated SQLite database there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_sqlite(), target)


def migrate(**settings: str) -> None:
    """Apply all migrations with the product's own settings, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AFTERCARE_")}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "aftercare.config.settings", **settings}
    command = [sys.executable, "-m", "aftercare", "migrate"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _sqlite() -> Path:
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"aftercare-templates-{owner}"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"{_fingerprint()}.sqlite3"
    with _one_at_a_time(kept.with_suffix(".lock")):
        if not kept.exists():
            _forget_old(folder)
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                migrate(AFTERCARE_DATA_DIR=scratch)
                (Path(scratch) / "aftercare.sqlite3").replace(kept)
    return kept


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # workers may then each make it, which is slow and not wrong
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _forget_old(folder: Path) -> None:
    for old in folder.glob("*.*"):
        if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
            old.unlink(missing_ok=True)


def _fingerprint() -> str:
    """Changes with every migration, with the operations they use, and with the packages that bring their own."""
    digest = hashlib.sha256("".join(version(name) for name in _PACKAGES).encode())
    for path in sorted((ROOT / "aftercare").rglob("*.py")):
        if "migrations" in path.parts or path.parent.name == "foundation" or path.name == "settings.py":
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]
