"""What customers are to be told and were told. A duty is opened and ended by its document; a notice is never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Max
from django.utils.translation import gettext as _

from aftercare.domain.orders import access, facts
from aftercare.domain.orders.models import Duty, Notice
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step


@dataclass(frozen=True)
class Party:
    """Whom a document concerns: its branch, customer, engineer and outlet."""

    branch_id: int
    customer_id: int | None = None
    employee_id: int | None = None
    outlet_id: int | None = None


def tell_customer(
    *, source: Source, about: str, channel: str, party: Party,
    outcome: str = Notice.Outcome.REACHED, told_to: str = "", note: str = "", actor: Actor, at: dt.datetime,
) -> Notice:
    """Write down that the customer of a document was told about something, or could not be reached: by which way, for which time.

    Reached (or a message left), what was to be told is told; not reached, it stays to be told with one more try.
    """
    if not may_tell(party, actor):
        raise not_allowed(access.NOTIFY)
    with step():
        fact = tell(source, about, party, channel=channel, outcome=outcome, told_to=told_to, note=note, actor=actor, at=at)
        record(Happening(
            verb="orders.notice.tell", kind=source.kind, id=source.id, number=source.number, branch_id=party.branch_id, actor=actor,
            at=at, fact=fact, note=note,
        ))
    return Notice.objects.filter(source_kind=source.kind, source_id=source.id, about=about).latest("pk")


def may_tell(party: Party, actor: Actor) -> bool:
    """Whether he may note that this customer was told: at the branch, at the outlet, or because it is his own work."""
    return any(actor.may(access.NOTIFY, branch_id=pk, people=(party.employee_id,)) for pk in (party.branch_id, party.outlet_id) if pk)


def tell(
    source: Source, about: str, party: Party, *, channel: str, outcome: str, told_to: str, note: str, actor: Actor, at: dt.datetime,
) -> facts.CustomerNotified:
    """The notice itself, for a move of the document that records itself."""
    if about not in Notice.About.values:
        raise RuleBroken(_("没有这种通知事项"), code="no_such_notice", field="about")
    if channel not in Notice.Channel.values:
        raise RuleBroken(_("没有这种通知方式"), code="no_such_channel", field="channel")
    if outcome not in Notice.Outcome.values:
        raise RuleBroken(_("没有这种通知结果"), code="no_such_outcome", field="outcome")
    rows = Notice.objects.filter(source_kind=source.kind, source_id=source.id, about=about)
    notice = Notice(
        source_kind=source.kind, source_id=source.id, source_number=source.number, **vars(party), about=about, channel=channel, outcome=outcome, told_to=told_to.strip()[:60],
        count=(rows.aggregate(last=Max("count"))["last"] or 0) + 1, at=at, actor_name=actor.name[:80], note=note.strip()[:200],
    )
    if not insert_once([notice]):
        raise WrongState(_("刚刚已登记过这次通知"), code="notified_already")
    is_told = outcome != Notice.Outcome.NOT_REACHED
    _open_of(source, [about]).update(
        tries=F("tries") + 1, last_at=at, **({"ended_at": at, "end": Duty.End.TOLD} if is_told else {}))
    return facts.CustomerNotified(source.kind, source.id, about, channel, notice.count)


def open_duty(source: Source, about: str, party: Party, *, since: dt.datetime, because: str = "") -> bool:
    """The customer is to be told of this since then. Once for each moment, by the database; False when that is so already."""
    if _open_of(source, [about]).exists():
        return False
    return bool(insert_once([Duty(
        source_kind=source.kind, source_id=source.id, source_number=source.number, **vars(party), about=about, because=because[:200], since=since,
    )]))


def end_duties(source: Source, *, but: Collection[str] = (), at: dt.datetime) -> int:
    """What no longer is so need not be told any more, except `but`."""
    return _open_of(source, [about for about in Notice.About.values if about not in but]).update(ended_at=at, end=Duty.End.OVER)


def _open_of(source: Source, abouts: Collection[str]):
    return Duty.objects.filter(source_kind=source.kind, source_id=source.id, about__in=abouts, ended_at=None)
