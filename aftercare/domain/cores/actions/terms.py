"""Rules of old parts: writes. Two rules with the same conditions never share a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.cores import access, facts, rules
from aftercare.domain.cores.models import Blocking, CoreRule
from aftercare.foundation import money, numbering, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import step

_CONDITIONS = ("branch_id", "category_id", "part_id")
_TERMS = ("is_returned", "is_paid_too", "days", "charge_amount", "is_charge_lifted", "blocking", "credit_amount", "valid_from", "valid_to")


def create_rule(
    *, valid_from: dt.date, valid_to: dt.date | None = None, branch_id: int | None = None, category_id: int | None = None,
    part_id: int | None = None, is_returned: bool = True, is_paid_too: bool = False, days: int = rules.DEFAULT_DAYS,
    charge_amount: Decimal = rules.ZERO, is_charge_lifted: bool = True, blocking: str = "none",
    credit_amount: Decimal | None = None, actor: Actor, at: dt.datetime,
) -> CoreRule:
    """Add a rule; refuses one with the same conditions on overlapping days (`rule_overlaps`).

    `days` are working days of the branch; amounts are CNY for one unit of quantity.
    """
    rule = CoreRule(
        branch_id=branch_id, category_id=category_id, part_id=part_id, is_returned=is_returned, is_paid_too=is_paid_too,
        days=days, charge_amount=charge_amount, is_charge_lifted=is_charge_lifted, blocking=blocking,
        credit_amount=credit_amount, valid_from=valid_from, valid_to=valid_to,
    )
    with step():
        _require_sound(rule)
        transactions.forget()
        return open_new(rule, actor=actor, at=at, permission=access.EDIT_RULES, fact=lambda row: facts.RuleSet(row.pk))


def edit_rule(rule: CoreRule, *, version: int, actor: Actor, at: dt.datetime, **fields: Any) -> CoreRule:
    """Change a rule's terms, or end it by `valid_to`. Debts that stand keep the terms of the day they arose."""
    for name in fields:
        if name not in _TERMS:
            raise RuleBroken(_("不能修改这一项"), code="unknown_field", field=name)
    for name, value in fields.items():
        setattr(rule, name, value)
    with step():
        _require_sound(rule)
        transactions.forget()
        return revise(rule, actor=actor, at=at, permission=access.EDIT_RULES, version=version, **fields)


def _require_sound(rule: CoreRule) -> None:
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise RuleBroken(_("失效日期不能早于生效日期"), code="validity_reversed", field="valid_to")
    if not 1 <= rule.days <= rules.MAX_DAYS:
        raise RuleBroken(_("期限应为 1 到 %(most)s 个工作日") % {"most": rules.MAX_DAYS}, code="out_of_range", field="days")
    if rule.blocking not in Blocking.values:
        raise RuleBroken(_("没有这种处理方式"), code="unknown_policy", field="blocking")
    money.require_amount(rule.charge_amount, field="charge_amount")
    if rule.credit_amount is not None:
        money.require_amount(rule.credit_amount, field="credit_amount")
    # Nothing in both databases excludes overlapping ranges; the series' row makes writers of rules wait for each other.
    numbering.take("CORE-RULES")
    same = {f"{name}__isnull": True for name in _CONDITIONS if getattr(rule, name) is None}
    same |= {name: getattr(rule, name) for name in _CONDITIONS if getattr(rule, name) is not None}
    for other in CoreRule.objects.filter(**same).exclude(pk=rule.pk):
        if rules.overlap((rule.valid_from, rule.valid_to), (other.valid_from, other.valid_to)):
            raise RuleBroken(_("同样条件的规则在这些日期已经存在"), code="rule_overlaps", field="valid_from", other=other.pk)
