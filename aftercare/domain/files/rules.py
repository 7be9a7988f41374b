"""Pure rules of files."""

from __future__ import annotations

import re
import unicodedata

MAX_BYTES = 20 * 1024 * 1024  # one file
MAX_OF_SOURCE = 60  # files of one document
MAX_LOOSE = 40  # files that one person handed in and bound to nothing yet
MIN_FREE = 300 * 1024 * 1024  # room on the disk that uploads leave to the database
# Kinds that are shown as evidence of a thing's state; a badge needs a portrait.
KINDS = ("appearance", "fault", "nameplate", "result", "paper", "portrait", "other")

_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


def cleaned_name(name: str, ending: str) -> str:
    """The name a file is shown and handed out under: no path, no signs that turn text round, the ending of its content."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    last = _UNFIT.sub("", last).strip(" .")
    stem, dot, given = last.rpartition(".")
    same = given.lower() in _SAME.get(ending, {ending.removeprefix(".")})
    kept = (stem if dot and (same or 1 <= len(given) <= 5) else last).strip(" .")
    return f"{(kept or 'file')[: 120 - len(ending)]}{ending}"


_SAME = {".jpg": {"jpg", "jpeg"}}


def what_forbids(*, size: int, there: int, limit: int, free: int) -> str | None:
    """The code of the limit that another file would break, or None. Sizes in bytes."""
    if size == 0:
        return "file_empty"
    if size > MAX_BYTES:
        return "file_too_large"
    if there >= limit:
        return "too_many_files"
    if free - size < MIN_FREE:
        return "disk_full"
    return None
