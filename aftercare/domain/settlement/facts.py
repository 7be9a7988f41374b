"""What happens in this room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccrualBooked:
    """A reward or a penalty was booked by hand."""

    employee_id: int
    month: str
    kind: str
    amount: str
    reason: str


@dataclass(frozen=True)
class StatementAppealed:
    """The engineer does not agree with his month."""

    statement_id: int
    reason: str


@dataclass(frozen=True)
class StatementLocked:
    """A month was reviewed and can't be changed any more."""

    statement_id: int
    employee_id: int
    month: str
    commission_amount: str
    deduction_amount: str
    total_amount: str
    last_accrual: int
