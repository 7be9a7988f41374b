"""Write database, files and keys into one archive while the server runs. Keep it where the keys may be kept."""

import datetime as dt
import tempfile
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from aftercare import __version__
from aftercare.commands import CommandFailed, _archive, _postgres_dump

DATABASE = "database.sqlite3"
MEDIA = "media/"
KEYS = "keys/"
# The heads of the journal's chain come along: those of a later day would call an older database cut. For the same
# reason they are read before the database is.
KEY_FILES = ("secret-key", "journal-key", "journal-heads.log")


def add_arguments(parser: ArgumentParser) -> None:
    """The archive to write."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--no-media", action="store_true", help="leave photos and other files out")


def run(options: Namespace) -> int:
    """Write it; the archive appears under its name only when it is complete."""
    manifest = write(options.file, media=not options.no_media)
    size = options.file.stat().st_size
    (settings.DATA_DIR / "last-backup").touch()  # the worker warns when it grows old
    print(f"{options.file}: {manifest} members, {size / 1e6:.1f} MB, checked")
    return 0


def write(target: Path, *, media: bool = True) -> int:
    """Write the archive, read it back and compare; answer the number of members. Refuses a damaged database."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _archive.writing(target) as archive:
        for name in KEY_FILES:
            if (settings.DATA_DIR / name).exists():
                archive.add_file(KEYS + name, settings.DATA_DIR / name)
        if connection.vendor == "sqlite":
            _add_sqlite(archive, target.parent)
        else:
            _postgres_dump.dump(archive.add)
        if media:
            _add_media(archive)
        archive.finish(
            product=__version__,
            engine=connection.vendor,
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            migrations=sorted(MigrationRecorder(connection).applied_migrations()),
        )
    reader = _archive.Reader(target)
    reader.verify()
    return len(reader.members)


def _add_sqlite(archive: _archive.Writer, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as scratch:
        copy = Path(scratch) / DATABASE
        connection.ensure_connection()
        if connection.in_atomic_block:
            raise CommandFailed("a backup cannot run inside a transaction")
        with connection.cursor() as cursor:
            # One step: a paged copy starts again at every write and never ends under a steady writer.
            cursor.execute("VACUUM INTO %s", [str(copy)])
        require_whole(copy)
        archive.add_file(DATABASE, copy)


def require_whole(database: Path) -> None:
    """Refuse an SQLite file whose pages or references are broken."""
    import sqlite3

    opened = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    try:
        pages = [row[0] for row in opened.execute("PRAGMA integrity_check(5)")]
        orphans = opened.execute("PRAGMA foreign_key_check").fetchmany(5)
    except sqlite3.DatabaseError as error:
        raise CommandFailed(f"the database is damaged: {error}") from error
    finally:
        opened.close()
    if pages != ["ok"]:
        raise CommandFailed(f"the database is damaged: {'; '.join(pages)}")
    if orphans:
        raise CommandFailed(
            f"the database is damaged: rows of {orphans[0][0]} point to missing rows of {orphans[0][2]}"
        )


def _add_media(archive: _archive.Writer) -> None:
    root = Path(settings.MEDIA_ROOT)
    # After the database, so that no row of it speaks of a file that came later. What is being written has no name yet.
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".part"):
        with suppress(FileNotFoundError):  # swept in this moment
            archive.add_file(MEDIA + path.relative_to(root).as_posix(), path)
