"""Every write of this room."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.feedback import access as permissions
from aftercare.domain.feedback import facts, queries, rules
from aftercare.domain.feedback.lifecycle import CALLBACK
from aftercare.domain.feedback.models import Callback
from aftercare.foundation import numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.clock import local_day
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import Invalid, NotAllowed, RuleBroken
from aftercare.foundation.sources import Source


def schedule_callback(
    source: Source, *, customer_id: int, branch_id: int, engineer_id: int | None = None, subject: str = "",
    due_at: dt.datetime | None = None, cycle: int = 1, actor: Actor, at: dt.datetime,
) -> Callback:
    """A call-back for this closure of the document, due a day later unless told; the same cycle gives the same one."""
    found = queries.find_callback(source, cycle=cycle)
    if found is not None:
        return found
    callback = Callback(
        branch_id=branch_id, customer_id=customer_id, engineer_id=engineer_id, source_kind=source.kind,
        source_id=source.id, source_number=source.number, cycle=cycle, subject=subject[:200], created_at=at,
        due_at=due_at or at + rules.DUE_AFTER,
    )
    try:
        with transaction.atomic():
            callback.number = numbering.take("CB", local_day(at, actor.zone))
            return open_new(
                callback, actor=actor, at=at, permission=permissions.SCHEDULE,
                fact=lambda c: facts.CallbackScheduled(c.pk, c.source_kind, c.source_id, c.cycle),
            )
    except IntegrityError:
        found = queries.find_callback(source, cycle=cycle)
        if found is None:
            raise
        return found


@CALLBACK.move("answer")
def answer(
    callback: Callback, *, attitude: int, skill: int, punctuality: int, promise: int, comment: str = "",
    actor: Actor, at: dt.datetime,
):
    """Write down the four levels (4 very good to 1 bad). Who did the work can't ask about it."""
    _require_other(callback, actor)
    scores = {"attitude": attitude, "skill": skill, "punctuality": punctuality, "promise": promise}
    wrong = rules.find_bad_scores(scores)
    if wrong:
        raise Invalid({aspect: _("请选择四个等级之一") for aspect in wrong}, code="bad_score")
    revise(
        callback, **scores, comment=comment.strip()[:1000], answered_at=at, answered_by_id=actor.employee_id,
        tries=callback.tries + 1,
    )
    return facts.CallbackAnswered(
        callback.pk, callback.source_kind, callback.source_id, callback.customer_id, scores,
        rules.is_dissatisfied(scores),
    )


@CALLBACK.move("miss")
def miss(callback: Callback, *, actor: Actor, at: dt.datetime, again_at: dt.datetime | None = None):
    """Nobody answered: call again later, `again_at` or as the rule says."""
    _require_other(callback, actor)
    tries = callback.tries + 1
    if tries > rules.MAX_TRIES:
        raise RuleBroken(_("已拨打多次，请登记为未接通"), code="too_many_tries")
    if again_at is not None and again_at <= at:
        raise RuleBroken(_("再次回访的时间必须晚于现在"), code="not_later", field="again_at")
    revise(callback, tries=tries, due_at=again_at or rules.next_try(tries, at))


@CALLBACK.move("give_up")
def give_up(callback: Callback, *, actor: Actor, at: dt.datetime):
    """Nobody answered again and again; an answer that comes later may still be written down."""
    _require_other(callback, actor)
    revise(callback, tries=callback.tries + 1)
    return facts.CallbackClosed(callback.pk, Callback.Status.UNREACHED.value)


@CALLBACK.move("cancel")
def cancel(callback: Callback, *, reason: str, actor: Actor, at: dt.datetime):
    """No call is wanted, for a reason that is kept."""
    _require_other(callback, actor)
    if not reason.strip():
        raise RuleBroken(_("请写明事由"), code="reason_required", field="reason")
    return facts.CallbackClosed(callback.pk, Callback.Status.CANCELLED.value)


def note_complaint(callback: Callback, *, complaint_number: str, actor: Actor, at: dt.datetime) -> Callback:
    """Keep the number of the complaint that the answer led to."""
    return revise(callback, actor=actor, at=at, permission=permissions.ANSWER, complaint_number=complaint_number,
                  verb="feedback.callback.complain")


def _require_other(callback: Callback, actor: Actor) -> None:
    if actor.employee_id is not None and actor.employee_id == callback.engineer_id:
        raise NotAllowed(_("不能回访自己完成的服务"), code="own_work")
