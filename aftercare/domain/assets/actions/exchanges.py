"""That a unit was given for another one, and that this was undone: kept by the journal, on the pages of both units."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.assets import facts, queries
from aftercare.domain.assets.access import UNDO_EXCHANGE
from aftercare.domain.assets.actions.units import release_owner, take_over
from aftercare.domain.assets.models import Asset
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.transactions import step


def note_exchange(old: Asset, new: Asset, *, on: dt.date, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Write on both units that the new one was given for the old one on that day."""
    for unit in (old, new):
        record_about(unit, verb="assets.asset.exchange", actor=actor, at=at, note=reason,
                     fact=facts.UnitExchanged(old.pk, new.pk, old.number, new.number, on))


def undo_exchange(old: Asset, *, reason: str, actor: Actor, at: dt.datetime) -> tuple[Asset, Asset]:
    """The old unit is the customer's again, as if it had never left him, and the new one ours; gives back (old, new).

    Needs its own permission and a reason. Refuses where no exchange stands (`not_exchanged`), and where either unit
    went on to somebody since (`moved_on`).
    """
    actor.require(UNDO_EXCHANGE, branch_id=old.branch_id)
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
    found = queries.find_exchange(old)
    if found is None:
        raise WrongState(_("这台设备没有可以撤销的换机"), code="not_exchanged")
    new = queries.get_asset(found.new_id, Actor.system("exchange"))
    if old.customer_id is not None or new.customer_id != found.customer_id:
        raise WrongState(_("设备已经另有去向，不能撤销换机"), code="moved_on")
    with step():
        # The row of the new unit is claimed first: of two who undo at once the second is refused.
        customer, day = new.customer, found.on
        fresh = release_owner(new, on=day, reason=reason, actor=actor, at=at)
        old = take_over(old, customer, day, note=reason, actor=actor, at=at)
        for unit in (old, fresh):
            record_about(unit, verb="assets.asset.undo_exchange", actor=actor, at=at, note=reason,
                         fact=facts.ExchangeUndone(old.pk, fresh.pk, old.number, fresh.number))
    return old, fresh
