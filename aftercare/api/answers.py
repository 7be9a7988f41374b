"""What a route gives back."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    """Data, and for rows their version (`ETag`) and further headers (`Location`)."""

    data: Any
    status: int = 200
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
