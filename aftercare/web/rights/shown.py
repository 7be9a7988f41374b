"""Rights as pages show them: one row a remedy, with tone, sentence, papers and text."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import access, queries
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.domain.work import queries as orders
from aftercare.flows import ask_rights
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

TONES = {rules.YES: "ok", rules.PROOF: "warn", rules.NO: "mute"}
STATUS_TONES = {"claimed": "violet", "granted": "ok", "refused": "bad", "done": "mute", "withdrawn": "struck"}


def status_label(status: str) -> str:
    """Yes, no, or with papers, in a word."""
    return {rules.YES: _("可以"), rules.PROOF: _("须补凭证"), rules.NO: _("不可以")}[status]


def rows_of(answer: rules.Answer) -> list[dict[str, Any]]:
    """One row for every remedy."""
    return [
        {"remedy": right.remedy, "label": queries.remedy_label(right.remedy), "status": status_label(right.status),
         "tone": TONES[right.status], "text": queries.right_sentence(right), "until": right.until if right.status != rules.NO else None,
         "fee": right.fee_amount, "unchecked": right.rule_id is not None and not right.is_checked, "holds": right.status != rules.NO}
        for right in answer.rights
    ]


def brief(answer: rules.Answer | None) -> dict[str, Any] | None:
    """The right that gives most, in a line for a card; None where the rules say nothing at all about the unit."""
    if answer is None or all(right.rule_id is None for right in answer.rights):
        return None
    best = answer.best
    if best is None:
        return {"label": _("三包已过期或不适用"), "tone": "mute", "until": None}
    return {"label": _("可%s") % queries.remedy_label(best.remedy), "tone": TONES[best.status], "until": best.until}


def of_unit(unit: Any, actor: Actor) -> dict[str, Any] | None:
    """The card of a unit's page: what may be asked for today, and what was asked."""
    if not actor.holds(access.VIEW_RIGHT):
        return None
    today = clock.local_day(clock.now(), actor.zone)
    answer = ask_rights.for_unit(unit, on=today, zone=actor.zone)
    return _card(answer, queries.right_claims_of_asset(unit.pk, actor), unit, actor, f"asset={unit.number}")


def of_order(order: Any, actor: Actor) -> dict[str, Any] | None:
    """The card of an order's page: for its unit and its fault."""
    if order.asset_id is None or not actor.holds(access.VIEW_RIGHT):
        return None
    today = clock.local_day(clock.now(), actor.zone)
    answer = ask_rights.for_order(order, on=today, zone=actor.zone)
    return _card(answer, queries.right_claims_of(Source.of(order), actor), order.asset, actor, f"order={order.number}")


def _card(answer: rules.Answer, claims: list, unit: Any, actor: Actor, query: str) -> dict[str, Any] | None:
    if not claims and all(right.rule_id is None for right in answer.rights):
        return None
    own = (actor.employee_id,) if unit.branch_id == actor.branch_id else ()
    may = actor.may(access.CLAIM_RIGHT, branch_id=unit.branch_id, people=own)
    return {
        "rows": rows_of(answer), "on": answer.on, "claims": [
            {"number": c.number, "label": c.get_remedy_display(), "status": c.get_status_display(), "tone": STATUS_TONES[c.status],
             "day": c.claimed_on} for c in claims
        ],
        "unchecked": any(right.rule_id is not None and not right.is_checked for right in answer.rights),
        "claim_url": f"/right-claims/new/?{query}" if may else "",
    }


def faults_of(unit: Any, actor: Actor) -> list[tuple[int, str]]:
    """The faults that the unit was repaired for, for choices."""
    found = {order.fault_id: order.fault.name for order in orders.list_of_asset(unit.pk, actor) if order.fault_id}
    return sorted(found.items(), key=lambda pair: pair[1])
