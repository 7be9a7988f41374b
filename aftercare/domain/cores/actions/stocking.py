"""Old parts on the shelf: every quantity is explained by moves of the stock ledger under the piece's own tag."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.cores.models import CoreReturn
from aftercare.domain.inventory import actions as inventory
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.sources import Source

# The condition of an old part that lies here to be returned: known in number, without value.
CONDITION = "return"


def put_away(core: CoreReturn, serial: str, *, actor: Actor, at: dt.datetime) -> None:
    """Inside the move that takes it in: from the customer to the branch's depot, to be returned."""
    place = inventory.ensure_depot(core.branch_id, actor=actor, at=at)
    outside = inventory.ensure_outside("customer", actor=actor, at=at)
    turn = core.arrivals + 1
    # A part kept by lots comes without one: its tag stands for it.
    lot = serial if core.part.is_serial else core.number if core.part.is_lot else ""
    inventory.post(
        source=Source.of(core), key=f"in{turn}", at=at, actor=actor, reason=inventory.Reason.OLD_PART, memo=core.source_number,
        lines=[inventory.MoveLine(part_id=core.part_id, qty=core.qty, from_place=outside.pk, to_place=place.pk, from_condition=CONDITION,
                                  to_condition=CONDITION, lot=lot)],
    )
    revise(core, place=place, lot=lot, arrivals=turn)


def take_out(core: CoreReturn, to_place, *, key: str, actor: Actor, at: dt.datetime, reason: str = inventory.Reason.OLD_PART) -> None:
    """It leaves the shelf for a place outside."""
    inventory.post(
        source=Source.of(core), key=f"{key}{core.arrivals}", at=at, actor=actor, reason=reason, memo=core.source_number,
        lines=[inventory.MoveLine(part_id=core.part_id, qty=core.qty, from_place=core.place_id, to_place=to_place.pk,
                                  from_condition=CONDITION, to_condition=CONDITION, lot=core.lot)],
    )
