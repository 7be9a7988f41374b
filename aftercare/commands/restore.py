"""Read an archive of `aftercare backup` back. Stop the server first; a database that is there is kept unless --force."""

import os
import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.conf import settings
from django.db import connection

from aftercare.commands import CommandFailed, _archive, _postgres_dump, backup
from aftercare.config import holding


def add_arguments(parser: ArgumentParser) -> None:
    """The archive to read."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--force", action="store_true", help="put it in place of the database that is there")


def run(options: Namespace) -> int:
    """Verify the whole archive, then put everything in place."""
    count = read(options.file, force=options.force)
    print(f"{options.file}: {count} members restored and checked; now run `aftercare migrate` and `aftercare check`")
    return 0


def read(source: Path, *, force: bool = False) -> int:
    """Restore; answer the number of members. Nothing is touched before every byte was compared."""
    archive = _archive.Reader(source)
    archive.verify()
    engine = archive.manifest["engine"]
    if engine != connection.vendor:
        raise CommandFailed(f"the backup is one of {engine}, AFTERCARE_DATABASE_URL names {connection.vendor}")
    holding.hold(settings.DATA_DIR, "database", alone=True)
    try:
        if engine == "sqlite":
            _restore_sqlite(archive, force=force)
        else:
            _restore_postgres(archive, force=force)
        for name in archive.names(backup.KEYS):
            kept = settings.DATA_DIR / name.removeprefix(backup.KEYS)
            if kept.exists():
                kept.replace(kept.with_name(kept.name + ".before-restore"))
            archive.extract(name, kept)
        _restore_media(archive)
    finally:
        holding.release(settings.DATA_DIR, "database")
    return len(archive.members)


def _restore_sqlite(archive: _archive.Reader, *, force: bool) -> None:
    target = Path(connection.settings_dict["NAME"])
    if target.exists() and target.stat().st_size and not force:
        raise CommandFailed(f"{target} exists; --force puts the backup in its place")
    connection.close()
    part = target.with_name(target.name + ".restoring")
    try:
        archive.extract(backup.DATABASE, part)
        backup.require_whole(part)
        for suffix in ("-wal", "-shm"):  # of the old database: replayed into the new one they would ruin it
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        part.replace(target)
        _sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _restore_postgres(archive: _archive.Reader, *, force: bool) -> None:
    if not _postgres_dump.is_empty():
        if not force:
            raise CommandFailed("the database is not empty; --force throws away what is in it")
        _postgres_dump.make_empty()
    _postgres_dump.load(archive.manifest["migrations"], archive.names(_postgres_dump.PREFIX), archive.pieces)


def _restore_media(archive: _archive.Reader) -> None:
    members = archive.names(backup.MEDIA)
    root = Path(settings.MEDIA_ROOT)
    fresh, old = root.with_name(root.name + ".restoring"), root.with_name(root.name + ".before-restore")
    if not members:
        return
    shutil.rmtree(fresh, ignore_errors=True)
    for name in members:
        archive.extract(name, fresh / name.removeprefix(backup.MEDIA), mode=0o640)
    shutil.rmtree(old, ignore_errors=True)
    if root.exists():
        root.replace(old)
    fresh.replace(root)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
