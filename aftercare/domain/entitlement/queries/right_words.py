"""Rights in words of the active language: one sentence each, with days, text and article, papers and what would change it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.entitlement.models import RightClaim, Term
from aftercare.domain.entitlement.rules import rights as rules


def right_sentence(right: rules.Right) -> str:
    """The right in two sentences at most: yes or no and why, then what is missing or would change it."""
    heads = {rules.YES: _("可以要求%(remedy)s"), rules.PROOF: _("出示凭证后可以要求%(remedy)s"), rules.NO: _("不能要求%(remedy)s")}
    head = heads[right.status] % {"remedy": remedy_label(right.remedy)}
    told = [_small(text) for text in (right_reason(row) for row in right.reasons) if text]
    if right.law:
        told.append(law_text(right))
    first = _("：").join([head, _("；").join(told)]) if told else head
    after = [text for text in (right_change(row) for row in right.changes) if text]
    stop = _("。")
    return stop.join([first, *([_raised(_("；").join(after))] if after else []), ""]).strip()


def _raised(text: str) -> str:
    """A sentence begins with a capital, where letters have them."""
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """A fragment inside a sentence does not, unless it begins with a number of ours."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def law_text(right: rules.Right) -> str:
    """The text and article a right stands on; an article nobody filled in is told as such."""
    if not right.article:
        return _("依据《%(law)s》（条款号待核）") % {"law": right.law}
    return _("依据《%(law)s》%(article)s") % {"law": right.law, "article": right.article}


def remedy_label(remedy: str) -> str:
    """The remedy in words."""
    return str(dict(RightClaim.Remedy.choices).get(remedy, remedy))


def proof_labels() -> dict[str, str]:
    """The papers in words."""
    return {"invoice": _("有效发票"), "card": _("三包凭证"), "repair_record": _("修理记录")}


def exclusion_labels() -> dict[str, str]:
    """The losses of right in words."""
    return {
        "misuse": _("使用、维护、保管不当"), "opened": _("非承担三包的修理者拆动"), "liquid": _("进液"), "force_majeure": _("不可抗力"),
        "altered_proof": _("三包凭证涂改或型号不符"), "serial_mismatch": _("发票序列号与设备不符"), "no_proof": _("没有发票和三包凭证"),
        "custom_made": _("消费者定作"), "unsealed": _("数字化商品已拆封"),
    }


def right_reason(row: dict[str, Any]) -> str:
    """One reason in words; an unknown code (of a newer version) is shown as it is."""
    return _said(row, _reasons())


def right_change(row: dict[str, Any]) -> str:
    """What would change the answer, in words."""
    return _said(row, _changes())


def _said(row: dict[str, Any], texts: dict[str, str]) -> str:
    code, params = row["code"], dict(row.get("params") or {})
    if "rule" in params:
        params["rule"] = str(dict(Term.Start.choices).get(params["rule"], params["rule"])).lower()
    if "months" in params:
        params["length"] = _length(params["months"], params.get("days", 0))
    if "what" in params:
        names = {**proof_labels(), **exclusion_labels()}
        params["what"] = _("、").join(names.get(one, one) for one in params["what"])
    if "numbers" in params:
        params["numbers"] = _("（%s）") % _("、").join(params["numbers"]) if params["numbers"] else ""
    if code == "depreciation":
        code = "depreciation" if params["fee"] else "depreciation_without_price"
    text = texts.get(code, code)
    return text % params if params else text


def _length(months: int, days: int) -> str:
    parts = [_("%s 个月") % months if months else "", _("%s 天") % days if days else ""]
    return " ".join(part for part in parts if part)


def _reasons() -> dict[str, str]:
    return {
        "no_rule": _("没有适用的规则"),
        "no_start": _("不知道购买日期"),
        "lost": _("已认定：%(what)s"),
        "not_yet": _("自 %(start)s 起才生效"),
        "too_late": _("自%(rule)s %(start)s 起 %(length)s，已于 %(end)s 届满"),
        "in_time": _("自%(rule)s %(start)s 起 %(length)s，至 %(end)s（含当日）"),
        "put_off": _("已扣除修理占用 %(days)s 天"),
        "provisional_start": _("起算日暂定"),
        "only_parts": _("只适用于主要部件：%(what)s"),
        "repaired": _("同一故障已修 %(n)s 次，须 %(needed)s 次%(numbers)s"),
        "fault_unknown": _("须同一故障修理 %(needed)s 次，尚不知本次故障"),
        "in_repair": _("%(number)s 自 %(since)s 送修已 %(days)s 天，期限 %(limit)s 天"),
        "no_repair_running": _("没有因修理者自身原因超过 %(limit)s 天的修理"),
        "no_wait_for_parts": _("没有因缺配件超过 %(limit)s 天的修理"),
        "not_distance": _("不是网络、电话、邮购等远程购买"),
        "depreciation": _("折旧费 %(fee)s 元（每日 %(rate)s%% × %(days)s 天）"),
        "depreciation_without_price": _("折旧费为发票价格的每日 %(rate)s%% × %(days)s 天"),
        "rate_unknown": _("折旧率待核"),
    }


def _changes() -> dict[str, str]:
    return {
        "show_day": _("出示能证明购买日期的凭证后可再判定"),
        "if_not_lost": _("如检测排除「%(what)s」，则重新判定"),
        "only_goodwill": _("期限已过，只能按优惠处理"),
        "show_papers": _("尚缺：%(what)s"),
        "ends_after": _("%(end)s 之后不再适用"),
        "if_part": _("如故障部件是 %(what)s，则可以要求，至 %(end)s"),
        "if_same_fault": _("如仍是「%(fault)s」（已修 %(n)s 次，须 %(needed)s 次），则按同一故障计"),
        "if_repaired": _("同一故障再修 %(left)s 次仍不能正常使用，则可以要求"),
        "if_unfinished": _("如到 %(day)s 仍未修好，则可以要求"),
        "if_distance": _("如是远程购买，则适用"),
    }


def right_texts() -> dict[str, str]:
    """The words of every reason and change, by code."""
    return {**_reasons(), **_changes()}
