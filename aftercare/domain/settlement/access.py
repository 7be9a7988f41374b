"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("settlement.view_statement", _("查看提成与结算单"))
VIEW_RATE = permission("settlement.view_rate", _("查看提成标准"))
MANAGE_RATES = permission("settlement.manage_rates", _("维护提成标准和扣费规则"))
MANAGE = permission("settlement.manage", _("编制月度结算单"))
ADJUST = permission("settlement.adjust", _("登记奖励和处罚"))
APPEAL = permission("settlement.appeal", _("对结算单提出异议"))
LOCK = permission("settlement.lock", _("审核锁定结算单"))


@scope_of("settlement.Statement", view=VIEW)
def statements(actor: Actor, permission: str) -> Q:
    """Statements of the branches reached, and one's own."""
    return by_branch(actor, permission, people=("employee_id",))


@scope_of("settlement.Accrual", view=VIEW)
def accruals(actor: Actor, permission: str) -> Q:
    """Lines of the branches reached, and one's own."""
    return by_branch(actor, permission, people=("employee_id",))


@scope_of("settlement.Rate", view=VIEW_RATE)
def rates(actor: Actor, permission: str) -> Q:
    """Rates are one register for the whole company."""
    return for_holders(actor, permission)


@scope_of("settlement.Deduction", view=VIEW_RATE)
def deductions(actor: Actor, permission: str) -> Q:
    """Deductions are one register for the whole company."""
    return for_holders(actor, permission)
