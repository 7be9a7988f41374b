"""A decision in two sentences that can be read to a customer: what holds with its dates, and what would change it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.queries.sentences import reason_text

# Translated when one of them is told: a sentence needs two of thirty.
_GROUND = {
    "within": gettext_lazy("这台设备在「%(term)s」的保修期内，从%(start)s起，到%(end)s当天结束为止"),
    "within_by": gettext_lazy("这台设备在「%(term)s」的保修期内，从%(start)s（%(rule)s）起算，到%(end)s当天结束为止"),
    "within_put_off": gettext_lazy("这台设备在「%(term)s」的保修期内，从%(start)s起算，因修理占用顺延 %(days)s 天，到%(end)s当天结束为止"),
    "within_B": gettext_lazy("这台设备有维保合同「%(term)s」，从%(start)s到%(end)s当天结束为止有效"),
    "within_D": gettext_lazy("我们为这台设备批准了「%(term)s」，从%(start)s到%(end)s当天结束为止有效"),
    "expired": gettext_lazy("这台设备的「%(term)s」从%(start)s起算，已在%(end)s当天结束时到期，%(on)s不在保修期内"),
    "expired_put_off": gettext_lazy("这台设备的「%(term)s」从%(start)s起算，顺延修理占用的 %(days)s 天后，已在%(end)s当天结束时到期，%(on)s不在保修期内"),
    "not_started": gettext_lazy("这台设备的「%(term)s」从%(start)s才开始，%(on)s还没有生效"),
    "excluded": gettext_lazy("这台设备的「%(term)s」到%(end)s才到期，但「%(what)s」不在保修范围内"),
    "used_up": gettext_lazy("「%(term)s」只保到使用 %(cycles)s %(unit)s，%(day)s的读数已是 %(reading)s"),
    "needs_decision": gettext_lazy("%(on)s核对资料时发现疑点（%(doubts)s），要由主管判定后才能免费"),
    "no_term": gettext_lazy("%(on)s没有适用于这台设备的保修条款"),
    "no_start": gettext_lazy("没有购买、安装或生产日期，%(on)s无法算出保修期"),
    "unit_unknown": gettext_lazy("还没有登记设备，%(on)s无法核对保修"),
    "overridden": gettext_lazy("%(by)s对本次服务作出了决定，理由是「%(reason)s」"),
    "none": gettext_lazy("%(on)s没有保修记录"),
}
_CHANGES = {
    "ends_after": gettext_lazy("%(end)s之后报修的，需要收费。"),
    "if_excluded": gettext_lazy("如果检查发现是进液、摔损等不保的原因，则需要收费；保修到%(end)s为止。"),
    "start_may_move": gettext_lazy("起算日是暂定的，登记确切日期后保修期可能改变。"),
    "other_cause": gettext_lazy("如果检查证实是别的原因，我们重新判定。"),
    "check_reading": gettext_lazy("如果读数有误，请让我们再抄一次表，我们重新判定。"),
    "show_sale": gettext_lazy("请出示购机发票或销售单，我们按上面的日期重新判定。"),
    "show_own_invoice": gettext_lazy("请出示写有这台设备序列号的发票，我们重新判定。"),
    "check_days": gettext_lazy("请出示凭据核对销售、开票和生产日期，我们重新判定。"),
    "set_term": gettext_lazy("如果您有延保或维保合同，请出示，我们重新判定。"),
    "starts_later": gettext_lazy("%(start)s起报修的，按保修处理。"),
    "check_start": gettext_lazy("起算日是暂定的，请出示有确切日期的凭据，我们重新判定。"),
    "extend_cover": gettext_lazy("如果您买过延保、签过维保合同，或有日期更晚的购机凭据，请出示，我们重新判定。"),
    "register_unit": gettext_lazy("请提供序列号和购机凭据，登记后我们重新判定。"),
    "only_by_decision": gettext_lazy("这个决定只用于本次服务，不改变设备的保修期。"),
}


def sentence(decision: rules.Decision | dict) -> str:
    """The decision in two sentences of the active language: who pays and why, with dates; what would change it."""
    if isinstance(decision, dict):
        decision = rules.Decision.from_data(decision)
    return pgettext("between sentences", "%(first)s%(second)s") % {
        "first": told_first(decision), "second": told_second(decision),
    }


def told_first(decision: rules.Decision) -> str:
    """The first sentence: the ground with its dates, and who pays for what."""
    values = {"ground": _ground(decision), "payers": _payers(decision) + _still_covered(decision)}
    return _("%(ground)s，所以%(payers)s。") % values


def told_second(decision: rules.Decision) -> str:
    """The second sentence: what would make the answer another one."""
    for row in decision.changes:
        text = _CHANGES.get(row["code"])
        if text:
            return text % _shown(row["params"])
    if decision.service_class == rules.PAID:
        return _("如果您有购机发票、延保或维保合同，请出示，我们重新判定。")
    return _CHANGES["ends_after"] % {"end": _day(decision.ends_on)} if decision.ends_on else _("这是针对本次服务的决定。")


def _ground(decision: rules.Decision) -> str:
    reasons = {row["code"]: row for row in decision.reasons}
    for code in ("overridden", "unit_unknown", "excluded", "used_up", "needs_decision", "no_term", "no_start", "not_started",
                 "expired", "within"):
        if code not in reasons:
            continue
        params = {**reasons[code]["params"], "on": decision.on, "start": decision.starts_on, "evidence": decision.evidence}
        if code in ("within", "expired"):
            code = _variant(code, decision, reasons)
            params |= {"end": decision.ends_on, "rule": _start_word(reasons.get("started_by", {}).get("params", {}).get("rule", "")),
                       "days": reasons.get("repair_days", {}).get("params", {}).get("days", 0)}
        if code == "needs_decision":
            params["doubts"] = _("、").join(reason_text({"code": flag}) for flag in decision.flags if flag in rules.SUSPICIOUS)
        return _GROUND[code] % _shown(params)
    return _GROUND["none"] % _shown({"on": decision.on})


def _variant(code: str, decision: rules.Decision, reasons: dict) -> str:
    if code == "expired":
        return "expired_put_off" if "repair_days" in reasons else "expired"
    if decision.service_class in ("B", "D"):
        return f"within_{decision.service_class}"
    if "repair_days" in reasons:
        return "within_put_off"
    return "within_by" if "started_by" in reasons else "within"


def _payers(decision: rules.Decision) -> str:
    words = {"parts": pgettext("fee in a sentence", "配件费"), "labour": pgettext("fee in a sentence", "人工费"),
             "travel": pgettext("fee in a sentence", "上门费")}
    groups: dict[tuple[str, int], list[str]] = {}
    for kind in rules.KINDS:
        line = decision.line(kind)
        groups.setdefault((line.payer, line.percent if line.payer != "customer" else 0), []).append(str(words[kind]))
    told = [_clause(payer, percent, _joined(kinds)) for (payer, percent), kinds in groups.items()]
    return pgettext("between clauses", "，").join(told)


def _still_covered(decision: rules.Decision) -> str:
    """The components whose part is better covered than the unit's parts are."""
    whole = decision.line("parts").percent
    rows = [row for row in decision.components if row["is_active"] and row["covers_parts"] and row.get("parts_percent", 100) > whole]
    told = [_("「%(name)s」到%(end)s") % {"name": row["component"], "end": _day(row["ends_on"])} for row in rows]
    return _("（部件%(parts)s仍在保，更换时该配件免费）") % {"parts": _("、").join(told)} if told else ""


