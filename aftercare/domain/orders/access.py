"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("orders.view", _("查看配件出库"))
SELL = permission("orders.sell", _("配件销售与预订"))
TAKE_BACK = permission("orders.take_back", _("配件销售退货"))
SET_PRICE = permission("orders.set_price", _("改配件售价"))
VIEW_NOTICE = permission("orders.view_notice", _("查看客户通知"))
NOTIFY = permission("orders.notify", _("登记客户通知"))


@scope_of("orders.Sale", view=VIEW)
def sales(actor: Actor, permission: str) -> Q:
    """Sales of the branches reached, those for an outlet reached, and what was supplied to oneself."""
    reached = by_branch(actor, permission, people=("engineer_id",))
    return reached | by_branch(actor, permission, branch="outlet_id") if reached else reached


@scope_of("orders.SaleLine", view=VIEW)
def lines(actor: Actor, permission: str) -> Q:
    """Lines of the sales one may see."""
    return by_branch(actor, permission, branch="sale__branch_id", people=("sale__engineer_id",))


@scope_of("orders.Notice", view=VIEW_NOTICE)
def notices(actor: Actor, permission: str) -> Q:
    """Notices of the branches and outlets reached, and those of one's own work."""
    reached = by_branch(actor, permission, people=("employee_id",))
    return reached | by_branch(actor, permission, branch="outlet_id") if reached else reached


@scope_of("orders.Duty", view=VIEW_NOTICE)
def duties(actor: Actor, permission: str) -> Q:
    """What is to be told in the branches and outlets reached, and of one's own work."""
    reached = by_branch(actor, permission, people=("employee_id",))
    return reached | by_branch(actor, permission, branch="outlet_id") if reached else reached
