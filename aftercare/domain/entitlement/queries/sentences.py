"""Classes and reasons in words of the active language, as short labels; `explaining` makes whole sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.entitlement.models import Term

# The words of every reason, by its code.
_REASONS = {
    "unit_unknown": gettext_lazy("没有设备档案，无法判定保修"),
    "serial_without_sale": gettext_lazy("有序列号但没有销售记录"),
    "sale_unknown": gettext_lazy("没有销售记录"),
    "sold_after_invoice": gettext_lazy("销售日晚于开票日"),
    "invoice_for_other_serial": gettext_lazy("发票上是另一个序列号"),
    "sale_before_production": gettext_lazy("销售日早于生产日"),
    "provisional_start": gettext_lazy("起算日暂定"),
    "needs_decision": gettext_lazy("需人工判定，暂按收费"),
    "no_term": gettext_lazy("没有适用的保修条款"),
    "no_start": gettext_lazy("不知道起算日"),
    "not_started": gettext_lazy("「%(term)s」自 %(start)s 起才生效"),
    "expired": gettext_lazy("「%(term)s」已于 %(end)s 到期"),
    "within": gettext_lazy("「%(term)s」%(start)s 至 %(end)s（含当日）"),
    "started_by": gettext_lazy("自%(rule)s %(day)s 起算"),
    "repair_days": gettext_lazy("修理占用顺延 %(days)s 天"),
    "component_only": gettext_lazy("仅部件在保"),
    "excluded": gettext_lazy("「%(what)s」不在「%(term)s」的保修范围内"),
    "used_up": gettext_lazy("「%(term)s」保到 %(cycles)s %(unit)s，%(day)s 读数 %(reading)s"),
    "cycles_left": gettext_lazy("使用不超过 %(cycles)s %(unit)s"),
    "third_claim": gettext_lazy("同一故障第 %(count)s 次报修"),
    "parts_shared": gettext_lazy("配件承担 %(percent)s%%"),
    "labour_shared": gettext_lazy("人工承担 %(percent)s%%"),
    "travel_shared": gettext_lazy("上门承担 %(percent)s%%"),
    "parts_not_covered": gettext_lazy("不含配件"),
    "labour_not_covered": gettext_lazy("不含人工"),
    "travel_not_covered": gettext_lazy("不含上门"),
    "overridden": gettext_lazy("由%(by)s从「%(before)s」改为「%(after)s」：%(reason)s"),
}


def class_label(letter: str) -> str:
    """The service class in words."""
    return {"A": _("收费"), "B": _("合同"), "C": _("保内免费"), "D": _("行政")}.get(letter, letter)


def reason_text(reason: dict) -> str:
    """One reason in words; an unknown code (of a newer version) is shown as it is."""
    code, params = reason["code"], dict(reason.get("params") or {})
    if code == "started_by":
        params["rule"] = start_label(params.get("rule"))
    if code == "overridden":
        params |= {"before": class_label(params["before"]), "after": class_label(params["after"])}
    text = str(_REASONS.get(code, code))
    return text % params if params else text


def start_label(rule: str) -> str:
    """The day from which a cover runs, in words."""
    if rule == "replacement":
        return _("更换日")
    return str(dict(Term.Start.choices).get(rule, rule))


def verdict_label(verdict: str) -> str:
    """How a line comes out, in words."""
    words = {"free": _("免费"), "paid": _("收费"), "contract": _("合同"), "claim": _("索赔"), "goodwill": _("优惠")}
    return words.get(verdict, verdict)


def payer_label(payer: str) -> str:
    """Who bears a line, in words."""
    words = {"customer": _("客户"), "maker": _("厂家"), "supplier": _("供应商"), "company": _("本公司"), "contract": _("合同")}
    return words.get(payer, payer)


def state_label(state: str) -> str:
    """How a unit stands on a day, in words."""
    words = {
        "in_warranty": _("保内"), "contract": _("合同内"), "goodwill": _("优惠期内"), "not_started": _("未起保"),
        "out": _("已过保"), "doubtful": _("待判定"), "unknown": _("无条款"),
    }
    return words.get(state, state)


def reason_texts() -> dict[str, str]:
    """The words of every reason, by its code, in the active language."""
    return {code: str(text) for code, text in _REASONS.items()}
