"""What happened in the books beyond ordinary bookings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodClosed:
    """Nothing is booked on or before that day any more, for the branch or (None) for all."""

    branch_id: int | None
    closed_to: str


@dataclass(frozen=True)
class EntryReversed:
    """A booking was taken back by its mirror image."""

    entry_id: int
    reversal_id: int
