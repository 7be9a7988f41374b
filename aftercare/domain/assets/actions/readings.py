"""Readings of counters: dated claims, the newest one kept on the unit."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.assets import facts
from aftercare.domain.assets.access import EDIT
from aftercare.domain.assets.models import Asset, Reading
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

# No counter in service shows more.
_MOST = 2_000_000_000


def add_reading(
    asset: Asset, *, value: int, on: dt.date, source: Source | None = None, note: str = "", version: int | None = None,
    actor: Actor, at: dt.datetime,
) -> Asset:
    """Note what the unit's counter showed on that day (branch's calendar); the newest day is kept on the unit.

    A lower reading than before is kept as the claim it is (counters are exchanged). Refuses a day in the future and a
    number that no counter shows.
    """
    if not 0 <= value <= _MOST:
        raise RuleBroken(_("读数不对"), code="bad_reading", field="value")
    if on > clock.local_day(at, actor.zone):
        raise RuleBroken(_("日期不能晚于今天"), code="future_date", field="on")
    newest = asset.read_on is None or on >= asset.read_on
    kept = {"reading": value, "read_on": on} if newest else {}
    with step():
        fresh = revise(asset, actor=actor, at=at, permission=EDIT, version=version, verb="assets.asset.add_reading",
                       because=note, fact=facts.CounterRead(asset.pk, value, on), **kept)
        Reading.objects.create(asset=asset, value=value, on=on, note=note[:200], made_at=at, actor_name=actor.name[:80],
                               source_kind=source.kind if source else "", source_id=source.id if source else 0)
    return fresh
