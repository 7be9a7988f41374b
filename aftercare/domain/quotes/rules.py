"""Plain rules of quotes: what a quote comes to, until when it holds, what a consent covers, and what proves it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from aftercare.foundation import money

# How a customer may answer, and what must be kept as evidence of his consent.
CHANNELS = ("portal", "signature", "call", "counter")
# The reference that proves a recorded call must at least name it.
LEAST_REFERENCE = 4
LARGEST_PICTURE = 400_000


class Line(NamedTuple):
    """One line of a quote; `customer_amount` is what the customer bears of `amount`."""

    kind: str
    name: str
    qty: Decimal
    price: Decimal
    amount: Decimal
    customer_amount: Decimal
    payer: str = "customer"


def totals(lines: Iterable[Line]) -> tuple[Decimal, Decimal]:
    """What the customer is asked to pay, and what others bear."""
    lines = list(lines)
    own = sum((line.customer_amount for line in lines), money.ZERO)
    return own, sum((line.amount for line in lines), money.ZERO) - own


def exceeding(consented: Iterable[tuple[str, str, Decimal]], charged: Iterable[tuple[str, str, Decimal]], *,
              is_lump: bool = False) -> list[tuple[str, str, Decimal]]:
    """What is charged to the customer beyond his consent: (kind, name, amount over it); none where it is covered.

    Both sides are (kind, name, amount) of what the customer bears. Lines of the same kind and name count together. Of a
    lump sum only the total is compared.
    """
    if is_lump:
        over = sum((a for *_x, a in charged), money.ZERO) - sum((a for *_x, a in consented), money.ZERO)
        return [("", "", over)] if over > 0 else []
    left: dict[tuple[str, str], Decimal] = {}
    for kind, name, amount in consented:
        left[kind, name] = left.get((kind, name), money.ZERO) + amount
    sums: dict[tuple[str, str], Decimal] = {}
    for kind, name, amount in charged:
        sums[kind, name] = sums.get((kind, name), money.ZERO) + amount
    over = {key: amount - left.get(key, money.ZERO) for key, amount in sums.items()}
    return [(kind, name, amount) for (kind, name), amount in over.items() if amount > 0]


def require_evidence(channel: str, name: str, evidence: Mapping, picture: bytes | None) -> tuple[str, str] | None:
    """What is missing to prove a consent, as (code, field), or None.

    A signature needs its picture, a call the number of its recording, the counter and the portal the name of who agreed.
    """
    if channel not in CHANNELS:
        return "unknown_channel", "channel"
    if not name.strip():
        return "name_missing", "name"
    if channel == "signature" and not picture:
        return "signature_missing", "signature"
    if picture and len(picture) > LARGEST_PICTURE:
        return "signature_too_large", "signature"
    if channel == "call" and len(str(evidence.get("reference", "")).strip()) < LEAST_REFERENCE:
        return "recording_missing", "evidence"
    return None


def link_token(secret: bytes, number: str, series: int) -> str:
    """The token of a quote's link: 128 bits from the number, the link's series and a secret that no table holds."""
    digest = hmac.new(secret, f"quote-link:{number}:{series}".encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token_digest(token: str) -> str:
    """What is stored of a token: a lost database opens no quote."""
    return hashlib.sha256(token.encode()).hexdigest()


def needs_consent(due: Decimal, free_limit: Decimal | None, order_limit: Decimal | None) -> bool:
    """Whether work that costs the customer `due` may not start without his consent.

    `free_limit` is the company's rule, `order_limit` what this customer said (above it he is asked first); None: no limit.
    """
    limits = [limit for limit in (free_limit, order_limit) if limit is not None]
    return bool(limits) and due > min(limits)
