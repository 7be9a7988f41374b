"""The words of this room's refusals, by their stable codes."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.work import rules
from aftercare.foundation.refusals import RuleBroken, WrongState

MESSAGES = {
    "reason_missing": gettext_lazy("请写明原因"),
    "note_missing": gettext_lazy("请写明内容"),
    "title_missing": gettext_lazy("请写明故障现象或服务内容"),
    "findings_missing": gettext_lazy("请写明处理说明"),
    "bad_minutes": gettext_lazy("工时不在合理范围内"),
    "bad_distance": gettext_lazy("公里数不在合理范围内"),
    "bad_result": gettext_lazy("请选择处理结果"),
    "bad_mode": gettext_lazy("没有这种服务方式"),
    "not_active": gettext_lazy("%(name)s已离职或停用"),
    "not_engineer": gettext_lazy("%(name)s不是工程师"),
    "no_skill": gettext_lazy("%(name)s没有这个品类的技能"),
    "no_certificate": gettext_lazy("%(name)s没有这个品类的上岗证书"),
    "certificate_expired": gettext_lazy("%(name)s的上岗证书在当日已过期"),
    "nobody_chosen": gettext_lazy("请选择工程师或网点"),
    "not_outlet": gettext_lazy("%(name)s不是可派工的网点"),
    "no_engineer": gettext_lazy("还没有指定工程师"),
    "planned_at_missing": gettext_lazy("请选择预约时间"),
    "planned_in_past": gettext_lazy("预约时间不能早于现在"),
    "own_work": gettext_lazy("不能检验或审核自己做的服务"),
    "own_inspection": gettext_lazy("检验人不能再做审核"),
    "not_bench": gettext_lazy("只有送修的服务单才能这样操作"),
    "not_on_site": gettext_lazy("送修的服务单不需要上门"),
    "bad_price": gettext_lazy("单价不能小于零"),
    "free_reason_missing": gettext_lazy("免费用料请写明原因"),
    "materials_closed": gettext_lazy("当前状态不能再改用料"),
    "reserved_still": gettext_lazy("这行用料还有占用，请先释放"),
    "used_already": gettext_lazy("这行用料已使用，不能删除"),
    "less_than_used": gettext_lazy("数量不能小于已使用的数量"),
    "time_order": gettext_lazy("时间先后不对"),
    "not_editable": gettext_lazy("不能修改这一项"),
    "edit_closed": gettext_lazy("已审核的服务单不能修改"),
}


def broken(code: str, field: str | None = None, **params) -> RuleBroken:
    """The refusal of that code, in the user's words."""
    text = str(MESSAGES[code])
    return RuleBroken(text % params if params else text, code=code, field=field, **params)


def overlap(number: str) -> WrongState:
    """The engineer is promised elsewhere at that time."""
    return WrongState(
        _("与服务单 %(number)s 的预约时间冲突") % {"number": number}, code="overlap", field="planned_at", number=number
    )


def require_reason(reason: str | None) -> None:
    """Refuse an empty reason."""
    wrong = rules.require_reason(reason)
    if wrong:
        raise broken(wrong, "reason")
