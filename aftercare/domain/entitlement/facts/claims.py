"""What happens to claims on suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class AgreementSet:
    """It was agreed what a supplier reimburses."""

    agreement_id: int
    name: str


@dataclass(frozen=True)
class ClaimOpened:
    """Lines were put together into a claim."""

    claim_id: int
    number: str
    lines: int
    amount: Decimal


@dataclass(frozen=True)
class ClaimSent:
    """A claim went to its supplier."""

    claim_id: int
    amount: Decimal


@dataclass(frozen=True)
class ClaimCancelled:
    """A claim was given up before it went out; its lines wait again."""

    claim_id: int
    reason: str


@dataclass(frozen=True)
class ClaimAnswered:
    """The supplier answered lines of a claim."""

    claim_id: int
    lines: int
    accepted: Decimal


@dataclass(frozen=True)
class ClaimReimbursed:
    """The supplier paid."""

    claim_id: int
    amount: Decimal


@dataclass(frozen=True)
class ClaimClosed:
    """Nothing more is expected of a claim."""

    claim_id: int
    reason: str
