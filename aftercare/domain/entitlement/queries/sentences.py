"""Decisions in words of the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import Term


def sentence(decision: rules.Decision | dict) -> str:
    """The decision in one line of the active language: class, reasons, what is covered."""
    if isinstance(decision, dict):
        decision = rules.Decision.from_data(decision)
    parts = [class_label(decision.service_class)]
    parts += [text for text in (reason_text(row) for row in decision.reasons) if text]
    return _("：").join([parts[0], _("；").join(parts[1:])]) if parts[1:] else parts[0]


def class_label(letter: str) -> str:
    """The service class in words."""
    return {"A": _("收费"), "B": _("合同"), "C": _("保内免费"), "D": _("行政")}.get(letter, letter)


def reason_text(reason: dict) -> str:
    """One reason in words; an unknown code (of a newer version) is shown as it is."""
    code, params = reason["code"], dict(reason.get("params") or {})
    if code == "started_by":
        params["rule"] = str(dict(Term.Start.choices).get(params.get("rule"), params.get("rule")))
    if code == "overridden":
        params |= {"before": class_label(params["before"]), "after": class_label(params["after"])}
    text = reason_texts().get(code, code)
    return text % params if params else text


def reason_texts() -> dict[str, str]:
    """The words of every reason, by its code."""
    return {
        "unit_unknown": _("没有设备档案，无法判定保修"),
        "serial_without_sale": _("有序列号但没有销售记录"),
        "sale_unknown": _("没有销售记录"),
        "sold_after_invoice": _("销售日晚于开票日"),
        "invoice_for_other_serial": _("发票上是另一个序列号"),
        "sale_before_production": _("销售日早于生产日"),
        "provisional_start": _("起算日暂定"),
        "needs_decision": _("需人工判定，暂按收费"),
        "no_term": _("没有适用的保修条款"),
        "no_start": _("不知道起算日"),
        "not_started": _("「%(term)s」自 %(start)s 起才生效"),
        "expired": _("「%(term)s」已于 %(end)s 到期"),
        "within": _("「%(term)s」%(start)s 至 %(end)s（含当日）"),
        "started_by": _("自%(rule)s %(day)s 起算"),
        "repair_days": _("修理占用顺延 %(days)s 天"),
        "component_only": _("仅部件在保"),
        "parts_not_covered": _("不含配件"),
        "labour_not_covered": _("不含人工"),
        "travel_not_covered": _("不含上门"),
        "overridden": _("由%(by)s从「%(before)s」改为「%(after)s」：%(reason)s"),
    }
