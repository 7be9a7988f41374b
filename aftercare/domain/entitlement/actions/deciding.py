"""What a person decides about a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts, rules
from aftercare.domain.entitlement.access import OVERRIDE
from aftercare.domain.entitlement.actions.checks import require_reason
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken


def override(
    decision: rules.Decision, *, service_class: str, reason: str, percents: Mapping[str, int] | None = None, asset=None,
    branch_id: int | None = None, actor: Actor, at: dt.datetime,
) -> rules.Decision:
    """The decision for one document as a person changed it, with his reason; the ledger stays as it is.

    Class A makes everything paid (damage by misuse), any other everything free, or only `percents` of parts, labour
    and travel (0 to 100 borne for the customer). Kept on the unit's timeline.
    """
    actor.require(OVERRIDE, branch_id=asset.branch_id if asset is not None else branch_id)
    require_reason(reason)
    if service_class not in rules.CLASSES:
        raise RuleBroken(_("没有这种服务类别"), code="unknown_class", field="service_class")
    if any(kind not in rules.KINDS or not 0 <= share <= 100 for kind, share in (percents or {}).items()):
        raise RuleBroken(_("承担比例应在 0 到 100 之间"), code="bad_percent", field="percents")
    if asset is not None:
        record_about(asset, verb="entitlement.override", actor=actor, at=at, note=reason,
                     fact=facts.DecisionOverridden(asset.pk, decision.service_class, service_class, reason))
    return rules.overridden(decision, service_class=service_class, why=reason.strip(), by=actor.name, percents=percents)
