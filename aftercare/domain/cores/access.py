"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("cores.view_core", _("查看旧件返还"))
VIEW_SHIPMENT = permission("cores.view_shipment", _("查看旧件寄厂单"))
VIEW_RULE = permission("cores.view_rule", _("查看旧件返还规则"))
RECEIVE = permission("cores.receive", _("收旧件"))
SHIP = permission("cores.ship", _("旧件装箱寄厂"))
CREDIT = permission("cores.credit", _("登记厂家旧件结算"))
PROCESS = permission("cores.process", _("旧件报废与翻新"))
WAIVE = permission("cores.waive", _("免交旧件"))
CHARGE = permission("cores.charge", _("旧件逾期扣款与冲回"))
EDIT_RULES = permission("cores.edit_rules", _("设置旧件返还规则"))
DISPUTE = permission("cores.dispute", _("对网点旧件扣款单提出异议"))
# Of the product itself: a debt follows its order, a piece its shipment.
FOLLOW = permission("cores.follow", _("旧件随单据变动（系统）"))


@scope_of("cores.CoreReturn", view=VIEW)
def cores(actor: Actor, permission: str) -> Q:
    """Old parts of the branches reached, those of an outlet reached, and one's own."""
    reached = by_branch(actor, permission, people=("employee_id",))
    return reached | by_branch(actor, permission, branch="outlet_id") if reached else reached


@scope_of("cores.CoreCharge", view=VIEW)
def charges(actor: Actor, permission: str) -> Q:
    """Charges for the old parts one may see."""
    reached = by_branch(actor, permission, branch="core__branch_id", people=("core__employee_id",))
    return reached | by_branch(actor, permission, branch="core__outlet_id") if reached else reached


@scope_of("cores.CoreBill", view=VIEW)
def bills(actor: Actor, permission: str) -> Q:
    """Bills of the branches that collect them, and those of an outlet reached."""
    reached = by_branch(actor, permission)
    return reached | by_branch(actor, permission, branch="outlet_id") if reached else reached


@scope_of("cores.CoreShipment", view=VIEW_SHIPMENT)
def shipments(actor: Actor, permission: str) -> Q:
    """Shipments of the branches reached."""
    return by_branch(actor, permission)


@scope_of("cores.CoreRule", view=VIEW_RULE)
def rules(actor: Actor, permission: str) -> Q:
    """Rules are one register for the whole company."""
    return for_holders(actor, permission)
