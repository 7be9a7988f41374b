"""Two products turned out to be one: their units become units of the one."""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _

from aftercare.domain.assets.actions.units import _grams, _makers
from aftercare.domain.assets.models import Asset
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import race

MERGE_WORDS = "catalog.merge"
_CHUNK, _TOLD = 500, 5


def take_over_units(old, into, *, actor: Actor) -> int:
    """All units of `old` are units of `into` from now on; gives back how many. In the transaction of the merge.

    Refuses a serial number that both have (`units_twice`): these are one unit with two files, which people must look at.
    """
    actor.require_anywhere(MERGE_WORDS)
    key = _makers(into)[0]
    rows = Asset.objects.filter(product=old)
    strangers = rows.exclude(serial_key="").exclude(maker_key=key)
    twice = Asset.objects.filter(maker_key=key, serial_key__in=strangers.values("serial_key")).values_list("serial", flat=True)
    found = list(twice.order_by("serial")[:_TOLD])
    if found:
        raise _twice(found)
    try:
        with race():
            ids = list(rows.order_by("pk").values_list("pk", flat=True))
            rows.update(product=into, maker_key=key, version=F("version") + 1)
    except IntegrityError:
        raise _twice([]) from None
    for start in range(0, len(ids), _CHUNK):
        units = list(Asset.objects.filter(pk__in=ids[start : start + _CHUNK]).select_related("product"))
        for unit in units:
            unit.search = _grams(unit)
        Asset.objects.bulk_update(units, ["search"])
    return len(ids)


def _twice(serials: list[str]) -> RuleBroken:
    return RuleBroken(
        _("两边有相同的序列号，是同一台设备建了两份档案，请先处理：%(serials)s") % {"serials": "、".join(serials) or "—"},
        code="units_twice", field="into",
    )
