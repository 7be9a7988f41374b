"""Whether a decision's reasons and sentences say what the decision says: used by the property tests and the proof."""

from __future__ import annotations

from django.utils import translation

from aftercare.domain.entitlement import queries, rules

_FEES = {"parts": "配件费", "labour": "人工费", "travel": "上门费"}


def find(decision: rules.Decision) -> list[str]:
    """What the explanation says otherwise than the decision; empty when it agrees."""
    wrong = []
    codes = [row["code"] for row in decision.reasons]
    is_by_hand = "overridden" in codes
    lines = {kind: decision.line(kind) for kind in rules.KINDS}
    if (decision.service_class == rules.PAID) != all(line.payer == "customer" for line in lines.values()):
        wrong.append("class and lines differ")
    for kind, line in lines.items():
        if sum(percent for _payer, percent in line.shares) != 100:
            wrong.append(f"{kind}: shares do not sum to 100")
        if (line.payer == "customer") == getattr(decision, f"covers_{kind}"):
            wrong.append(f"{kind}: covered and payer differ")
        if line.ends_on and not line.starts_on <= decision.on.isoformat() <= line.ends_on:
            wrong.append(f"{kind}: its cover does not hold on that day")
    if not is_by_hand:
        if ("within" in codes) != (decision.service_class != rules.PAID):
            wrong.append("`within` and class differ")
        if "expired" in codes and not decision.ends_on < decision.on:
            wrong.append("expired before its end")
        if "not_started" in codes and not decision.starts_on > decision.on:
            wrong.append("not started after its start")
        if rules.SUSPICIOUS.intersection(decision.flags) and decision.service_class == rules.PAID and not (
            {"needs_decision", "excluded", "used_up"} & set(codes)
        ):
            wrong.append("a doubt that nobody is asked about")
    return wrong + _sentence(decision, lines)


def _sentence(decision: rules.Decision, lines: dict[str, rules.Line]) -> list[str]:
    wrong = []
    with translation.override("zh-hans"):
        first, whole = queries.told_first(decision), queries.sentence(decision)
    payers = first.rsplit("，所以", 1)[-1].rstrip("。").split("（部件")[0]
    paid = [kind for kind in rules.KINDS if lines[kind].payer == "customer"]
    by_customer = next((part for part in payers.split("，") if part.endswith("由您承担")), "")
    for kind, word in _FEES.items():
        if (word in by_customer) != (kind in paid):
            wrong.append(f"the sentence tells {kind} otherwise: {first}")
        if word not in payers:
            wrong.append(f"the sentence leaves {kind} out: {first}")
    if decision.ends_on and decision.service_class == "C" and "由您" not in first and "overridden" not in str(decision.reasons):
        day = f"{decision.ends_on.year}年{decision.ends_on.month}月{decision.ends_on.day}日"
        if day not in first:
            wrong.append(f"the sentence leaves the end out: {first}")
    if whole.count("。") != 2:
        wrong.append(f"not two sentences: {whole}")
    return wrong
