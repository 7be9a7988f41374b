"""States and moves of a work order. What a move does stands in actions."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    PENDING = "pending", _("待派工")
    DISPATCHED = "dispatched", _("已派工")
    ACCEPTED = "accepted", _("已接单")
    SCHEDULED = "scheduled", _("已预约")
    EN_ROUTE = "en_route", _("在途")
    WORKING = "working", _("服务中")
    WAITING_PART = "waiting_part", _("待件")
    HARD = "hard", _("难修")
    QUOTING = "quoting", _("待报价确认")
    REPAIRED = "repaired", _("修复待取")
    DONE = "done", _("待审核")
    REWORK = "rework", _("返工")
    INSPECTED = "inspected", _("已检验")
    AUDITED = "audited", _("已审核")
    SETTLED = "settled", _("已结算")
    CLOSED = "closed", _("已关闭")
    CANCELLED = "cancelled", _("已取消")


S = Status
BEFORE_WORK = {S.PENDING, S.DISPATCHED, S.ACCEPTED, S.SCHEDULED, S.EN_ROUTE}
IN_WORK = {S.WORKING, S.WAITING_PART, S.HARD, S.QUOTING}
OPEN = BEFORE_WORK | IN_WORK | {S.REPAIRED, S.DONE, S.REWORK, S.INSPECTED}
# The repair limit runs until the work is done; of other orders it is never reached.
RUNNING = BEFORE_WORK | IN_WORK | {S.REWORK}
NEVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
FINISHED = {S.DONE, S.INSPECTED, S.AUDITED, S.SETTLED, S.CLOSED}

ORDER = Lifecycle(
    "work.order",
    states=Status,
    initial=S.PENDING,
    ends={S.CLOSED, S.CANCELLED},
    moves=[
        Move("dispatch", {S.PENDING, S.DISPATCHED, S.ACCEPTED, S.SCHEDULED}, S.DISPATCHED, "work.dispatch",
             _("派工"), asks=("engineer",), primary=True),
        Move("recall", {S.DISPATCHED, S.ACCEPTED, S.SCHEDULED}, S.PENDING, "work.dispatch",
             _("撤回派工"), asks=("reason",)),
        Move("take", {S.PENDING}, S.ACCEPTED, "work.take", _("领单")),
        Move("accept", {S.DISPATCHED}, S.ACCEPTED, "work.perform", _("接单"), primary=True),
        Move("refuse", {S.DISPATCHED, S.ACCEPTED}, S.PENDING, "work.perform", _("拒单"), asks=("reason",)),
        Move("schedule", {S.ACCEPTED, S.SCHEDULED}, S.SCHEDULED, "work.schedule", _("预约"), asks=("planned_at",)),
        Move("set_out", {S.ACCEPTED, S.SCHEDULED}, S.EN_ROUTE, "work.perform", _("出发"), primary=True),
        Move("arrive", {S.EN_ROUTE, S.ACCEPTED, S.SCHEDULED}, S.WORKING, "work.perform", _("到达"), primary=True),
        Move("start", {S.ACCEPTED, S.SCHEDULED}, S.WORKING, "work.perform", _("开始修理")),
        Move("wait_for_part", {S.WORKING}, S.WAITING_PART, "work.perform", _("待件"), asks=("reason",)),
        Move("escalate", {S.WORKING, S.WAITING_PART}, S.HARD, "work.perform", _("报难修"), asks=("reason",)),
        Move("request_quote", {S.WORKING}, S.QUOTING, "work.perform", _("报价"), asks=("amount", "note")),
        Move("accept_quote", {S.QUOTING}, S.WORKING, "work.quote", _("客户同意报价"), asks=("reason",), primary=True),
        Move("refuse_quote", {S.QUOTING}, S.WORKING, "work.quote", _("客户不同意报价"), asks=("reason",)),
        Move("lapse_quote", {S.QUOTING}, S.WORKING, "work.quote", _("撤回报价"), asks=("reason",)),
        Move("resume", {S.WAITING_PART, S.HARD}, S.WORKING, "work.perform", _("继续修理"), primary=True),
        Move("finish_repair", {S.WORKING}, S.REPAIRED, "work.perform",
             _("修复待取"), asks=("findings", "minutes", "result")),
        Move("complete", {S.WORKING}, S.DONE, "work.perform",
             _("完工"), asks=("findings", "minutes", "result"), primary=True),
        Move("hand_over", {S.REPAIRED}, S.DONE, "work.hand_over",
             _("交还客户"), asks=("returned_to", "code"), primary=True),
        Move("inspect", {S.DONE}, S.INSPECTED, "work.inspect", _("检验合格"), primary=True),
        Move("send_back", {S.DONE, S.INSPECTED, S.REPAIRED}, S.REWORK, "work.inspect", _("返工"), asks=("reason",)),
        Move("restart", {S.REWORK}, S.WORKING, "work.perform", _("重新开工"), primary=True),
        Move("audit", {S.INSPECTED}, S.AUDITED, "work.audit", _("审核"), primary=True),
        Move("reverse_audit", {S.AUDITED, S.SETTLED}, S.INSPECTED, "work.reverse_audit",
             _("冲销审核"), asks=("reason",), danger=True),
        Move("settle", {S.AUDITED}, S.SETTLED, "work.settle", _("结算"), primary=True),
        Move("close", {S.SETTLED}, S.CLOSED, "work.close", _("关闭"), primary=True),
        Move("cancel", BEFORE_WORK | {S.WAITING_PART, S.HARD, S.QUOTING}, S.CANCELLED, "work.cancel",
             _("取消"), asks=("reason",), danger=True),
        Move("backfill", {S.PENDING}, S.DONE, "work.backfill", _("补录完工"), asks=("findings", "result")),
    ],
)
