"""What happens in this room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallbackScheduled:
    """A customer is to be called back."""

    callback_id: int
    source_kind: str
    source_id: int
    cycle: int


@dataclass(frozen=True)
class CallbackAnswered:
    """The customer rated the service; `is_dissatisfied` opens a complaint."""

    callback_id: int
    source_kind: str
    source_id: int
    customer_id: int
    scores: dict
    is_dissatisfied: bool


@dataclass(frozen=True)
class CallbackClosed:
    """It ended without an answer: not reached, or cancelled."""

    callback_id: int
    status: str
