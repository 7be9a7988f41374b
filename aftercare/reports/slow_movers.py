"""呆滞与死库存: parts in stock that no customer got for so many days, with what they are worth."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory import access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column

ZERO = Decimal(0)
COLUMNS = (
    Column(_("机构")), Column(_("配件编码")), Column(_("配件"), width=24), Column(_("分类")), Column(_("数量"), "quantity"), Column(_("单位")),
    Column(_("库存金额"), "money"), Column(_("最近用出"), "date"), Column(_("闲置天数"), "integer"), Column(_("判定")), Column(_("存放库位"), width=30),
)  # fmt: skip


@dataclass(frozen=True)
class Idle:
    """A part that lies. `last_on` is the day a customer got one last, None never; then it is idle since it first came."""

    branch: object
    part: object
    letters: str
    qty: Decimal
    value_amount: Decimal
    last_on: dt.date | None
    idle_days: int
    is_dead: bool
    is_slow: bool
    places: str

    @property
    def verdict(self) -> str:
        """Dead, slow, or merely idle when fewer days were asked for than the rule says."""
        return str(_("死库存") if self.is_dead else _("呆滞") if self.is_slow else _("闲置"))


def calculate(
    actor: Actor, *, today: dt.date, branch_id: int | None = None, place_id: int | None = None, days: int | None = None, dead_only: bool = False
) -> list[Idle]:
    """Idle parts, what is worth most first. From how many days on is said by the rule of the branch, or by `days`.

    With a place only what lies there and in its bins is told. What the actor counts blind is left out until it is counted.
    Refuses who may not see costs.
    """
    actor.require_anywhere(access.VIEW_COST)
    held = _held(actor, branch_id, place_id)
    units = stock.unit_values(actor, branch_id=branch_id)
    held = {area: found for area, found in held.items() if area in units}
    part_ids = {part for _branch, part in held}
    last = stock.last_usage(part_ids)
    first = stock.first_arrival({part for area in held if area not in last for part in area[1:]})
    rules = stock.count_rules_of({branch for branch, _part in held})
    idle: dict[tuple[int, int], tuple[int, bool, bool]] = {}
    for branch, part in held:
        since = last.get((branch, part)) or first.get((branch, part)) or today
        gone, rule = (today - since).days, rules[branch]
        is_dead = gone >= rule.dead_days
        if gone >= (days if days is not None else rule.slow_days) and (is_dead or not dead_only):
            idle[branch, part] = gone, is_dead, gone >= rule.slow_days
    return sorted(_told(actor, idle, held, units, last), key=lambda row: (-row.value_amount, row.part.code))


def _held(actor: Actor, branch_id: int | None, place_id: int | None) -> dict[tuple[int, int], dict[str, Decimal]]:
    """What lies where, by branch and part: quantity by the name of the place; only what carries value."""
    rows = stock.balances(actor).filter(condition__in=["good", "inspection"]).exclude(place__branch=None)
    if branch_id is not None:
        rows = rows.filter(place__branch_id=branch_id)
    if place_id is not None:
        rows = rows.filter(stock.at_place([place_id]))
    hidden = stock.hidden_from(actor)
    if hidden is not None:
        rows = rows.exclude(hidden)
    found: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for branch, part, place, qty in rows.order_by().values_list("place__branch_id", "part_id", "place__name", "on_hand_qty"):
        found[branch, part][place] += qty
    return found


def _told(actor: Actor, idle: dict, held: dict, units: dict, last: dict) -> list[Idle]:
    branches = people.list_branches(actor).in_bulk({branch for branch, _part in idle})
    parts = stock.parts_of({part for _branch, part in idle})
    letters = stock.newest_letters(actor)
    rows = []
    for (branch, part), told in idle.items():
        if branch not in branches:
            continue
        places = held[branch, part]
        qty = sum(places.values(), ZERO)
        shown = "、".join(sorted(places, key=lambda name: (-places[name], name))[:3])
        rows.append(Idle(
            branches[branch], parts[part], letters.get((branch, part), ""), qty, (qty * units[branch, part]).quantize(Decimal("0.01")),
            last.get((branch, part)), *told, shown,
        ))
    return rows


def rows(found: Iterable[Idle]) -> list[tuple]:
    """The cells of the spreadsheet."""
    return [(one.branch.name, one.part.code, one.part.name, one.letters, one.qty, one.part.unit, one.value_amount, one.last_on, one.idle_days,
             one.verdict, one.places) for one in found]
