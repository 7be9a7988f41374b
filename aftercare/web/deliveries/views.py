from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.journal import access, delivering, queries
from aftercare.foundation import clock
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page

MOST = 100
# The periodic jobs in the operator's words; one that is not told here shows its name.
SCHEDULES = {
    "journal.seal": gettext_lazy("封印日志"), "work.fold_figures": gettext_lazy("汇总统计"),
    "work.warn_unsettled": gettext_lazy("提醒未结清"), "reports.director_day": gettext_lazy("留存主管日报"),
    "check.nightly": gettext_lazy("夜间检查"), "journal.forget": gettext_lazy("清理幂等记录"),
    "settlement.refresh": gettext_lazy("重算结算单"), "quotes.expire": gettext_lazy("报价到期"),
    "stock.keep_closed": gettext_lazy("留存期末库存"), "stock.classify": gettext_lazy("配件分类"),
    "contracts.day": gettext_lazy("合同出账与保养"), "custody.day": gettext_lazy("无人认领与借出催还"),
    "cores.day": gettext_lazy("旧件逾期扣款"), "customers.told": gettext_lazy("待通知客户核对"),
    "files.sweep": gettext_lazy("清理附件"), "backup.age": gettext_lazy("检查备份时间"),
}  # fmt: skip


@page(access.OPERATE)
def browse(request: HttpRequest) -> HttpResponse:
    """Deliveries of one state (the dead ones first), and the schedules."""
    actor = actor_of(request)
    counts = queries.count_deliveries()
    labels = {"dead": _("失败停止"), "waiting": _("等待"), "running": _("执行中")}
    state = request.GET.get("tab", "dead" if counts["dead"] else "waiting")
    state = state if state in labels else "waiting"
    rows = queries.list_deliveries(actor).filter(state=state).order_by("due_at" if state == "waiting" else "-id")[:MOST]
    context = {
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": counts[key], "current": key == state}
            for key, label in labels.items()
        ],
        "rows": [{"row": row, "words": timelines.say(row.fact.verb, row.fact.kind)} for row in rows],
        "state": state,
        "schedules": [{"row": row, "label": SCHEDULES.get(row.name, row.name)} for row in queries.list_schedules()],
        "now": clock.now(),
        "seal": queries.newest_seal(),
    }
    return render(request, "deliveries/browse.html", context)


def revive(delivery: int, *, actor, at) -> str:
    """Send a dead letter round again."""
    delivering.revive(delivery, actor=actor, at=at)
    return "/deliveries/?tab=waiting"
