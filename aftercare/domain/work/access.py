"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("work.view_order", _("查看服务单"))
OPEN = permission("work.open", _("登记服务单"))
EDIT = permission("work.edit", _("修改服务单"))
DISPATCH = permission("work.dispatch", _("派工"))
TAKE = permission("work.take", _("领单"))
PERFORM = permission("work.perform", _("执行服务"))
SCHEDULE = permission("work.schedule", _("预约时间"))
QUOTE = permission("work.quote", _("记录报价答复"))
HAND_OVER = permission("work.hand_over", _("交还修好的商品"))
INSPECT = permission("work.inspect", _("检验"))
AUDIT = permission("work.audit", _("审核"))
REVERSE_AUDIT = permission("work.reverse_audit", _("冲销审核"))
SETTLE = permission("work.settle", _("结算"))
CLOSE = permission("work.close", _("关闭"))
CANCEL = permission("work.cancel", _("取消服务单"))
BACKFILL = permission("work.backfill", _("补录历史服务"))


@scope_of("work.WorkOrder", view=VIEW)
def orders(actor: Actor, permission: str) -> Q:
    """Orders of the branches reached and those one does oneself; an outlet's people also see what was given to it.

    Who reaches more than outlets has the orders of the branches that gave them, so nothing more is looked up for him:
    an alternative of two columns could not be walked in a list's order.
    """
    condition = by_branch(actor, permission, people=("engineer_id",))
    outlets = _only_outlets(actor, permission)
    return condition | Q(outlet_id__in=outlets) if outlets else condition


def _only_outlets(actor: Actor, permission: str) -> frozenset[int]:
    reach = actor.reach(permission)
    if reach is None or reach.everywhere or not reach.branches or not reach.branches <= actor.outlets:
        return frozenset()
    return reach.branches


@scope_of("work.RepairCard", view=VIEW)
def cards(actor: Actor, permission: str) -> Q:
    """The cards of the orders reached."""
    condition = by_branch(actor, permission, branch="order__branch_id", people=("order__engineer_id",))
    outlets = _only_outlets(actor, permission)
    return condition | Q(order__outlet_id__in=outlets) if outlets else condition
