"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW_BILL = permission("billing.view_bill", _("查看账单"))
EDIT_CHARGES = permission("billing.edit_charges", _("填写费用"))
WAIVE = permission("billing.waive", _("减免费用"))
ASK_WAIVER = permission("billing.ask_waiver", _("申请减免"))
SET_LIMITS = permission("billing.set_waiver_limits", _("设置减免权限"))
DIVIDE = permission("billing.divide", _("分摊费用到几个承担方"))
FINALISE = permission("billing.finalise", _("确定账单"))
REVERSE = permission("billing.reverse", _("冲销账单与作废收款"))
COLLECT = permission("billing.collect", _("收款"))
REMIT = permission("billing.remit", _("收交款"))


@scope_of("billing.Bill", view=VIEW_BILL)
def bills(actor: Actor, permission: str) -> Q:
    """Bills of the branches reached, and of one's own work."""
    return by_branch(actor, permission, people=("employee_id",))


@scope_of("billing.Charge", view=VIEW_BILL)
def charges(actor: Actor, permission: str) -> Q:
    """Charges of the bills one may see."""
    return by_branch(actor, permission, branch="bill__branch_id", people=("bill__employee_id",))


@scope_of("billing.Collection", view=VIEW_BILL)
def collections(actor: Actor, permission: str) -> Q:
    """Money collected in the branches reached, by oneself, or for one's own work."""
    return by_branch(actor, permission, people=("collected_by_id", "bill__employee_id"))


@scope_of("billing.WaiverRequest", view=VIEW_BILL)
def waivers(actor: Actor, permission: str) -> Q:
    """Requests of the branches reached, one's own, and those for one's own work."""
    return by_branch(actor, permission, people=("asked_by_id", "bill__employee_id"))


scope_of("billing.WaiverLimit", view=VIEW_BILL)(for_holders)
