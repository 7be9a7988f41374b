"""Pure rules of contacts."""

from __future__ import annotations

from collections.abc import Iterable

# Outcomes a person may choose; "order" is set only by leading the contact to a document.
CHOSEN = ("solved", "answered", "forwarded", "withdrawn")
# Kinds that become a work order in one step, and the work type that fits (its code in the catalogue).
WORK_TYPES = {"repair": "repair", "installation": "installation", "delivery": "delivery", "support": "repair"}
# Outcomes that tell the customer something, so the answer has to be written down.
NEED_ANSWER = {"solved", "answered"}


def require_outcome(outcome: str, answer: str) -> str | None:
    """Code of what is wrong with this end of a contact, or None."""
    if outcome not in CHOSEN:
        return "bad_outcome"
    if outcome in NEED_ANSWER and not answer.strip():
        return "answer_missing"
    return None


def require_reason(reason: str) -> str | None:
    """Code of what is wrong with a reason, or None."""
    return None if reason.strip() else "reason_missing"


def calculate_rates(counts: Iterable[tuple[str, int]]) -> dict[str, float]:
    """Share of each outcome among contacts that have one (0 to 1); the solved-by-phone rate is `solved`."""
    found = {outcome: count for outcome, count in counts if outcome}
    total = sum(found.values())
    return {outcome: count / total for outcome, count in found.items()} if total else {}
