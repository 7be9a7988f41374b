"""Bytes on the disk under random names, outside of what any web server hands out.

A blob is written whole, synced, and only then appears under its name; it is never written again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"[0-9a-f]{32}")
_PIECE = 1024 * 1024


def new_name() -> str:
    """A name that nobody can guess: 128 bits of chance."""
    return secrets.token_hex(16)


def root() -> Path:
    """The folder of all blobs."""
    return Path(settings.MEDIA_ROOT) / "files"


def path_of(name: str, ending: str = "") -> Path:
    """Where the blob of that name lies; refuses anything that is no such name."""
    if not _NAME.fullmatch(name):
        raise ValueError("no name of a blob")
    return root() / name[:2] / f"{name}{ending}"


def put(name: str, data: bytes, ending: str = "") -> None:
    """Write the bytes; they are on the disk when this returns."""
    target = path_of(name, ending)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def drop(name: str, *endings: str) -> None:
    """Take the bytes away; nothing happens when they are gone."""
    for ending in ("", *endings):
        path_of(name, ending).unlink(missing_ok=True)


def digest(name: str) -> str | None:
    """SHA-256 of what lies there; None when nothing does."""
    try:
        with path_of(name).open("rb") as file:
            found = hashlib.sha256()
            while piece := file.read(_PIECE):
                found.update(piece)
    except FileNotFoundError:
        return None
    return found.hexdigest()


def list_names(*, older_than: float | None = None) -> Iterator[str]:
    """Names of the blobs; with `older_than` of those whose file is older than so many seconds."""
    until = None if older_than is None else time.time() - older_than
    for path in root().glob("??/*"):
        if _NAME.fullmatch(path.name) and (until is None or path.stat().st_mtime <= until):
            yield path.name


def free_bytes() -> int:
    """Room left on the disk."""
    place = root()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
