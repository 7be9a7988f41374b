"""Every write of the journal: facts, idempotent answers. Deliveries and seals have files of their own."""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.journal import rules
from aftercare.domain.journal.models import Delivery, Fact, Intent, Mention
from aftercare.foundation import busy, statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import Happening
from aftercare.foundation.refusals import Refusal, WrongState
from aftercare.foundation.transactions import whole

_PLAIN = (str, int, bool, type(None))
# fact name -> names of the reactions the worker makes to it; filled by flows at start
_REACTIONS: dict[str, tuple[str, ...]] = {}
_buffer: contextvars.ContextVar[list | None] = contextvars.ContextVar("journal_buffer", default=None)


def subscribe(table: Mapping[str, Iterable[str]]) -> None:
    """Add reactions by fact name. Each name is looked up by the worker when the delivery is due."""
    for fact, reactions in table.items():
        _REACTIONS[fact] = tuple(dict.fromkeys((*_REACTIONS.get(fact, ()), *reactions)))


def secret() -> bytes:
    """The key of all digests; kept outside the database, in the settings."""
    return settings.AFTERCARE_JOURNAL_KEY.encode()


def write(happening: Happening) -> Fact | None:
    """Write one fact with its mentions and the deliveries it calls for, in the caller's transaction.

    Inside a whole journey it is written with its other facts at the end; its key is not known before. Inside
    `batched()` the rows of many journeys are gathered; then nothing comes back.
    """
    fact = _fact(happening)
    mentions = [(kind, pk) for kind, pk in happening.mentions if pk]
    deliveries = [
        Delivery(fact=fact, reaction=name, due_at=fact.at) for name in _REACTIONS.get(happening.fact_name, ())
    ]
    buffer = _buffer.get()
    if buffer is not None:
        buffer.append((fact, mentions, deliveries))
        return None
    transactions.at_end(_insert, [(fact, mentions, deliveries)])
    return fact


def _insert(rows: list[tuple[Fact, list[tuple[str, int]], list[Delivery]]]) -> None:
    """Write facts in the order in which they happened, with what hangs on them, in one statement for each table."""
    statements.insert_many([fact for fact, _m, _d in rows])
    for fact, _m, deliveries in rows:
        for row in deliveries:
            row.fact_id = fact.pk
    statements.insert_rows(Mention, ("fact_id", "kind", "object_id"), [(fact.pk, *one) for fact, ms, _d in rows for one in ms])
    statements.insert_many([d for _f, _m, ds in rows for d in ds])


@contextlib.contextmanager
def batched():
    """Gather facts and write them in few statements at the end: for imports of many rows a transaction."""
    if _buffer.get() is not None:
        yield
        return
    rows: list = []
    token = _buffer.set(rows)
    try:
        with transaction.atomic():
            yield
            _insert(rows)
    finally:
        _buffer.reset(token)


@contextlib.contextmanager
def unwritten():
    """Drop what was gathered since: the undo of one row of a batch that is rolled back to its savepoint."""
    rows = _buffer.get()
    mark = len(rows) if rows is not None else 0
    try:
        yield
    except BaseException:
        if rows is not None:
            del rows[mark:]
        raise


def _fact(happening: Happening) -> Fact:
    actor = happening.actor
    values: dict[str, Any] = {
        "at": happening.at,
        "verb": happening.verb,
        "kind": happening.kind,
        "object_id": happening.id,
        "number": happening.number,
        "branch_id": happening.branch_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name[:80],
        "via": actor.via,
        "address": actor.address,
        "name": happening.fact_name,
        "data": _json(happening.data),
        "changes": _json(happening.changes),
        "note": happening.note[:500],
    }
    return Fact(**values, digest=rules.fact_digest(secret(), values))


def _json(values: Mapping) -> dict:
    # Through JSON and back, so that the digest is taken of exactly what the database gives back.
    if all(_is_plain(value) for value in values.values()):
        return dict(values)
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _is_plain(value: Any) -> bool:
    """True for what JSON gives back as it is."""
    return type(value) in _PLAIN or (type(value) is list and all(type(item) in _PLAIN for item in value))


def request_digest(*parts: str | bytes) -> str:
    """Digest of a request's body and target, to tell a repeated call from another call with the same key."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()


def once(
    *, actor: Actor, operation: str, key: str, request: str, at: dt.datetime,
    perform: Callable[[], tuple[int, str, dict]],
) -> tuple[int, str, dict, bool]:
    """Do `perform` once for this actor, operation and key; a repeat gets the stored (status, text, headers).

    The answer is stored in the same transaction as the effect. The last value tells whether it is a replay.
    Refuses with `idempotency_key_reused` when the key came with another request. Refusals are not stored:
    they changed nothing, so the caller may mend his input under the same key. A database that is too busy refuses, too.
    """
    who = f"{actor.kind}:{actor.id}"
    found = _stored(who, operation, key, request)
    if found:
        return found
    try:
        with whole():
            status, answer, headers = perform()
            statements.insert(Intent(actor=who, operation=operation, key=key, request=request, status=status,
                                     answer=answer, headers=headers, made_at=at))
    except (IntegrityError, Refusal):
        # A twin call with the same key committed first; ours is rolled back and answered with his. What he did may
        # also be the very reason why ours was refused.
        found = _stored(who, operation, key, request)
        if found:
            return found
        raise
    except OperationalError as error:
        if refusal := busy.find(error):
            raise refusal from error
        raise
    return status, answer, headers, False


def _stored(who: str, operation: str, key: str, request: str) -> tuple[int, str, dict, bool] | None:
    found = statements.find(Intent.objects.all, actor=who, operation=operation, key=key)
    if found is None:
        return None
    if found.request != request:
        raise WrongState(_("这个幂等键已用于另一请求"), code="idempotency_key_reused")
    return found.status, found.answer, found.headers, True


def forget_intents(*, before: dt.datetime) -> int:
    """Delete stored answers older than `before` (30 days: longer than the longest offline time)."""
    return Intent.objects.filter(made_at__lt=before).delete()[0]
