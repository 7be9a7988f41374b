"""Who uses the data directory: a lock that servers share and that `restore` needs alone."""

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: no advisory locks; the operator is trusted to stop the server first
    fcntl = None

_held: dict[str, int] = {}


class Held(Exception):
    """Another process holds the data directory."""


def hold(data_dir: Path, name: str, *, alone: bool) -> None:
    """Hold a named lock until the process ends; alone means that nobody else may hold it. Refuses with `Held`."""
    if fcntl is None:
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    path = str(data_dir / f"{name}.lock")
    handle = _held.get(path)
    if handle is None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        _held.pop(path, None)
        raise Held(f"another process uses {data_dir}") from error
    _held[path] = handle


def release(data_dir: Path, name: str) -> None:
    """Give a lock back before the process ends."""
    handle = _held.pop(str(data_dir / f"{name}.lock"), None)
    if handle is not None:
        os.close(handle)
