"""The rules of custody in force."""

from __future__ import annotations

import dataclasses

from django.db.models import QuerySet

from aftercare.domain.custody.models import CustodyRule
from aftercare.domain.custody.rules import Rule
from aftercare.foundation import access, kept
from aftercare.foundation.access import Actor

_NAMES = [one.name for one in dataclasses.fields(Rule)]


def list_rules(actor: Actor) -> QuerySet[CustodyRule]:
    """The company's rules and those of branches."""
    return access.visible(CustodyRule, actor).select_related("branch").order_by("branch_id")


def _rules() -> dict[int | None, Rule]:
    return kept.setting("custody.rules", lambda: {row.branch_id: as_rule(row) for row in CustodyRule.objects.all()})


def rule_at(branch_id: int) -> Rule:
    """The rule in force at a branch: its own, else the company's, else what the product comes with."""
    rows = _rules()
    return rows.get(branch_id) or rows.get(None) or Rule()


def calibration_days() -> tuple[int, dict[int, int]]:
    """How many days before its end a calibration is told: of the company, and of branches with rules of their own."""
    rows = _rules()
    own = {branch_id: rule.calibration_days for branch_id, rule in rows.items() if branch_id is not None}
    return (rows.get(None) or Rule()).calibration_days, own


def as_rule(row: CustodyRule) -> Rule:
    """A row as plain values."""
    return Rule(**{name: getattr(row, name) for name in _NAMES})
