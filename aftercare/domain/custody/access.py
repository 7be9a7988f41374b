"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("custody.view_custody", _("查看客户商品"))
RECEIVE = permission("custody.receive", _("接收客户商品"))
HAND_BACK = permission("custody.hand_back", _("交还客户商品"))
DISPOSE = permission("custody.dispose", _("处置无人认领的商品"))
VIEW_THINGS = permission("custody.view_things", _("查看备用机、工具和资料"))
KEEP = permission("custody.keep", _("维护备用机、工具和资料登记"))
LEND = permission("custody.lend", _("出借、发放和收回"))
HOLD = permission("custody.hold", _("确认自己领用的物品"))
SET_RULES = permission("custody.set_rules", _("维护保管规则"))


@scope_of("custody.Custody", view=VIEW)
def custodies(actor: Actor, permission: str) -> Q:
    """Things held at the branches reached."""
    return by_branch(actor, permission)


@scope_of("custody.Reminder", view=VIEW)
def reminders(actor: Actor, permission: str) -> Q:
    """Steps of the ladder for the things one sees."""
    return by_branch(actor, permission, branch="custody__branch_id")


for model in ("Loaner", "Tool", "Paper"):
    scope_of(f"custody.{model}", view=VIEW_THINGS)(by_branch)


@scope_of("custody.Calibration", view=VIEW_THINGS)
def calibrations(actor: Actor, permission: str) -> Q:
    """Calibrations of the tools one sees."""
    return by_branch(actor, permission, branch="tool__branch_id")


@scope_of("custody.Holding", view=VIEW_THINGS)
def holdings(actor: Actor, permission: str) -> Q:
    """What the branches reached gave away, and what one has oneself."""
    return by_branch(actor, permission, people=("employee_id",))


@scope_of("custody.Keeping", view=VIEW_THINGS)
def keepings(actor: Actor, permission: str) -> Q:
    """Our own things as in `holdings`; customers' goods of the branches where one may see those."""
    ours = Q(holding__isnull=False) & by_branch(actor, permission, people=("employee_id",))
    return ours | Q(custody__isnull=False) & by_branch(actor, VIEW)


scope_of("custody.CustodyRule", view=VIEW_THINGS)(for_holders)