def _start_word(rule: str) -> str:
    words = {
        "sale": pgettext("start in a sentence", "销售日"), "invoice": pgettext("start in a sentence", "开票日"),
        "delivery": pgettext("start in a sentence", "交付日"), "installation": pgettext("start in a sentence", "安装日"),
        "registration": pgettext("start in a sentence", "登记日"), "production": pgettext("start in a sentence", "由生产日推算"),
        "replacement": pgettext("start in a sentence", "更换日"),
    }
    return words.get(rule, rule)


def _joined(kinds: list[str]) -> str:
    if len(kinds) == 1:
        return kinds[0]
    return pgettext("list in a sentence", "%(some)s和%(last)s") % {
        "some": pgettext("list in a sentence", "、").join(kinds[:-1]), "last": kinds[-1],
    }


def _clause(payer: str, percent: int, kinds: str) -> str:
    if payer == "customer":
        return _("%(kinds)s由您承担") % {"kinds": kinds}
    values = {"kinds": kinds, "percent": percent, "rest": 100 - percent, "payer": {
        "maker": pgettext("payer in a sentence", "厂家"), "supplier": pgettext("payer in a sentence", "供应商"),
        "contract": pgettext("payer in a sentence", "维保合同"), "company": pgettext("payer in a sentence", "我们"),
    }.get(payer, payer)}
    if percent < 100:
        return _("%(kinds)s由%(payer)s承担 %(percent)s%%，您承担其余 %(rest)s%%") % values
    return _("%(kinds)s由%(payer)s承担") % values


def _shown(params: dict[str, Any]) -> dict[str, Any]:
    """Days as the language writes them; everything else as it is."""
    days = ("on", "start", "end", "day")
    return {name: _day(value) if name in days else value for name, value in params.items()}


def _day(value: Any) -> str:
    if not value:
        return _("（日期不明）")
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return formats.date_format(day, "DATE_FORMAT")
