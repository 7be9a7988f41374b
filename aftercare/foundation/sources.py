"""A document from elsewhere, told by kind, id and number, never by an import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """The document because of which something is booked: `Source("work.workorder", 17, "WO261122000017")`."""

    kind: str
    id: int
    number: str

    @classmethod
    def of(cls, subject) -> Source:
        """The source that a `Subject` is for others."""
        return cls(subject.kind, subject.pk, subject.number_shown)
