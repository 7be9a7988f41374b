"""Rules, and what they decide about a part line that was used."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.cores import rules
from aftercare.domain.cores.models import CoreRule
from aftercare.domain.people import queries as people
from aftercare.foundation import kept
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

_CONDITIONS = ("branch_id", "category_id", "part_id")


def list_rules(actor: Actor) -> QuerySet[CoreRule]:
    """Rules with what they name, newest validity first."""
    return visible(CoreRule, actor).select_related("branch", "category", "part").order_by("-valid_from", "-id")


def get_rule(rule_id: int | str, actor: Actor) -> CoreRule:
    """One rule; refuses when there is none."""
    found = list_rules(actor).filter(pk=rule_id).first() if str(rule_id).isdigit() else None
    if found is None:
        raise NotFound(_("没有找到旧件返还规则"), kind="cores.corerule", key=str(rule_id))
    return found


def rule_line(rule: CoreRule) -> rules.RuleLine:
    """A rule as plain values."""
    return rules.RuleLine(
        id=rule.pk, version=rule.version, valid_from=rule.valid_from, valid_to=rule.valid_to, branch_id=rule.branch_id,
        category_id=rule.category_id, part_id=rule.part_id, is_returned=rule.is_returned, is_paid_too=rule.is_paid_too,
        days=rule.days, charge_amount=rule.charge_amount, is_charge_lifted=rule.is_charge_lifted, blocking=rule.blocking,
        credit_amount=rule.credit_amount,
    )


def rule_lines() -> list[rules.RuleLine]:
    """All rules as plain values, kept in memory until one of them changes."""
    return kept.setting("cores.rules", lambda: [rule_line(rule) for rule in CoreRule.objects.all()])


def may_be_owed(parts: Iterable) -> bool:
    """True when an old part of any of these parts might be owed at all; asks nothing of the database once rules are kept."""
    named = {line.part_id for line in rule_lines()}
    return any(part.is_returnable or part.pk in named for part in parts)


def decide(uses: Iterable[rules.Use], *, branch_id: int) -> list[rules.Decision]:
    """What the rules decide about each use, in order; the branch's superiors are looked up where a rule names a branch."""
    lines = rule_lines()
    path = people.branch_line(branch_id) if any(line.branch_id is not None for line in lines) else ()
    return [rules.decide(_at(use, path), lines) for use in uses]


def _at(use: rules.Use, path) -> rules.Use:
    return rules.Use(use.part_id, use.is_flagged, use.is_paid, use.on, tuple(path), use.category_ids)


def overlapping_rules() -> list[tuple[int, int]]:
    """Pairs of rules with the same conditions that share a day; none unless the table was edited by hand."""
    same: dict[tuple, list[CoreRule]] = {}
    for rule in CoreRule.objects.order_by("id"):
        same.setdefault(tuple(getattr(rule, name) for name in _CONDITIONS), []).append(rule)
    return [
        (one.pk, two.pk) for group in same.values() for one, two in combinations(group, 2)
        if rules.overlap((one.valid_from, one.valid_to), (two.valid_from, two.valid_to))
    ]
