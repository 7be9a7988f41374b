"""Serial numbers that a stocktake found where the books do not know them: moved here by its posting, as a transfer with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts, queries
from aftercare.domain.inventory.actions.booking import Row, Step
from aftercare.domain.inventory.models import Place, Reason, Stocktake, StocktakeLine
from aftercare.domain.inventory.rules import Key
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotAllowed, RuleBroken


@dataclass(frozen=True)
class Find:
    """A line whose serial number the books know at `place` under `key`; `lost`: the line of the same count that misses it there."""

    line: StocktakeLine
    place: Place
    key: Key
    lost: StocktakeLine | None


def look(stocktake: Stocktake, lines: Sequence[StocktakeLine], *, may_move: bool, actor: Actor) -> list[Find]:
    """What of these lines is to be moved here. Outside of this count only with `may_move`, with the right to move stock there, and
    not what is under way by a transfer (`serial_under_way`).
    """
    missed = {queries.key_of(line): line for line in lines if line.difference_qty < 0}
    finds = []
    known = queries.found_elsewhere(lines)
    for line in lines:
        if line.pk in known:
            row = known[line.pk]
            key = Key(row.place_id, row.part_id, row.condition, row.lot)
            finds.append(Find(line, row.place, key, missed.get(key)))
    outside = [find for find in finds if find.lost is None]
    seen = StocktakeLine.objects.filter(stocktake=stocktake, counted_qty__gt=0, lot__in=[find.key.lot for find in outside]) if outside else ()
    there = {queries.key_of(line): line.position for line in seen}
    for find in outside:
        if find.key in there:
            raise RuleBroken(_("序列号 %(serial)s 在第 %(n)s 行和第 %(other)s 行都盘到，请退回复盘") % (_words(find) | {"other": there[find.key]}),
                             code="serial_counted_twice", field="lines", positions=sorted([find.line.position, there[find.key]]))
        if find.place.kind_of == Place.Kind.TRANSIT:
            raise RuleBroken(_("第 %(n)s 行序列号 %(serial)s 正在调拨途中，请先签收调拨单") % _words(find), code="serial_under_way", field="lines",
                             positions=[find.line.position])
    if outside and not may_move:
        told = _("；").join(_("第 %(n)s 行序列号 %(serial)s 账上在 %(place)s") % _words(find) for find in outside[:10])
        raise RuleBroken(_("%(lines)s。确认就是这一件，请选择随入账调过来") % {"lines": told}, code="serial_elsewhere", field="lines",
                         positions=[find.line.position for find in outside[:100]])
    for find in outside:
        for place in (find.place, stocktake.place):
            if not actor.may(access.MOVE, branch_id=place.branch_id, people=(place.employee_id,)):
                raise NotAllowed(_("第 %(n)s 行序列号 %(serial)s 账上在 %(place)s，您没有调出它的权限，请有权的人先调拨") % _words(find),
                                 code="serial_not_yours", permission=access.MOVE)
    return finds


def require_there(finds: Sequence[Find], rows: Mapping[Key, Row]) -> None:
    """The balances are locked now: refuse what was moved meanwhile, and what is promised to a document where it lies."""
    for find in finds:
        row = rows.get(find.key)
        if row is None or not row.on_hand_qty:
            raise RuleBroken(_("序列号 %(serial)s 刚被移动，请重新审核") % _words(find), code="book_changed", field="lines",
                             positions=[find.line.position])
        if row.reserved_qty:
            holders = "、".join(number for number, _qty in queries.holders_of([find.key]).get(find.key, []))
            raise RuleBroken(_("第 %(n)s 行序列号 %(serial)s 在 %(place)s 已占用给 %(documents)s") % (_words(find) | {"documents": holders or "—"}),
                             code="serial_promised", field="lines", positions=[find.line.position])


def step(find: Find) -> Step:
    """The move from where the books know it to where it was found, in the condition in which it was found."""
    line = find.line
    return Step(key=f"count:{line.position}", line=str(line.position), part_id=line.part_id, qty=line.difference_qty, from_place=find.place,
                to_place=line.place, reason=Reason.TRANSFER, from_condition=find.key.condition, to_condition=line.condition, lot=line.lot)


def tell(finds: Sequence[Find], stocktake: Stocktake, *, actor: Actor, at: dt.datetime) -> None:
    """The place from which something was moved knows it."""
    for find in finds:
        if find.lost is None:
            record_about(find.place, verb="inventory.place.transfer", actor=actor, at=at, note=f"{stocktake.number} {find.line.reason}".strip(),
                         fact=facts.GoodsMoved(find.place.pk, find.line.place_id, (find.line.part_id,)))


def _words(find: Find) -> dict[str, object]:
    return {"n": find.line.position, "serial": find.line.lot, "place": find.place.name}
