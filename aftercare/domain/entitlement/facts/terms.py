"""What happens to warranty terms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TermCreated:
    """A warranty term was set."""

    term_id: int
    name: str
