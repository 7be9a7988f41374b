"""What happens to consumer-rights rules and to claims under them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RightRuleSet:
    """A consumer-rights rule was written down; it is a draft until somebody has checked it."""

    rule_id: int
    name: str


@dataclass(frozen=True)
class RightRuleChecked:
    """Somebody compared a rule with its text and answers for it."""

    rule_id: int
    name: str
    by: str


@dataclass(frozen=True)
class RightClaimed:
    """A customer asked for a right."""

    claim_id: int
    number: str
    asset_id: int
    remedy: str
    ruled: str


@dataclass(frozen=True)
class RightGranted:
    """We agreed to what the customer asked for."""

    claim_id: int
    asset_id: int
    remedy: str
    reply: str


@dataclass(frozen=True)
class RightRefused:
    """We refused what the customer asked for; `against_rule` when the rule gives it."""

    claim_id: int
    asset_id: int
    remedy: str
    reason: str
    against_rule: bool


@dataclass(frozen=True)
class RightDone:
    """What was granted was done."""

    claim_id: int
    asset_id: int
    remedy: str


@dataclass(frozen=True)
class RightWithdrawn:
    """The customer took his claim back."""

    claim_id: int
    asset_id: int
    reason: str
