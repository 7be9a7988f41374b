"""A timeline for pages: the journal's facts in the reader's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.journal import queries as journal
from aftercare.domain.orders import queries as orders
from aftercare.foundation.clock import zone
from aftercare.foundation.lifecycle import LIFECYCLES

_TONES = {
    "open": "ok",
    "register": "ok",
    "receive": "ok",
    "complete": "ok",
    "dispatch": "violet",
    "cancel": "bad",
    "refuse": "bad",
    "wait_for_part": "bad",
    "escalate": "bad",
    "send_back": "warn",
    "reverse_audit": "bad",
    "arrive": "brand",
    "start": "brand",
}
# Words for verbs that are no moves of a lifecycle: by the whole verb, else by its last part with the thing's name.
WORDS: dict[str, Any] = {
    "open": gettext_lazy("建立%s"),
    "register": gettext_lazy("登记%s"),
    "revise": gettext_lazy("修改%s"),
    "edit": gettext_lazy("修改%s"),
    "receive": gettext_lazy("接收%s"),
    "collect": gettext_lazy("收款"),
    "note": gettext_lazy("跟进"),
    "unmask": gettext_lazy("查看完整信息"),
    "write": gettext_lazy("填写%s"),
    "reverse": gettext_lazy("冲销%s"),
    "transfer": gettext_lazy("调拨"),
    "count": gettext_lazy("盘点"),
    "install": gettext_lazy("登记安装"),
    "change_owner": gettext_lazy("变更所有人"),
    "release_owner": gettext_lazy("收回设备"),
    "exchange": gettext_lazy("换机"),
    "undo_exchange": gettext_lazy("撤销换机"),
    "add_reading": gettext_lazy("抄表"),
    "place_component": gettext_lazy("装拆部件"),
    "swap_component": gettext_lazy("更换部件"),
    "reverse_swap": gettext_lazy("撤销换件"),
    "flag_customer": gettext_lazy("加标记"),
    "lift_flag": gettext_lazy("解除标记"),
    "renew_token": gettext_lazy("更换二维码"),
    "add_phone": gettext_lazy("添加电话"),
    "remove_phone": gettext_lazy("删除电话"),
    "add_address": gettext_lazy("添加地址"),
    "remove_address": gettext_lazy("删除地址"),
    "add_person": gettext_lazy("添加联系人"),
    "remove_person": gettext_lazy("删除联系人"),
    "consent": gettext_lazy("记录联系同意"),
    "sign_in": gettext_lazy("登录"),
    "sign_out": gettext_lazy("退出登录"),
    "sign_in_failed": gettext_lazy("登录失败"),
    "password": gettext_lazy("修改密码"),
    "grant": gettext_lazy("授予角色"),
    "revoke": gettext_lazy("收回"),
    "skills": gettext_lazy("修改技能"),
    "leave": gettext_lazy("离职"),
    "rejoin": gettext_lazy("复职"),
    "make": gettext_lazy("新建%s"),
    "add": gettext_lazy("添加%s"),
    "remove": gettext_lazy("删除%s"),
    "set": gettext_lazy("设置%s"),
    "close": gettext_lazy("关闭%s"),
    "stamp_entitlement": gettext_lazy("保修判定"),
    "draft": gettext_lazy("起草%s"),
    "change": gettext_lazy("修改%s"),
    "plan_visits": gettext_lazy("排定计划保养"),
    "note_told": gettext_lazy("登记已通知"),
    "entitlement.quota.use": gettext_lazy("使用额度"),
    "give_back": gettext_lazy("额度冲回"),
    "take_off": gettext_lazy("去掉明细"),
    "register_cover": gettext_lazy("登记保修"),
    "override": gettext_lazy("更改保修判定"),
    "reverse_cover": gettext_lazy("冲销保修"),
    "parts_arrived": gettext_lazy("配件到货"),
    "complain": gettext_lazy("转投诉"),
    "finalise": gettext_lazy("费用确定"),
    "charge": gettext_lazy("登记费用"),
    "set_charges": gettext_lazy("登记费用"),
    "add_material": gettext_lazy("登记用料"),
    "add_materials": gettext_lazy("登记用料"),
    "days": gettext_lazy("载入节假日"), "regions": gettext_lazy("载入行政区划"), "change_material": gettext_lazy("修改用料"),
    "remove_material": gettext_lazy("删除用料"),
    "waive": gettext_lazy("减免"),
    "remit": gettext_lazy("交款"),
    "void": gettext_lazy("作废%s"),
    "reserve": gettext_lazy("占用配件"),
    "issue": gettext_lazy("领料"),
    "consume": gettext_lazy("用料"),
    "release": gettext_lazy("释放占用"),
    "sign": gettext_lazy("签字"),
    "day": gettext_lazy("设置日期"),
    "hours": gettext_lazy("修改工作时间"),
    "seed": gettext_lazy("建立%s"),
    "announce": gettext_lazy("公布状态"),
    "second_factor": gettext_lazy("两步验证"),
    "confirm": gettext_lazy("确认词条"),
    "billing.waiverrequest.ask": gettext_lazy("申请减免"),
    "catalog.labourprice.withdraw": gettext_lazy("停止收费"),
    "quotes.quote.make": gettext_lazy("制作报价"),
    "stamp_quote": gettext_lazy("报价情况"),
    "set_limits": gettext_lazy("设置上下限"),
    "people.region.confirm": gettext_lazy("确认区域"),
    "files.storedfile.store": gettext_lazy("上传附件"),
    "jobs.request": gettext_lazy("提交后台任务"),
    "inventory.place.receive": gettext_lazy("入库"),
    "inventory.place.transfer": gettext_lazy("调出"),
    "inventory.place.arrive": gettext_lazy("到货"),
    "inventory.place.change_condition": gettext_lazy("调整状态"),
    "inventory.place.set_home": gettext_lazy("设置固定货位"),
    "catalog.product.set_fitting": gettext_lazy("填写适用配件"),
    "catalog.product.remove_fitting": gettext_lazy("取消适用配件"),
    "catalog.product.replace_fittings": gettext_lazy("填写物料清单"),
    "merge": gettext_lazy("合并%s"),
    "add_code": gettext_lazy("增加条码"),
    "remove_code": gettext_lazy("去掉条码"),
    "catalog.part.set_pack": gettext_lazy("填写包装"),
    "catalog.part.remove_pack": gettext_lazy("删除包装"),
    "catalog.part.set_substitute": gettext_lazy("登记替代件"),
    "catalog.part.remove_substitute": gettext_lazy("取消替代件"),
    "purchasing.order.arrive": gettext_lazy("到货情况更新"),
    "orders.notice.tell": gettext_lazy("通知客户"),
    "people.role.renew": gettext_lazy("版本更新，得到新权限"),
    "people.role.decline": gettext_lazy("不需要本版本新增的权限"),
    "custody.holding.give": gettext_lazy("发出"),
    "cores.corereturn.owe": gettext_lazy("应交旧件"),
    "cores.corereturn.lessen": gettext_lazy("用料减少"),
    "cores.corereturn.follow": gettext_lazy("随服务单变更"),
    "cores.corebill.draw": gettext_lazy("出账"),
    "cores.corereturn.remind": gettext_lazy("提醒交旧件"),
    "settlement.statement.cores_overdue": gettext_lazy("锁定时有旧件逾期"),
    "refresh": gettext_lazy("重新计算"),
    "reward": gettext_lazy("奖励"),
    "penalty": gettext_lazy("处罚"),
    "people.coverage.set": gettext_lazy("指定服务范围"),
    "people.coverage.remove": gettext_lazy("取消服务范围"),
    "people.certificate.add": gettext_lazy("添加证书"),
    "people.certificate.remove": gettext_lazy("删除证书"),
    "people.token.make": gettext_lazy("创建接口令牌"),
    "people.token.revoke": gettext_lazy("撤销接口令牌"),
}
# Bookkeeping columns that say nothing to a reader.
_SILENT = {"status", "search", "name_key", "version", "token"}


def events(kind: str, object_id: int, *, limit: int = 50, zone_name: str = "Asia/Shanghai", since: dt.datetime | None = None) -> list[dict]:
    """Events for components/timeline.html about a thing, newest first; with `since` only what happened later."""
    facts = [fact for fact in journal.timeline(kind, object_id, limit=limit) if since is None or fact.at > since]
    own = {fact.number for fact in facts if (fact.kind, fact.object_id) == (kind, object_id)}
    return [event(fact, zone_name, own=own) for fact in facts]


def event(fact, zone_name: str = "Asia/Shanghai", *, own: Container[str] | None = None) -> dict:
    """One fact as an event: who, when, what, and for edits the fields before and after.

    `own` are the numbers of what the reader is looking at: what bears another one is named by it.
    """
    name, _dot, last = fact.verb.rpartition(".")
    lifecycle = LIFECYCLES.get(name)
    is_move = lifecycle is not None and last in lifecycle.moves
    words = say(fact.verb, fact.kind)
    # A thing without a number of its own is recorded by its id, which tells nobody anything.
    is_told = not is_move if own is None else fact.number not in own
    if fact.number and is_told and fact.number != str(fact.object_id):
        words = f"{words} {fact.number}"
    if fact.name == "CustomerNotified":
        words = f"{words} {_told(fact.data)}"
    return {
        # What the product does by itself has a name for programmers only.
        "who": who(fact),
        "at": fact.at,
        "text": f"{words}{_('：')}{fact.note}" if fact.note else words,
        "tone": _TONES.get(last, "none"),
        "changes": [] if is_move else _changes(fact, zone_name),
        "number": fact.number,
        "kind": fact.kind,
    }


def _told(data: dict) -> str:
    about, channel = dict(orders.ABOUT).get(data["about"], data["about"]), dict(orders.CHANNELS).get(data["channel"], data["channel"])
    return f"{about} · {channel} · {_('第 %(n)s 次') % {'n': data['count']}}"


def who(fact) -> str:
    """Who did it, in the reader's words: a person by name, what the house does by itself as the system."""
    return _("系统") if fact.actor_kind == "system" else fact.actor_name


