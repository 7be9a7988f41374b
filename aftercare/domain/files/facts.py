"""What happened to a file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileStored:
    """Bytes came in; `sha256` is the sum of what is kept."""

    file_id: int
    name: str
    sha256: str


@dataclass(frozen=True)
class FileBound:
    """The file belongs to that document now."""

    file_id: int
    name: str
    source: str


@dataclass(frozen=True)
class FileDescribed:
    """Caption or kind were changed."""

    file_id: int
    name: str


@dataclass(frozen=True)
class FileRemoved:
    """The file is not shown any more; its bytes go some time later."""

    file_id: int
    name: str
    reason: str
