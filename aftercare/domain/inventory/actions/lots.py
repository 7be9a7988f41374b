"""Lots: written down when their goods first come, with the day they expire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts
from aftercare.domain.inventory.models import Lot
from aftercare.domain.inventory.rules import ReceiveLine
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import RuleBroken


def ensure(lines: Iterable[ReceiveLine], *, at: dt.datetime) -> None:
    """Write down the lots of goods that come; a lot that came before keeps its day, and another day is refused.

    A serial number is written down too when a day of expiry is told for it.
    """
    wanted: dict[tuple[int, str], dt.date | None] = {}
    for line in lines:
        if not line.serial:
            if line.expires_on is not None:
                raise RuleBroken(_("有效期要写在批次上，请填写批次号"), code="lot_needed", field="serial")
            continue
        day = wanted.setdefault((line.part_id, line.serial), line.expires_on)
        if line.expires_on not in (None, day):
            raise _two_days(line.serial)
    if not any(wanted.values()):
        return
    known = {
        (lot.part_id, lot.number): lot
        for lot in Lot.objects.filter(part_id__in={part for part, _number in wanted}, number__in={n for _part, n in wanted})
    }
    fresh = []
    for (part_id, number), day in sorted(wanted.items(), key=lambda item: item[0]):
        lot = known.get((part_id, number))
        if lot is None:
            fresh.append(Lot(part_id=part_id, number=number, expires_on=day, received_at=at))
        elif day is not None and lot.expires_on not in (None, day):
            raise _two_days(number)
    if fresh:
        insert_once(fresh)


def _two_days(number: str) -> RuleBroken:
    return RuleBroken(_("批次 %(lot)s 已登记了另一个有效期") % {"lot": number}, code="expiry_differs", field="expires_on")


def set_expiry(lot: Lot, *, expires_on: dt.date | None, version: int, reason: str, actor: Actor, at: dt.datetime) -> Lot:
    """Correct the day a lot expires; a reason must be given, since what may be used depends on it."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    return revise(lot, actor=actor, at=at, permission=access.ADJUST, version=version, because=reason,
                  fact=facts.LotDated(lot.pk), expires_on=expires_on)
