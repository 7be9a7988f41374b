"""The rules of custody, of the company and of branches."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, rules
from aftercare.domain.custody.models import CustodyRule
from aftercare.foundation import money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import step

_MESSAGES = {
    "ladder_order": gettext_lazy("提醒天数须逐级增大"),
    "wait_too_short": gettext_lazy("通知后的等待期不得少于 60 天"),
    "bad_percent": gettext_lazy("比例应在 0 到 100 之间"),
    "bad_days": gettext_lazy("天数应在 1 到 365 之间"),
}


def set_rule(*, branch_id: int | None = None, version: int | None = None, actor: Actor, at: dt.datetime, **fields: Any) -> CustodyRule:
    """Set the rules of the company (`branch_id` None) or of a branch; what is not named keeps its value.

    Fields as of `rules.Rule`. Refuses a ladder whose steps do not rise and a wait shorter than the law leaves (60 days).
    """
    known_names = {one.name for one in dataclasses.fields(rules.Rule)}
    if unknown := set(fields) - known_names:
        raise TypeError(f"no rule of that name: {sorted(unknown)}")
    _require_reach(actor, branch_id)
    if fields.get("leaving", "block") not in CustodyRule.Leaving.values:
        raise RuleBroken(_("没有这种处理方式"), code="no_such_kind", field="leaving")
    if "least_deposit_amount" in fields:
        fields["least_deposit_amount"] = money.require_amount(fields["least_deposit_amount"], field="least_deposit_amount")
    with step():
        numbering.take("CUSTODY-RULE")  # two who set it at once take their turns
        known = CustodyRule.objects.filter(branch_id=branch_id).first()
        now = {name: getattr(known, name) for name in known_names} if known else {}
        fault = rules.find_fault(rules.Rule(**now | fields))
        if fault is not None:
            raise RuleBroken(_MESSAGES[fault[0]], code=fault[0], field=fault[1])
        fact = facts.RuleSet(branch_id)
        if known is not None:
            return revise(known, actor=actor, at=at, permission=permissions.SET_RULES, version=version, fact=fact,
                          verb="custody.rule.set", **fields)
        return open_new(CustodyRule(branch_id=branch_id, **fields), actor=actor, at=at, permission=permissions.SET_RULES,
                        verb="custody.rule.set", fact=fact)


def _require_reach(actor: Actor, branch_id: int | None) -> None:
    """The company's rules are everybody's, so that only who reaches everything sets them."""
    if branch_id is not None:
        actor.require(permissions.SET_RULES, branch_id=branch_id)
        return
    reach = actor.reach(permissions.SET_RULES)
    if reach is None or not reach.everywhere:
        actor.require(permissions.SET_RULES, branch_id=None)
