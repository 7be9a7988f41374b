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


def rule_at(branch_id: int) -> Rule:
    """The rule in force at a branch: its own, else the company's, else what the product comes with."""
    rows = kept.setting("custody.rules", lambda: {row.branch_id: as_rule(row) for row in CustodyRule.objects.all()})
    return rows.get(branch_id) or rows.get(None) or Rule()


def as_rule(row: CustodyRule) -> Rule:
    """A row as plain values."""
    return Rule(**{name: getattr(row, name) for name in _NAMES})
