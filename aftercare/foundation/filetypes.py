"""What a file really is, told by its content and never by its name; what is not on the list is refused.

Pages and drawings that a browser would run (HTML, SVG, XML) and office files with macros are not on it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True)
class FileType:
    """A kind of file that is taken: its media type, the ending of its name, and whether it is a picture."""

    media_type: str
    ending: str
    is_picture: bool = False


JPEG = FileType("image/jpeg", ".jpg", True)
PNG = FileType("image/png", ".png", True)
WEBP = FileType("image/webp", ".webp", True)
PDF = FileType("application/pdf", ".pdf")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
TEXT = FileType("text/plain", ".txt")
ALLOWED = (JPEG, PNG, WEBP, PDF, XLSX, DOCX, TEXT)

# Entries of an office file that tell what it is; of one with macros, which is refused.
_OFFICE = (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX))
_MACROS = "vbaproject.bin"
_MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<head", "<body")


def find_type(data: bytes) -> FileType | None:
    """The type of these bytes; None when it is none of `ALLOWED`."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return TEXT if _is_text(data) else None


def _office(data: bytes) -> FileType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if "[content_types].xml" not in names or any(name.endswith(_MACROS) for name in names):
        return None
    return next((found for entry, found in _OFFICE if entry in names), None)


def _is_text(data: bytes) -> bool:
    if not data or b"\x00" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not text.lstrip()[:200].lower().startswith(_MARKUP)
    return False
