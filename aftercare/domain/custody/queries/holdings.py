"""The ledger of our own things with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.custody import rules
from aftercare.domain.custody.lifecycle import HOLDING, HoldingStatus
from aftercare.domain.custody.models import Holding, HoldingSignature
from aftercare.domain.custody.queries.settings import rule_at
from aftercare.domain.people import queries as people
from aftercare.foundation import access, clock, plans
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

_OPEN = (HoldingStatus.OUT, HoldingStatus.CHECKING)
# Which moves a kind of thing knows.
_KNOWN = {
    "loaner": {"bring_back", "inspect", "extend", "remind", "lose"},
    "tool": {"acknowledge", "take_back", "hand_over", "extend", "remind", "lose"},
    "paper": {"acknowledge", "take_back", "hand_over", "extend", "remind", "lose"},
}


def _joined() -> QuerySet[Holding]:
    return Holding.objects.select_related("customer", "employee", "branch", "loaner__product", "tool", "paper")


def list_holdings(actor: Actor, **equal: Any) -> QuerySet[Holding]:
    """Rows of the ledger with thing and holder; page by ("-id",). Empty values of `equal` (kind_of, status …) are ignored."""
    rows = access.visible(_joined(), actor)
    return rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")})


def get_holding(key: int | str, actor: Actor) -> Holding:
    """The row of that number or id; NotFound when it is not there or not to be seen."""
    found = list_holdings(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到借出记录"), kind="custody.holding")
    return found


def holdings_of(thing: Any, limit: int = 50) -> list[Holding]:
    """Who had this thing, newest first."""
    return list(_joined().filter(**{thing.kind.split(".")[1]: thing}).order_by("-id")[:limit])


def loans_of(source: Source) -> list[Holding]:
    """The loaners given because of that document, newest first."""
    return plans.rows(_loans, source.kind, source.id)


def _loans(kind: str, pk: int) -> QuerySet[Holding]:
    return _joined().filter(source_kind=kind, source_id=pk).order_by("-id")


def loans_out_for(kind: str, ids: list[int]) -> dict[int, Holding]:
    """A loaner that is still out for many documents of one kind, by document id. One statement."""
    rows = _joined().filter(source_kind=kind, source_id__in=ids, status=HoldingStatus.OUT)
    return {row.source_id: row for row in rows}


def count_late(actor: Actor, day: dt.date) -> int:
    """How many things are out and were due before that day."""
    return access.visible(Holding, actor).filter(status=HoldingStatus.OUT, due_on__lt=day).count()


def list_in_hands(employee_id: int) -> list[Holding]:
    """What an employee has now, oldest first."""
    return list(_joined().filter(employee_id=employee_id, status=HoldingStatus.OUT).order_by("out_at", "id"))


def list_mine(actor: Actor) -> list[Holding]:
    """What the actor himself has now."""
    return list_in_hands(actor.employee_id) if actor.employee_id else []


def list_late_due(at: dt.datetime) -> Iterator[Holding]:
    """Things that are late and whose holder is to be reminded today, some at a time; for the day's round."""
    after = 0
    latest = clock.local_day(at + dt.timedelta(days=1), "UTC")  # further east it is tomorrow already
    while rows := list(_joined().filter(status=HoldingStatus.OUT, due_on__lt=latest, pk__gt=after).order_by("pk")[:500]):
        for row in rows:
            today = clock.local_day(at, people.zone_of(row.branch_id))
            if rules.is_reminder_due(row.due_on, row.reminded_on, today, rule_at(row.branch_id).overdue_days):
                yield row
        after = rows[-1].pk


def open_holding_moves(holding: Holding, actor: Actor) -> list:
    """The moves this actor may make now: those of its kind; only the holder himself says that he has it."""
    known = set(_KNOWN[holding.kind_of])
    if holding.acknowledged_at is not None or actor.employee_id is None or actor.employee_id != holding.employee_id:
        known.discard("acknowledge")
    if holding.due_on is None:
        known -= {"extend", "remind"}
    return [move for move in HOLDING.open_moves(holding, actor) if move.name in known]


def is_open(holding: Holding) -> bool:
    """Whether it has not come back for good."""
    return holding.status in _OPEN


def signature_of(holding: Holding, way: str) -> HoldingSignature | None:
    """The signature of its giving (`out`) or return (`back`)."""
    return HoldingSignature.objects.filter(holding=holding, way=way).first()


def signed_ways(holding: Holding) -> set[str]:
    """Which of the two were signed by hand; the pictures stay where they are."""
    return set(HoldingSignature.objects.filter(holding=holding).values_list("way", flat=True))
