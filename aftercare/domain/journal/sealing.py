"""The hash chain over the facts, and its verification.

Each fact carries a keyed digest of its own content from the moment it is written. The worker seals facts in
batches: a seal covers a range of ids and the seal before it. A chain link per row would make every write of the
company wait for every other; see docs/decisions/0003-seals-in-batches.md.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from aftercare.domain.journal import rules
from aftercare.domain.journal.actions import secret
from aftercare.domain.journal.models import Fact, Seal


# How many of the newest seals are looked at again for facts that committed after younger ids were sealed.
_LOOK_BACK = 50


def seal(*, at: dt.datetime, limit: int = 5000) -> Seal | None:
    """Append one link to the chain over the facts not sealed yet; None when there are none."""
    with transaction.atomic():
        recent = list(Seal.objects.order_by("-id")[:_LOOK_BACK])
        head = recent[0] if recent else None
        last = head.last if head else 0
        fresh = list(Fact.objects.filter(id__gt=last).order_by("id").values_list("id", "digest")[:limit])
        late = _late(recent)
        if not fresh and not late:
            return None
        previous = head.digest if head else rules.GENESIS
        first, last = last + 1, fresh[-1][0] if fresh else last
        there = {fact_id for fact_id, _digest in fresh}
        return Seal.objects.create(
            first=first, last=last, gaps=[i for i in range(first, last + 1) if i not in there],
            late=[fact_id for fact_id, _digest in late], count=len(late) + len(fresh), sealed_at=at,
            digest=rules.seal_digest(secret(), previous, late + fresh), previous=previous,
        )


def _late(recent: list[Seal]) -> list[tuple[int, str]]:
    taken = {fact_id for s in recent for fact_id in s.late}
    gaps = [fact_id for s in recent for fact_id in s.gaps if fact_id not in taken]
    return list(Fact.objects.filter(id__in=gaps).order_by("id").values_list("id", "digest")) if gaps else []


def verify() -> list[str]:
    """Problems of the journal, in English for operators; an empty list when every digest and link holds."""
    key, problems, previous, first = secret(), [], rules.GENESIS, 1
    for s in Seal.objects.order_by("id").iterator(500):
        if s.previous != previous or s.first != first:
            problems.append(f"journal: seal {s.pk} does not follow the seal before it")
        problems += _verify_seal(key, s)
        previous, first = s.digest, s.last + 1
    for fact in Fact.objects.filter(id__gte=first).iterator(1000):
        if fact.digest != rules.fact_digest(key, _values(fact)):
            problems.append(f"journal: fact {fact.pk} was changed")
    return problems


def _verify_seal(key: bytes, s: Seal) -> list[str]:
    problems, gaps = [], set(s.gaps)
    late = list(Fact.objects.filter(id__in=s.late).order_by("id")) if s.late else []
    own = [f for f in Fact.objects.filter(id__gte=s.first, id__lte=s.last).order_by("id") if f.pk not in gaps]
    for fact in (*late, *own):
        if fact.digest != rules.fact_digest(key, _values(fact)):
            problems.append(f"journal: fact {fact.pk} was changed")
    rows = [(f.pk, f.digest) for f in (*late, *own)]
    if len(rows) != s.count:
        problems.append(f"journal: seal {s.pk} counts {s.count} facts, {len(rows)} are there")
    elif rules.seal_digest(key, s.previous, rows) != s.digest:
        problems.append(f"journal: seal {s.pk} does not fit its facts")
    return problems


def _values(fact: Fact) -> dict:
    return {name: getattr(fact, name) for name in rules.SEALED_COLUMNS}
