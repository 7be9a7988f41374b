"""The hash chain over the facts, and its verification.

Each fact carries a keyed digest of its own content from the moment it is written. The worker seals facts in
batches: a seal covers a range of ids and the seal before it. A chain link per row would make every write of the
company wait for every other; see docs/decisions/0003-seals-in-batches.md.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftercare.domain.journal import anchoring, rules
from aftercare.domain.journal.actions import secret
from aftercare.domain.journal.models import Fact, Seal

# How many of the newest seals are looked at again for facts that committed after younger ids were sealed.
_LOOK_BACK = 1000


def seal(*, at: dt.datetime, limit: int = 5000) -> Seal | None:
    """Append one link to the chain over the facts not sealed yet; None when there are none.

    Its head is written outside the database as soon as the link is committed.
    """
    with transaction.atomic():
        head = Seal.objects.order_by("-id").first()
        last = head.last if head else 0
        fresh = list(Fact.objects.filter(id__gt=last).order_by("id").values_list("id", "digest")[:limit])
        late = _late(head)
        if not fresh and not late:
            return None
        previous = head.digest if head else rules.GENESIS
        first, last = last + 1, fresh[-1][0] if fresh else last
        there = {fact_id for fact_id, _digest in fresh}
        made = Seal.objects.create(
            first=first, last=last, gaps=[i for i in range(first, last + 1) if i not in there],
            late=[fact_id for fact_id, _digest in late], count=len(late) + len(fresh), sealed_at=at,
            digest=rules.seal_digest(secret(), previous, late + fresh), previous=previous,
        )
        transaction.on_commit(anchoring.anchor)
        return made


def _late(head: Seal | None) -> list[tuple[int, str]]:
    if head is None:
        return []
    recent = Seal.objects.filter(id__gt=head.pk - _LOOK_BACK)
    gaps = {fact_id for ids in recent.exclude(gaps=[]).values_list("gaps", flat=True) for fact_id in ids}
    if not gaps:
        return []
    taken = {fact_id for ids in recent.exclude(late=[]).values_list("late", flat=True) for fact_id in ids}
    wanted = sorted(gaps - taken)
    found = Fact.objects.filter(id__in=wanted).order_by("id") if wanted else Fact.objects.none()
    return list(found.values_list("id", "digest"))


def verify() -> list[str]:
    """Problems of the journal, in English for operators; an empty list when every digest and link holds.

    Facts, seals and the file of heads are compared: edits, insertions, deletions, swaps and cuts all show, except a cut
    of facts so new that no seal covers them yet.
    """
    key, problems, previous, first = secret(), [], rules.GENESIS, 1
    gaps, late, newest = {}, set(), 0
    for s in Seal.objects.order_by("id").iterator(500):
        if s.previous != previous or s.first != first or s.last < s.first - 1:
            problems.append(f"journal: seal {s.pk} does not follow the seal before it")
        problems += _verify_seal(key, s)
        gaps |= dict.fromkeys(s.gaps, s.pk)
        late |= set(s.late)
        previous, first, newest = s.digest, s.last + 1, s.pk
    for fact in Fact.objects.filter(id__gte=first).iterator(1000):
        if fact.digest != rules.fact_digest(key, _values(fact)):
            problems.append(f"journal: fact {fact.pk} was changed")
    pending = {fact_id: seal_id for fact_id, seal_id in gaps.items() if fact_id not in late}
    problems += _verify_pending(key, pending, newest)
    outside = Fact.objects.filter(id__lte=0).count()  # no seal begins before 1
    problems += [f"journal: {outside} facts were put in before the first"] if outside else []
    return problems + anchoring.find_cuts()


def _verify_pending(key: bytes, pending: dict[int, int], newest: int) -> list[str]:
    """What is wrong with facts that stand in a gap and wait for the next seal."""
    problems, wanted = [], sorted(pending)
    for start in range(0, len(wanted), 500):
        for fact in Fact.objects.filter(id__in=wanted[start : start + 500]):
            if fact.digest != rules.fact_digest(key, _values(fact)):
                problems.append(f"journal: fact {fact.pk} was changed or put in")
            elif pending[fact.pk] <= newest - _LOOK_BACK:
                problems.append(f"journal: fact {fact.pk} is in no seal")
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