def say(verb: str, kind: str = "") -> str:
    """A recorded verb in the reader's words: a move's label, else words with the thing it was done to where that helps.

    A verb without its lifecycle, as filters name it, is told by the first lifecycle that knows it.
    """
    name, _dot, last = verb.rpartition(".")
    moves = LIFECYCLES[name].moves if name in LIFECYCLES else {}
    if last not in moves and last not in WORDS and verb not in WORDS:
        moves = next((one.moves for one in LIFECYCLES.values() if last in one.moves), {})
    if last in moves:
        return str(moves[last].label or last)
    words = str(WORDS.get(verb) or WORDS.get(last) or last)
    return words.replace("%s", name_of(kind)) if "%s" in words else words


def name_of(kind: str) -> str:
    """What a kind of thing is called (`work.workorder` → 服务单)."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return ""


def _changes(fact, zone_name: str) -> list[dict]:
    try:
        model = apps.get_model(fact.kind)
    except (LookupError, ValueError):
        return []
    shown = []
    for name, (before, after) in fact.changes.items():
        try:
            field = model._meta.get_field(name)
            label = field.verbose_name
        # A reverse relation has no name of its own (`roles` of an employee).
        except (FieldDoesNotExist, AttributeError):
            continue
        if name in _SILENT:
            continue
        if isinstance(before, (dict, list)) or isinstance(after, (dict, list)) or name.endswith("_id"):
            before, after = "", _("已更新")
        words = dict(getattr(field, "flatchoices", ()) or ())
        before, after = (_word(words, value) for value in (before, after))
        shown.append({"label": label, "before": _plain(before, zone_name), "after": _plain(after, zone_name)})
    return shown


def _word(words: dict[Any, Any], value: Any) -> Any:
    """The label of a choice, yes or no; anything else as it is."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(words[value]) if isinstance(value, str) and value in words else value


def _plain(value: Any, zone_name: str) -> Any:
    # Instants stand in the journal as text; people read them in their own zone.
    if isinstance(value, str) and len(value) >= 20 and value[4:5] == "-" and "T" in value:
        moment = parse_datetime(value)
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(zone(zone_name)).strftime("%Y-%m-%d %H:%M")
    return value
