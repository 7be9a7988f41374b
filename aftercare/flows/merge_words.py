"""Two entries that are one thing become one: products, dictionary words, categories and parts typed twice.

Whatever refers to the one refers to the other afterwards. What may not be rewritten, or would change a price or a promise
by it, is refused with the reason. Each column of the house that points to such an entry stands in one of the tables below;
a test holds them complete, and one that is in neither is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import access
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.catalog import queries as words
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.people import queries as people
from aftercare.domain.work import actions as work
from aftercare.foundation import repointing
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import whole


@dataclass(frozen=True)
class Plan:
    """What becomes of the columns that point to an entry: `moved` as they are, `own` by the verb of their room.

    Any other column stands in the way as soon as a row uses it.
    """

    get: Callable[[int, Actor], Any]
    page: str
    moved: tuple[str, ...]
    own: tuple[str, ...] = ()
    # Stand in the way only where both have some.
    either: tuple[str, ...] = ()


PLANS: dict[str, Plan] = {
    "catalog.product": Plan(
        words.get_product, "/products/%s/",
        ("catalog.Product.merged_into", "catalog.ArticleCode.product", "entitlement.ClaimLine.product", "custody.Loaner.product",
         "entitlement.Term.product"),
        ("catalog.Fitting.product", "assets.Asset.product", "work.WorkOrder.product"), ("entitlement.Term.product",),
    ),
    "catalog.code": Plan(
        words.get_code, "/codes/%s/edit/",
        ("catalog.Code.merged_into", "work.WorkOrder.fault", "work.WorkOrder.cause", "work.WorkOrder.solution",
         "entitlement.RightClaim.fault"),
    ),
    "catalog.category": Plan(
        words.get_category, "/categories/",
        ("catalog.Category.merged_into", "catalog.Category.parent", "catalog.Product.category", "catalog.Part.category",
         "catalog.Code.category", "work.WorkOrder.category"),
    ),
    "catalog.part": Plan(
        words.get_part, "/parts/%s/", ("catalog.Part.merged_into", "catalog.ArticleCode.part"),
        ("catalog.Fitting.part", "catalog.Substitute.part", "catalog.Substitute.substitute", "catalog.Pack.part"),
    ),
}
# Kept as text where they are used: a grade on customers and prices, a colour on units, a barrier on results.
_BY_TEXT = ("grade", "colour", "barrier")


@dataclass(frozen=True)
class Foreseen:
    """What a merge would do: how many rows of what would move, or why there can be none."""

    moved: list[tuple[str, int]]
    why_not: str = ""


def foresee(old: Any, *, actor: Actor) -> Foreseen:
    """What refers to the entry, for the page that asks whether it shall be merged."""
    actor.require_anywhere(access.MERGE)
    plan = PLANS[old.kind]
    counts: dict[str, int] = {}
    for label, number in repointing.count(old, [*plan.moved, *plan.own]).items():
        name = repointing.name_of(label)
        counts[name] = counts.get(name, 0) + number
    barriers = _barriers(old)
    return Foreseen(list(counts.items()), _why_not(old, barriers) if barriers else "")


def _why_not(old: Any, barriers: list[str]) -> str:
    if old.kind == "catalog.part":
        advice = _("流水和单据不能改写，请停用这个配件，并登记为替代件")
    else:
        advice = _("请先处理这些记录，或只停用它")
    return _("不能合并：%(what)s。%(advice)s") % {"what": _("、").join(barriers), "advice": advice}


def _barriers(old: Any) -> list[str]:
    plan = PLANS[old.kind]
    told = []
    if old.kind == "catalog.code" and old.kind_of in _BY_TEXT:
        told.append(_("这本词典的词条按文字记在档案里，不能合并，请改名或停用"))
    if old.kind == "catalog.category" and (count := people.count_trained(old.code)):
        told.append(_("%(what)s %(n)s 条") % {"what": _("技能和证书"), "n": count})
    others = [label for label in repointing.references(type(old)) if label not in (*plan.moved, *plan.own)]
    names: dict[str, int] = {}
    for label, number in repointing.count(old, others).items():
        names[repointing.name_of(label)] = names.get(repointing.name_of(label), 0) + number
    return told + [_("%(what)s %(n)s 条") % {"what": name, "n": number} for name, number in names.items()]


@whole()
def merge(old: Any, into: Any, *, actor: Actor, at: dt.datetime) -> Any:
    """`old` becomes `into`; gives back `into` as it is then. Refuses what stands in the way (`cannot_merge`, with what it is)."""
    plan = PLANS[old.kind]
    old, into = catalog.hold_for_merging(old, into, actor=actor)
    barriers = _barriers(old)
    if barriers:
        raise RuleBroken(_why_not(old, barriers), code="cannot_merge", field="into")
    for label in plan.either:
        if repointing.count(old, [label]) and repointing.count(into, [label]):
            raise RuleBroken(_("两边都有%(what)s，请先终止其中一边的") % {"what": repointing.name_of(label)}, code="both_have", field="into")
    moved = _own(old, into, actor, at)
    moved |= repointing.move(old, into, plan.moved)
    return catalog.absorb(old, into, moved=moved, actor=actor, at=at)


def _own(old: Any, into: Any, actor: Actor, at: dt.datetime) -> dict[str, int]:
    if old.kind == "catalog.product":
        # Units before orders: an order's words name its unit.
        found = {
            "catalog.Fitting.product": catalog.merge_fittings(old, into),
            "assets.Asset.product": assets.take_over_units(old, into, actor=actor),
            "work.WorkOrder.product": work.take_over_orders(old, into, actor=actor),
        }
    elif old.kind == "catalog.part":
        found = {"catalog.Fitting.part": catalog.merge_part_structure(old, into)}
    elif old.kind == "catalog.code":
        found = {"entitlement.Term": entitlement.swap_excluded_code(old.pk, into.pk, actor=actor, at=at)}
    else:
        found = {}
    return {label: number for label, number in found.items() if number}
