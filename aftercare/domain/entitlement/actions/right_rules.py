"""Every write of consumer-rights rules: written down, edited, checked by a person, loaded from the sets that come with the product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import EDIT_RIGHT_RULE
from aftercare.domain.entitlement.lifecycle import RIGHT_RULE, RuleStatus
from aftercare.domain.entitlement.models import RightRule, Term
from aftercare.domain.entitlement.rules import right_sets
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import Invalid, RuleBroken
from aftercare.foundation.transactions import step

_FIELDS = frozenset({
    "name", "law", "article", "kind_of", "category", "components", "remedies", "starts", "months", "days", "repairs", "limit_days",
    "day_rate", "is_put_off", "is_fallback", "proofs", "exclusions", "valid_from", "valid_to", "note",
})
_TEXTS = ("name", "law", "article", "note")


def create_right_rule(*, name: str, law: str, kind: str, remedies: Sequence[str], valid_from: dt.date, actor: Actor, at: dt.datetime,
                      **fields: Any) -> RightRule:
    """Write a rule down: the text and article, the condition (`rules.rights.KINDS`), what may be asked for.

    It is a draft, marked "check before use", until `check_rule`. Refuses a rule without law, window or remedy.
    """
    rule = RightRule(kind_of=kind, valid_from=valid_from, **_clean({"name": name, "law": law, "remedies": list(remedies), **fields}))
    _require_rule(rule)
    return open_new(rule, actor=actor, at=at, permission=EDIT_RIGHT_RULE, verb="entitlement.rightrule.set",
                    fact=lambda row: facts.RightRuleSet(row.pk, row.name))


def edit_right_rule(rule: RightRule, *, version: int | None = None, actor: Actor, at: dt.datetime, **fields: Any) -> RightRule:
    """Change a rule. One that was checked has to be checked again."""
    given = _clean(fields)
    edited = RightRule(**{f.attname: getattr(rule, f.attname) for f in RightRule._meta.concrete_fields})
    for name, value in given.items():
        setattr(edited, name, value)
    _require_rule(edited)
    with step():
        if rule.status == RuleStatus.CHECKED:
            rule = reopen_rule(rule, reason=wording.stored(lambda: _("规则有修改")), version=version, actor=actor, at=at)
            version = rule.version
        return revise(rule, actor=actor, at=at, permission=EDIT_RIGHT_RULE, version=version, verb="entitlement.rightrule.edit", **given)


@RIGHT_RULE.move("check_rule")
def check_rule(rule: RightRule, *, actor: Actor, at: dt.datetime):
    """A person compared the rule with its text and answers for it; refuses a rule that names no article."""
    if not rule.article:
        raise RuleBroken(_("请先填写条款号"), code="article_missing", field="article")
    revise(rule, checked_by=actor.name[:80], checked_at=at)
    return facts.RightRuleChecked(rule.pk, rule.name, actor.name)


@RIGHT_RULE.move("reopen_rule")
def reopen_rule(rule: RightRule, *, reason: str, actor: Actor, at: dt.datetime):
    """The rule is to be checked again."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    revise(rule, checked_by="", checked_at=None)


def load_right_sets(sets: Sequence[Mapping[str, Any]], categories: Mapping[str, int], *, actor: Actor,
                    at: dt.datetime) -> tuple[list[RightRule], list[str]]:
    """Load the sets for the categories there are (name to id); gives back the new rules, and goods without a category here.

    What was loaded before, edited or not, stays as it is: loading again adds only what is missing.
    """
    actor.require_anywhere(EDIT_RIGHT_RULE)
    made, left = [], []
    with step():
        for one in sets:
            rows, missing = right_sets.spread(one, categories)
            left += missing
            known = set(RightRule.objects.filter(key__in=[row["key"] for row in rows]).values_list("key", flat=True))
            made += [_load(row, actor, at) for row in rows if row["key"] not in known]
    return made, left


def _load(row: dict[str, Any], actor: Actor, at: dt.datetime) -> RightRule:
    rate = row.pop("day_rate", None)
    values = row | {"kind_of": row["kind"], "valid_from": dt.date.fromisoformat(row["valid_from"]),
                    "day_rate": None if rate is None else Decimal(rate)}
    del values["kind"]
    rule = RightRule(**values)
    _require_rule(rule)
    return open_new(rule, actor=actor, at=at, permission=EDIT_RIGHT_RULE, verb="entitlement.rightrule.add",
                    fact=lambda found: facts.RightRuleSet(found.pk, found.name))


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(fields.keys() - _FIELDS)
    if unknown:
        raise Invalid({name: _("这一项不能修改") for name in unknown}, code="unknown_field")
    given = dict(fields)
    for name in _TEXTS:
        if name in given:
            given[name] = given[name].strip()
    for name in ("remedies", "proofs", "exclusions"):
        if name in given:
            given[name] = list(dict.fromkeys(given[name]))
    if "components" in given:
        given["components"] = [word.strip()[:40] for word in given["components"] if word.strip()][:30]
    return given


def _require_rule(rule: RightRule) -> None:
    checks = (
        (rule.name, _("请填写规则名称"), "name_missing", "name"),
        (rule.law, _("请填写法规名称"), "law_missing", "law"),
        (rule.kind_of in rules.KINDS, _("没有这种情形"), "unknown_kind", "kind_of"),
        (rule.remedies and set(rule.remedies) <= set(rules.REMEDIES), _("请选择可以主张的权利"), "no_remedy", "remedies"),
        (set(rule.proofs) <= set(rules.PROOFS), _("没有这种凭证"), "unknown_proof", "proofs"),
        (set(rule.exclusions) <= set(rules.EXCLUSIONS), _("没有这种情形"), "unknown_exclusion", "exclusions"),
        (rule.starts in Term.Start.values, _("没有这种起算方式"), "unknown_start", "starts"),
        (rule.months + rule.days > 0, _("请填写月数或天数"), "no_length", "months"),
        (rule.kind_of != "repeat" or rule.repairs > 0, _("请填写修理次数"), "no_repairs", "repairs"),
        (rule.kind_of not in ("slow_parts", "slow_repair") or rule.limit_days > 0, _("请填写修理期限"), "no_limit", "limit_days"),
        (rule.day_rate is None or 0 <= rule.day_rate <= 100, _("比例不正确"), "bad_rate", "day_rate"),
        (rule.valid_to is None or rule.valid_to >= rule.valid_from, _("失效日期不能早于生效日期"), "bad_span", "valid_to"),
    )
    for holds, message, code, field in checks:
        if not holds:
            raise RuleBroken(message, code=code, field=field)
