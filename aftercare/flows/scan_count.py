"""A stocktake counted with a scanner: bin, part, serial number, quantity, again. A wrong scan is refused and counts nothing.

Each scan is written at once, since people count the same place side by side; nothing of it tells what the books say.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.flows import scanning
from aftercare.flows.scan_loop import ARTICLES
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.transactions import whole

ONE = Decimal(1)
# As in the loop of a document: up to four digits behind a scan are its quantity, or any number behind a star.
_QTY = re.compile(r"\*\d{1,7}(?:\.\d{1,3})?|\d{1,4}(?:\.\d{1,3})?")


@dataclass(frozen=True)
class Counting:
    """Where the counter stands: in which bin, which line he counted last (its position), which part waits for its number (its code)."""

    bin: str = ""
    last: int | None = None
    waits: str = ""


@dataclass(frozen=True)
class Heard:
    """What came of a scan: what to say (`tone` ok or ask), and where the counter stands now."""

    said: str
    tone: str
    now: Counting


@whole()
def take(
    stocktake: Any, code: str, *, where: Counting, qty: Decimal | None = None, condition: str = "good", lot: str = "", adds: bool = False,
    note: str = "", actor: Actor, at: dt.datetime,
) -> Heard:
    """Count what was scanned. Without `qty` it is one more of it (a pack: its pieces); a number scanned or typed next says how many
    there are in all. With `qty` there are so many, or with `adds` so many more.
    """
    code = code.strip()
    if not code:
        raise RuleBroken(_("请扫描或填写配件编码"), code="code_needed", field="code")
    spot = _place(stocktake, where.bin, actor)
    if where.waits:
        return _counted(stocktake, catalog.get_part(where.waits, actor).pk, qty, spot, condition, code, False, note, actor, at)
    if _QTY.fullmatch(code) and where.last is not None and qty is None:
        return _again(stocktake, where, Decimal(code.removeprefix("*")), actor, at)
    try:
        found = scanning.resolve(code, actor=actor)
    except NotFound as refused:
        raise NotFound(_("%(told)s；应扫货位、配件或序列号") % {"told": refused.message}, code=refused.code, kind="scan") from None
    if found.kind == "inventory.place":
        place = _place(stocktake, found.number, actor)
        return Heard(_("货位 %(name)s，请扫配件") % {"name": place.name}, "ask", Counting(place.code))
    if found.kind not in ARTICLES:
        raise RuleBroken(_("「%(code)s」不是配件；应扫货位、配件或序列号") % {"code": code}, code="not_a_part", field="code")
    number = lot.strip() or (found.serial or found.lot if found.kind == "catalog.part" else found.number)
    pieces = None if qty is None else qty * found.per_qty
    if not number:
        part = catalog.get_part(found.id, actor)
        if part.is_serial or part.is_lot:
            asked = _("%(name)s：请扫序列号") if part.is_serial else _("%(name)s：请扫批次号")
            return Heard(asked % {"name": part.name}, "ask", Counting(spot.code, None, part.code))
    return _counted(stocktake, found.id, pieces, spot, condition, number, adds, note, actor, at, one=found.per_qty)


def _counted(stocktake, part_id, qty, spot, condition, lot, adds, note, actor, at, *, one: Decimal = ONE) -> Heard:
    line = inventory.CountLine(part_id, one if qty is None else qty, spot.pk, condition, lot, adds or qty is None, note)
    stocktake = inventory.record_counts(stocktake, lines=[line], actor=actor, at=at)
    return _heard(stocktake, spot, actor, part_id=part_id, place_id=spot.pk, condition=condition, lot=lot.strip())


def _again(stocktake, where: Counting, qty: Decimal, actor: Actor, at: dt.datetime) -> Heard:
    row = stock.stocktake_lines(stocktake).filter(position=where.last).first()
    if row is None:
        raise RuleBroken(_("先扫配件，再输入数量"), code="part_first", field="code")
    if row.part.is_serial:
        raise RuleBroken(_("序列号只能逐个扫，数量不能改"), code="serial_is_single", field="code")
    lines = [inventory.CountLine(row.part_id, qty, row.place_id, row.condition, row.lot)]
    stocktake = inventory.record_counts(stocktake, lines=lines, actor=actor, at=at)
    return _heard(stocktake, row.place, actor, pk=row.pk)


def _heard(stocktake, spot, actor: Actor, **line) -> Heard:
    """What he himself has counted of it in this round."""
    row = stock.stocktake_lines(stocktake).get(**line)
    mine = stock.own_counts(stocktake, actor)[row.pk]
    told = " ".join(filter(None, (row.part.name, row.lot, f"× {shown(mine)}")))
    return Heard(told, "ok", Counting(spot.code, row.position))


def _place(stocktake, code: str, actor: Actor):
    code = code.strip()
    if code.casefold() in ("", stocktake.place.code.casefold()):
        return stocktake.place
    try:
        return stock.get_bin(stocktake.place, code, actor)
    except NotFound as refusal:
        raise RuleBroken(str(refusal.message), code="no_such_bin", field="bin") from None
