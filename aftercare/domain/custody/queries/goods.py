"""Customers' goods with us: who has what lying here, for how long, and how often he was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.custody import rules
from aftercare.domain.custody.lifecycle import CUSTODY, Status
from aftercare.domain.custody.models import Custody, Keeping, Reminder
from aftercare.domain.custody.queries.settings import rule_at
from aftercare.domain.journal import queries as journal
from aftercare.domain.people import queries as people
from aftercare.foundation import access, clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

CUSTODY_FILTERS = ("status", "branch", "number", "held_longer_than_days", "stage")
STAGE_CHOICES = Reminder.Stage.choices


def list_custodies(actor: Actor, *, at: dt.datetime | None = None, **filters) -> QuerySet[Custody]:
    """Things in our hands, with what a list shows; page by ("-id",).

    Filters (empty values are ignored): status, branch (id), number (its beginning), stage (steps of the ladder made),
    held_longer_than_days (needs `at`).
    """
    rows = access.visible(Custody, actor).select_related("customer", "asset", "asset__product", "branch")
    for name, value in filters.items():
        if name not in CUSTODY_FILTERS:
            raise LookupError(name)
        if value in (None, ""):
            continue
        if name == "number":
            rows = rows.filter(number__gte=value.upper(), number__lt=value.upper() + "~")
        elif name == "stage":
            rows = rows.filter(status=Status.HELD, stage=int(value))
        elif name == "held_longer_than_days":
            rows = rows.filter(status=Status.HELD, received_at__lt=at - dt.timedelta(days=int(value)))
        else:
            rows = rows.filter(**{"branch_id" if name == "branch" else name: value})
    return rows


def get_custody(key: str | int, actor: Actor) -> Custody:
    """The custody of that receipt number or id; NotFound when it is not there or not to be seen."""
    rows = access.visible(Custody, actor).select_related("customer", "asset", "asset__product", "branch")
    found = rows.filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到收条"), kind="custody.custody")
    return found


def find_held_for(source: Source) -> Custody | None:
    """The thing we hold because of that document, if we hold one."""
    return Custody.objects.filter(source_kind=source.kind, source_id=source.id, status=Status.HELD).first()


def list_of_source(source: Source) -> list[Custody]:
    """Every receipt written for that document, newest first."""
    rows = Custody.objects.filter(source_kind=source.kind, source_id=source.id).select_related("customer", "asset", "branch")
    return list(rows.order_by("-id"))


def find_held_of_asset(asset_id: int) -> Custody | None:
    """The open custody of that unit, if we hold it."""
    return Custody.objects.filter(asset_id=asset_id, status=Status.HELD).first()


def what_holds(asset) -> str:
    """Why that unit cannot be received now: `held` (with us already), `lent` (our own loaner, out), or empty. One statement."""
    same = Q(item=rules.item_of_unit(asset.product_id, asset.serial_key, asset.pk)) | Q(custody__asset=asset)
    found = Keeping.objects.filter(same, until=None).values_list("kind_of", flat=True).first()
    return "" if found is None else "held" if found == Keeping.Kind.GOODS else "lent"


def open_moves(custody: Custody, actor: Actor) -> list:
    """The moves this actor may make by hand now; reminders are made by the day, and of what may be fetched he is told by state."""
    moves = CUSTODY.open_moves(custody, actor)
    last = last_reminder(custody) if custody.stage else None
    hidden = {"remind", "unmark_ready" if custody.ready_at is None else "mark_ready"}
    if custody.source_kind == "work.workorder":
        hidden |= {"mark_ready", "unmark_ready"}
    if last is None or last.told_at is not None:
        hidden.add("note_told")
    if last is None or last.stage != Reminder.Stage.NOTICE or last.told_at is None:
        hidden.add("dispose")
    return [move for move in moves if move.name not in hidden]


def reminders_of(custody: Custody) -> list[Reminder]:
    """The steps of the ladder that were made, first one first."""
    return list(Reminder.objects.filter(custody=custody).order_by("stage"))


def last_reminder(custody: Custody) -> Reminder | None:
    """The last step that was made."""
    return Reminder.objects.filter(custody=custody).order_by("-stage").first()


def list_waiting(actor: Actor) -> QuerySet[Custody]:
    """Things that their owners may fetch and have not yet, with what the ladder's page shows; page by ("ready_at", "id")."""
    return list_custodies(actor, status=Status.HELD).filter(ready_at__isnull=False).prefetch_related("reminders")


def to_be_judged_ready(after: int = 0, limit: int = 500) -> list[Custody]:
    """Things held because of an order, by id: whether they may be fetched is for the day's round to say."""
    return list(Custody.objects.filter(status=Status.HELD, source_kind="work.workorder", pk__gt=after).order_by("pk")[:limit])


def count_untold(actor: Actor) -> int:
    """How many unclaimed things have a step of the ladder that their owner was not told of."""
    rows = access.visible(Custody, actor).filter(status=Status.HELD, stage__gt=0)
    return rows.filter(reminders__stage=F("stage"), reminders__told_at=None).count()


def list_due(at: dt.datetime) -> Iterator[Custody]:
    """Unclaimed things whose next step of the ladder is due at that moment, some at a time; for the day's round."""
    after, system = 0, Actor.system("custody")
    while rows := list(list_waiting(system).filter(stage__lt=rules.NOTICE, pk__gt=after).order_by("pk")[:500]):
        for row in rows:
            zone = people.zone_of(row.branch_id)
            last = max((one.made_at for one in row.reminders.all()), default=None)
            if rules.due_stage(
                rule_at(row.branch_id), today=clock.local_day(at, zone), ready_on=clock.local_day(row.ready_at, zone), stage=row.stage,
                last_on=clock.local_day(last, zone) if last else None,
            ):
                yield row
        after = rows[-1].pk


def places_of(custody: Custody) -> list[dict]:
    """Where it lay since when, newest first: `place`, `at`, `who`."""
    moved = list(journal.find_facts(custody.kind, [custody.pk], ["ItemMoved"]))
    first = moved[0].data.get("before", "") if moved else custody.place
    rows = [{"place": first, "at": custody.received_at, "who": custody.received_by}]
    rows += [{"place": fact.data["place"], "at": fact.at, "who": fact.actor_name} for fact in moved]
    return rows[::-1]


def find_held_for_many(kind: str, ids: list[int]) -> dict[int, Custody]:
    """What we hold for many documents of one kind, by document id. One statement."""
    rows = Custody.objects.filter(source_kind=kind, source_id__in=ids, status=Status.HELD)
    return {custody.source_id: custody for custody in rows.select_related("customer", "asset")}
