"""Digests of facts and of the seals that chain them (reliability rule 20)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64
MAX_ATTEMPTS = 8

# What the digest of a fact covers: everything a person could be accused by.
SEALED_COLUMNS = (
    "at", "verb", "kind", "object_id", "number", "branch_id", "actor_kind", "actor_id", "actor_name",
    "via", "address", "name", "data", "changes", "note",
)


def canonical(values: Mapping[str, Any]) -> bytes:
    """One byte string for equal content: sorted keys, instants in UTC with microseconds, no spaces."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return str(value)


def fact_digest(secret: bytes, values: Mapping[str, Any]) -> str:
    """Keyed digest of one fact: without the key an edited row can't be given a fitting digest."""
    return hmac.new(secret, canonical({k: values[k] for k in SEALED_COLUMNS}), hashlib.sha256).hexdigest()


def seal_digest(secret: bytes, previous: str, facts: Iterable[tuple[int, str]]) -> str:
    """Keyed digest over (id, digest) of the facts in a seal and over the seal before."""
    mac = hmac.new(secret, previous.encode(), hashlib.sha256)
    for fact_id, digest in facts:
        mac.update(f"{fact_id}:{digest};".encode())
    return mac.hexdigest()


def retry_delay(attempts: int) -> dt.timedelta:
    """Wait before the next try: 10 s, then four times longer each, at most 6 hours."""
    return min(dt.timedelta(seconds=10 * 4 ** max(attempts - 1, 0)), dt.timedelta(hours=6))
