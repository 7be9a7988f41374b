"""The archive of a backup: a zip with the database, the files, the keys and a manifest of SHA-256 sums.

Behind the zip stands one more sum over the whole of it: a zip has bytes that no reader looks at, and a backup in which
any bit has turned must not be trusted.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from aftercare.commands import CommandFailed

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024
_SEAL = b"\nsha256:"
_SEAL_BYTES = len(_SEAL) + 64


@contextmanager
def writing(target: Path) -> Iterator["Writer"]:
    """Write beside the target and put it in place only when complete and on the disk; readable by its owner only."""
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                yield Writer(archive)
            file.flush()
            file.write(_SEAL + _sum_of(part, part.stat().st_size).encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


class Writer:
    """Adds members and remembers their sums for the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: dict[str, dict] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add one member from pieces of bytes."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self._members[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def add_file(self, name: str, path: Path) -> None:
        """Add one file of the disk; a file that is not there any more leaves no trace of it in the archive."""
        with path.open("rb") as file:
            self.add(name, iter(lambda: file.read(_CHUNK), b""))

    def finish(self, **about) -> None:
        """Write the manifest: what it is, and the sum of every member."""
        manifest = {"format": FORMAT, **about, "members": self._members}
        self._archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


def read_pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _sum_of(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    for piece in read_pieces(path):
        digest.update(piece[:size])
        size -= len(piece[:size])
    return digest.hexdigest()


def _require_seal(path: Path) -> None:
    if not path.is_file():
        raise CommandFailed(f"{path} does not exist")
    size = path.stat().st_size - _SEAL_BYTES
    with path.open("rb") as file:
        file.seek(max(size, 0))
        seal = file.read()
    if size <= 0 or seal != _SEAL + _sum_of(path, size).encode():
        raise CommandFailed(f"{path} is damaged, cut short or no backup: its sum does not fit")


class Reader:
    """An archive whose every byte was compared with the manifest before anything is taken from it."""

    def __init__(self, path: Path) -> None:
        _require_seal(path)
        try:
            self._archive = zipfile.ZipFile(path)
            self.manifest = json.loads(self._archive.read(MANIFEST))
            self.members: dict[str, dict] = self.manifest["members"]
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise CommandFailed(f"{path} is damaged or no backup: {error}") from error
        if self.manifest.get("format") != FORMAT:
            raise CommandFailed(f"{path} has format {self.manifest.get('format')}; this version reads {FORMAT}")
        self._path = path

    def verify(self) -> None:
        """Refuse an archive in which one byte differs, a member is missing, or one is there that was never put in."""
        there = {name for name in self._archive.namelist() if name != MANIFEST}
        if there != set(self.members):
            strange = ", ".join(sorted(there ^ set(self.members))[:5])
            raise CommandFailed(f"{self._path} is damaged: these members do not fit its manifest: {strange}")
        for name, told in self.members.items():
            if ".." in PurePosixPath(name).parts or name.startswith("/"):
                raise CommandFailed(f"{self._path} is damaged: {name} points outside")
            digest = hashlib.sha256()
            try:
                for piece in self.pieces(name):
                    digest.update(piece)
            except Exception as error:  # zlib, CRC and I/O errors alike mean: damaged
                raise CommandFailed(f"{self._path} is damaged at {name}: {error}") from error
            if digest.hexdigest() != told["sha256"]:
                raise CommandFailed(f"{self._path} is damaged: {name} has another sum than when it was written")

    def names(self, prefix: str) -> list[str]:
        """The members under a folder."""
        return [name for name in self.members if name.startswith(prefix)]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of one member, a piece at a time."""
        with self._archive.open(name) as member:
            while piece := member.read(_CHUNK):
                yield piece

    def extract(self, name: str, target: Path, *, mode: int = 0o600) -> None:
        """Write one member to the disk, synced."""
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as file:
            for piece in self.pieces(name):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
