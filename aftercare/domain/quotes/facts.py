"""What happened to a quote. Amounts are in the quote's currency."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class QuoteMade:
    """A price was worked out for the customer; it is not told yet."""

    quote_id: int
    number: str
    round: int
    total_amount: Decimal


@dataclass(frozen=True)
class QuoteSent:
    """The customer was told; until `valid_until` the prices hold."""

    quote_id: int
    number: str
    total_amount: Decimal
    valid_until: str


@dataclass(frozen=True)
class ConsentGiven:
    """The customer agreed: who, by which channel, with which evidence."""

    quote_id: int
    number: str
    total_amount: Decimal
    channel: str
    name: str


@dataclass(frozen=True)
class ConsentRefused:
    """The customer does not want the repair at that price."""

    quote_id: int
    number: str
    channel: str
    name: str
    reason: str


@dataclass(frozen=True)
class QuoteExpired:
    """Nobody answered in time."""

    quote_id: int
    number: str


@dataclass(frozen=True)
class QuoteSuperseded:
    """The quote counts no more: another took its place, or it was withdrawn. Its link opens nothing."""

    quote_id: int
    number: str
    reason: str


@dataclass(frozen=True)
class LinkRenewed:
    """The customer got a new link; the one before opens nothing."""

    quote_id: int
    number: str


@dataclass(frozen=True)
class PolicySet:
    """The company's rules for quotes were changed."""

    branch_id: int | None
    free_limit: str
    at_start: str = "off"
