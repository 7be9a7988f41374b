"""The heads of the chain, written outside the database, so that a cut of its tail shows (reliability rule 20).

Whoever deletes the newest facts together with their seals leaves a shorter chain that is sound in itself. The file
`journal-heads.log` still names the heads he cut. A line is `seal id, digest`; lines are only ever appended. Copy the
file to another machine to guard against somebody who can write to this one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from aftercare.domain.journal.models import Seal

try:
    import fcntl
except ImportError:  # Windows: one process only, see docs/settings.md
    fcntl = None


def anchor() -> int:
    """Append the heads that are not in the file yet, on disk before it returns; gives back how many."""
    path = _path()
    if path is None:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("ab+") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        last, is_torn = _last_line(file)
        heads = list(Seal.objects.filter(pk__gt=last).order_by("id").values_list("pk", "digest"))
        if heads:
            text = "".join(f"{pk} {digest}\n" for pk, digest in heads)
            file.write(("\n" if is_torn else "").encode() + text.encode())
            file.flush()
            os.fsync(file.fileno())
    if is_new and os.name == "posix":
        _sync_folder(path.parent)
    return len(heads)


def find_cuts() -> list[str]:
    """Heads in the file that the database does not have any more, or has otherwise; in English for operators."""
    path = _path()
    if path is None:
        return []
    newest = Seal.objects.order_by("-id").first()
    if not path.exists():
        return [f"journal: {path.name} is missing, though the chain has seals"] if newest else []
    problems, expected = [], {}
    for pk, digest in _lines(path):
        expected[pk] = digest
        if len(expected) >= 1000:
            problems += _compare(expected)
            expected = {}
    return problems + _compare(expected)


def _compare(expected: dict[int, str]) -> list[str]:
    there = dict(Seal.objects.filter(pk__in=list(expected)).values_list("pk", "digest"))
    problems = []
    for pk, digest in expected.items():
        if pk not in there:
            problems.append(f"journal: seal {pk} was cut off; it stands in the file of heads")
        elif there[pk] != digest:
            problems.append(f"journal: seal {pk} is not the one in the file of heads")
    return problems


def _path() -> Path | None:
    path = getattr(settings, "AFTERCARE_JOURNAL_HEADS", None)
    return Path(path) if path else None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for line in file:
            parsed = _parse(line)
            if parsed is not None:
                yield parsed


def _parse(line: bytes) -> tuple[int, str] | None:
    # A line torn by a power cut is no witness: it was never promised.
    words = line.split()
    if len(words) != 2 or not words[0].isdigit() or len(words[1]) != 64:
        return None
    return int(words[0]), words[1].decode("ascii", "replace")


def _last_line(file) -> tuple[int, bool]:
    """The id in the last whole line (0 when there is none), and whether a torn line follows it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 4096, 0))
    tail = file.read()
    whole = [parsed for parsed in map(_parse, tail.splitlines()[-20:]) if parsed]
    file.seek(0, os.SEEK_END)
    return (max(pk for pk, _digest in whole) if whole else 0), bool(tail) and not tail.endswith(b"\n")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
