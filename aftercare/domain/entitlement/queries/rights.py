"""Consumer-rights rules and claims as others read them, and the question what a customer may ask for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.entitlement.models import RightClaim, RightRule
from aftercare.domain.entitlement.queries.deciding import unit_of
from aftercare.domain.entitlement.rules import Unit
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.foundation import kept, statements
from aftercare.foundation.access import Actor, scope, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source


def ask_rights(assets: Iterable[Any], on: dt.date, *, repairs: Mapping[int, tuple[rules.Repair, ...]],
               known: Mapping[str, Any] | None = None) -> dict[int, rules.Answer]:
    """What may be asked for on these units (read with product and category) on that day; one statement however many.

    `repairs` holds each unit's repairs by its id; `known` what else `rules.rights.Situation` can be told.
    For callers who have shown that they may see the units. Others ask `flows.ask_rights`, which finds the repairs.
    """
    assets = list(assets)
    units = {asset.pk: unit_of(asset) for asset in assets}
    lines = load_right_rules(pk for unit in units.values() for pk in unit.categories) if units else []
    return {
        pk: rules.ask(lines, rules.Situation(unit=unit, on=on, repairs=tuple(repairs.get(pk, ())), **(known or {})))
        for pk, unit in units.items()
    }


def load_right_rules(categories: Iterable[int]) -> list[rules.RuleLine]:
    """The rules that could concern units of these categories. No statement: kept with the settings, there are some dozens."""
    wanted = {None, *categories}
    lines = kept.setting("entitlement.right_rules", lambda: [line_of(row) for row in RightRule.objects.order_by("pk")])
    return [line for line in lines if line.category_id in wanted]


def line_of(row: RightRule) -> rules.RuleLine:
    """A rule as plain values."""
    return rules.RuleLine(
        id=row.pk, name=row.name, law=row.law, article=row.article, kind=row.kind_of, remedies=tuple(row.remedies),
        category_id=row.category_id, components=tuple(row.components), starts=row.starts, months=row.months, days=row.days,
        repairs=row.repairs, limit_days=row.limit_days, day_rate=row.day_rate, is_put_off=row.is_put_off,
        is_fallback=row.is_fallback, proofs=tuple(row.proofs), exclusions=tuple(row.exclusions), valid_from=row.valid_from,
        valid_to=row.valid_to, is_checked=row.checked_at is not None,
    )


def list_right_rules(actor: Actor) -> QuerySet[RightRule]:
    """The rules, old ones too."""
    return visible(RightRule, actor).select_related("category")


def get_right_rule(rule_id: int, actor: Actor) -> RightRule:
    """That rule; refuses an unknown one."""
    found = list_right_rules(actor).filter(pk=rule_id).first()
    if found is None:
        raise NotFound(_("没有找到三包规则"), kind="entitlement.rightrule", key=str(rule_id))
    return found


def right_kinds() -> list[tuple[str, str]]:
    """The conditions in words."""
    return [(kind, str(label)) for kind, label in RightRule.Kind.choices]


def try_right_rule(
    rule: RightRule, *, start: dt.date, on: dt.date, repaired: int = 0, in_repair: int | None = None, component: str = "",
    proofs: Iterable[str] = (), exclusions: Iterable[str] = (), is_distance: bool = False, price: Decimal | None = None,
) -> rules.Answer:
    """What this rule alone says about a made-up unit of its category: bought on `start`, asked about on `on`.

    `repaired` repairs of the same fault, a day each, lie between the two days; `in_repair` days ago the unit came in.
    """
    step = max((on - start).days // (repaired + 1), 1)
    done = [start + dt.timedelta(days=step * n) for n in range(1, repaired + 1)]
    repairs = [rules.Repair(str(n), day, day, "1", _("同一故障")) for n, day in enumerate(done, start=1)]
    if in_repair is not None:
        repairs.append(rules.Repair(_("本次修理"), on - dt.timedelta(days=in_repair), None, "1", is_current=True,
                                    waits_for_parts=rule.kind_of == RightRule.Kind.SLOW_PARTS))
    days = dict.fromkeys(("sold_on", "invoiced_on", "delivered_on", "installed_on", "registered_on", "made_on"), start)
    unit = Unit(categories=(rule.category_id,) if rule.category_id else (), **days)
    return rules.ask([line_of(rule)], rules.Situation(
        unit=unit, on=on, fault="1", component=component, repairs=tuple(repairs), proofs=frozenset(proofs),
        exclusions=frozenset(exclusions), is_distance=is_distance, price=price,
    ))


@cache
def right_sets() -> tuple[dict[str, Any], ...]:
    """The sets of legal texts that come with the product, as their files in `data` have them."""
    folder = resources.files("aftercare.domain.entitlement") / "data"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    return tuple(json.loads(file.read_text("utf-8")) for file in files)


def list_right_claims(actor: Actor) -> QuerySet[RightClaim]:
    """The claims the actor may see."""
    return visible(RightClaim, actor).select_related("asset__product", "customer", "branch", "fault")


def get_right_claim(key: str | int, actor: Actor) -> RightClaim:
    """The claim of that number or id."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_right_claims(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到三包诉求"), kind="entitlement.rightclaim", key=str(key))
    return found


def right_claims_of_asset(asset_id: int, actor: Actor) -> list[RightClaim]:
    """What was asked for on that unit, newest first."""
    return list(list_right_claims(actor).filter(asset_id=asset_id).order_by("-id")[:20])


def right_claims_of(source: Source, actor: Actor) -> list[RightClaim]:
    """What was asked for from that document, newest first."""
    return statements.read(_claims, where=scope(RightClaim, actor), limit=20, source_kind=source.kind, source_id=source.id)


def _claims() -> QuerySet[RightClaim]:
    return RightClaim.objects.select_related("asset__product", "customer", "branch", "fault").order_by("-id")


def searched_right_claims(rows: QuerySet[RightClaim], text: str) -> QuerySet[RightClaim]:
    """The claims whose number, order, unit or customer is the text."""
    text = text.strip()
    if not text:
        return rows
    return rows.filter(Q(number__istartswith=text) | Q(source_number=text) | Q(asset__number=text) | Q(customer__name__icontains=text)
                       | Q(asset__serial_key__startswith=text.upper()))
