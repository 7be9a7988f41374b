"""Claiming and finishing deliveries: lease, heartbeat, retry with back-off, sweeper, dead letters (rules 8, 9)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from aftercare.domain.journal import access as permissions
from aftercare.domain.journal import rules
from aftercare.domain.journal.models import Delivery, Schedule
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, WrongState

LEASE = dt.timedelta(minutes=2)
State = Delivery.State


def claim(*, worker: str, at: dt.datetime) -> Delivery | None:
    """The next delivery that is due, leased to this worker by a conditional update; None when there is none."""
    for pk in _due(at):
        taken = Delivery.objects.filter(pk=pk, state=State.WAITING).update(
            state=State.RUNNING, lease_by=worker, lease_until=at + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            return Delivery.objects.select_related("fact").get(pk=pk)
    return None


def claim_many(*, worker: str, at: dt.datetime, limit: int = 200) -> list[Delivery]:
    """The next deliveries that are due, leased to this worker together; for a worker that is alone with its database."""
    keys = [pk for (pk,) in Delivery.objects.filter(state=State.WAITING, due_at__lte=at).order_by("due_at", "id").values_list("pk")[:limit]]
    Delivery.objects.filter(pk__in=keys, state=State.WAITING).update(
        state=State.RUNNING, lease_by=worker, lease_until=at + LEASE, attempts=F("attempts") + 1
    )
    taken = Delivery.objects.filter(pk__in=keys, state=State.RUNNING, lease_by=worker)
    return list(taken.select_related("fact").order_by("due_at", "id"))


def finish_many(deliveries: list[Delivery], *, worker: str, at: dt.datetime) -> int:
    """Mark them done; how many of them were still leased to this worker."""
    held = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries], state=State.RUNNING, lease_by=worker)
    return held.update(state=State.DONE, finished_at=at, lease_until=None, error="")


def _due(at: dt.datetime) -> list[int]:
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=at).order_by("due_at", "id")
    return list(due.values_list("pk", flat=True)[:20])


def heartbeat(delivery: Delivery, *, worker: str, at: dt.datetime, progress: dict | None = None) -> bool:
    """Lengthen the lease (and store progress); False when another worker holds it by now."""
    values = {"lease_until": at + LEASE} | ({"progress": progress} if progress is not None else {})
    return bool(_held(delivery, worker).update(**values))


def finish(delivery: Delivery, *, worker: str, at: dt.datetime) -> bool:
    """Mark it done; False when the lease was lost."""
    return bool(_held(delivery, worker).update(state=State.DONE, finished_at=at, lease_until=None, error=""))


def fail(delivery: Delivery, *, worker: str, at: dt.datetime, error: str) -> bool:
    """Put it back with a delay, or among the dead letters after too many tries."""
    if delivery.attempts >= rules.MAX_ATTEMPTS:
        values = {"state": State.DEAD, "finished_at": at}
    else:
        values = {"state": State.WAITING, "due_at": at + rules.retry_delay(delivery.attempts)}
    return bool(_held(delivery, worker).update(**values, lease_until=None, error=error[:4000]))


def _held(delivery: Delivery, worker: str):
    return Delivery.objects.filter(pk=delivery.pk, state=State.RUNNING, lease_by=worker)


def sweep(*, at: dt.datetime) -> int:
    """Give back deliveries whose worker died (lease over); each counts as a failed try."""
    lost = Delivery.objects.filter(state=State.RUNNING, lease_until__lt=at)
    if not lost.exists():  # an update that hits nothing would still take the write lock of SQLite, at every poll
        return 0
    dead = lost.filter(attempts__gte=rules.MAX_ATTEMPTS).update(
        state=State.DEAD, finished_at=at, lease_until=None, error="lease lost"
    )
    return dead + lost.update(state=State.WAITING, lease_by="", lease_until=None)


def revive(delivery_id: int, *, actor: Actor, at: dt.datetime) -> Delivery:
    """An operator sends a dead letter round again."""
    actor.require_anywhere(permissions.OPERATE)
    revived = Delivery.objects.filter(pk=delivery_id, state=State.DEAD).update(
        state=State.WAITING, attempts=0, due_at=at, error=""
    )
    if not revived:
        if not Delivery.objects.filter(pk=delivery_id).exists():
            raise NotFound(_("没有找到"))
        raise WrongState(_("只有失败停止的任务才能重试"))
    return Delivery.objects.get(pk=delivery_id)


def take_due(name: str, *, every: dt.timedelta, at: dt.datetime, first_at: dt.datetime | None = None) -> bool:
    """True for exactly one caller each time the schedule `name` is due (compare-and-set on its time).

    A schedule not heard of before is due at `first_at`, or at once.
    """
    schedule = Schedule.objects.filter(name=name).first()
    if schedule is None:
        with transaction.atomic():
            schedule, _made = Schedule.objects.get_or_create(name=name, defaults={"due_at": first_at or at})
    if schedule.due_at > at:
        return False
    missed = (at - schedule.due_at) // every + 1
    return bool(
        Schedule.objects.filter(pk=schedule.pk, due_at=schedule.due_at).update(
            due_at=schedule.due_at + missed * every, last_at=at
        )
    )


def note_schedule(name: str, *, error: str) -> None:
    """Keep what went wrong with a periodic job for the operator's page; empty when all is well again."""
    Schedule.objects.filter(name=name).exclude(error=error[:4000]).update(error=error[:4000])


def put_off(delivery: Delivery, *, worker: str, due_at: dt.datetime) -> bool:
    """Give it back untried, for later: the worker stops, or what it needs is not there yet."""
    return bool(
        _held(delivery, worker).update(
            state=State.WAITING, due_at=due_at, lease_by="", lease_until=None, attempts=F("attempts") - 1
        )
    )
