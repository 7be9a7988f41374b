"""修护卡: what was inspected, tested, replaced on the bench."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.work import access as permissions
from aftercare.domain.work import facts
from aftercare.domain.work.actions.refusing import broken
from aftercare.domain.work.lifecycle import OPEN
from aftercare.domain.work.models import RepairCard, WorkOrder
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.transactions import step

FIELDS = frozenset({"inspection", "tests", "minutes", "bench", "conclusion"})


def write_card(order: WorkOrder, *, actor: Actor, at: dt.datetime, version: int | None = None, **fields) -> RepairCard:
    """Write on the order's repair card; it is made with the first words.

    `tests` is a list of {name, value, unit, ok}; `minutes` the time on the bench. `version` is the one the editor saw.
    """
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise broken("not_editable", unknown[0])
    if order.status not in OPEN:
        raise broken("edit_closed")
    permission = permissions.PERFORM
    if not actor.may(permission, branch_id=order.branch_id, people=order.people_shown()):
        permission = permissions.EDIT
    fact = facts.CardWritten(order_id=order.pk, number=order.number)
    with step():
        card = RepairCard.objects.filter(order_id=order.pk).first()
        if card is None:
            return open_new(
                RepairCard(order=order, **fields), actor=actor, at=at, permission=permission,
                people=order.people_shown(), verb="work.card.write", fact=fact,
            )
        card.order = order
        return revise(card, actor=actor, at=at, permission=permission, version=version, verb="work.card.write",
                      fact=fact, **fields)
