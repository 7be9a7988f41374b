"""The call-back's answer; a dissatisfied customer is a complaint at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aftercare.domain.cases import actions as cases
from aftercare.domain.feedback import actions as feedback
from aftercare.domain.feedback import rules
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def answer(
    callback, *, attitude: int, skill: int, punctuality: int, promise: int, comment: str = "", version: int | None = None,
    actor: Actor, at: dt.datetime,
) -> dict[str, Any]:
    """Write down the four levels (4 to 1); where one is 不满意 a complaint about the service is registered.

    Gives back callback and complaint (None when satisfied).
    """
    scores = {"attitude": attitude, "skill": skill, "punctuality": punctuality, "promise": promise}
    callback = feedback.answer(callback, **scores, comment=comment, version=version, actor=actor, at=at)
    if not rules.is_dissatisfied(scores):
        return {"callback": callback, "complaint": None}
    complaint = cases.register_contact(
        channel="callback", kind="complaint", branch_id=callback.branch_id, customer=callback.customer,
        phone=callback.customer.phone, caller=callback.customer.name, text=comment or callback.subject,
        about=Source(callback.source_kind, callback.source_id, callback.source_number), urgent=True, actor=actor, at=at,
    )
    callback = feedback.note_complaint(callback, complaint_number=complaint.number, actor=actor, at=at)
    return {"callback": callback, "complaint": complaint}
