"""What happens to service contracts, their instalments, visits and quotas."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ContractDrafted:
    """A contract was written down; it promises nothing yet."""

    contract_id: int
    number: str


@dataclass(frozen=True)
class ContractChanged:
    """What a contract says was changed: its words, coverage, instalments or plans."""

    contract_id: int
    what: str


@dataclass(frozen=True)
class ContractActivated:
    """A contract was signed and holds from its first day."""

    contract_id: int
    starts_on: dt.date
    ends_on: dt.date
    price: Decimal


@dataclass(frozen=True)
class ContractWithdrawn:
    """A draft came to nothing."""

    contract_id: int
    reason: str


@dataclass(frozen=True)
class ContractSuspended:
    """A contract stands still from that day on."""

    contract_id: int
    from_on: dt.date
    reason: str


@dataclass(frozen=True)
class ContractResumed:
    """A contract runs again; its end was put off by the days it stood still."""

    contract_id: int
    days: int
    ends_on: dt.date


@dataclass(frozen=True)
class ContractEnded:
    """A contract was ended before its time; what is not earned is not owed."""

    contract_id: int
    last_on: dt.date
    earned: Decimal
    reason: str


@dataclass(frozen=True)
class ContractExpired:
    """A contract came to its end."""

    contract_id: int
    is_renewed: bool


@dataclass(frozen=True)
class ContractRenewed:
    """A contract goes on in another one from the day after its end."""

    contract_id: int
    renewal_id: int
    number: str
    starts_on: dt.date


@dataclass(frozen=True)
class InstalmentChanged:
    """An instalment was billed, cut or dropped."""

    instalment_id: int
    contract_id: int
    amount: Decimal


@dataclass(frozen=True)
class VisitsPlanned:
    """The plan of a contract made visits, or moved some because the calendar changed."""

    contract_id: int
    made: int
    moved: int


@dataclass(frozen=True)
class VisitChanged:
    """A planned visit became an order, was put off, left out or put back."""

    visit_id: int
    contract_id: int
    visit_on: dt.date
    order: str = ""


@dataclass(frozen=True)
class QuotaUsed:
    """A job took of a contract's quota, by kind; `over` went beyond it."""

    contract_id: int
    source: str
    taken: dict
    over: dict


@dataclass(frozen=True)
class QuotaGivenBack:
    """What a job had taken was given back."""

    contract_id: int
    source: str


@dataclass(frozen=True)
class NoticeGiven:
    """Somebody was told that the contract ends."""

    contract_id: int
    audience: str
    outcome: str
