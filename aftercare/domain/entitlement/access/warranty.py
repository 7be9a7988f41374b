"""Permissions and row scope of terms and of the warranty ledger."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("entitlement.view", _("查看保修"))
EDIT_TERM = permission("entitlement.edit_term", _("维护保修条款"))
REGISTER = permission("entitlement.register_cover", _("登记和冲销保修"))
SET_END = permission("entitlement.set_end", _("人工改保修到期日"))
SELL = permission("entitlement.sell_extension", _("销售延保"))
OVERRIDE = permission("entitlement.override", _("改变保修判定"))


@scope_of("entitlement.Term", view=VIEW)
def terms(actor: Actor, permission: str) -> Q:
    """Terms are one list for the whole company."""
    return for_holders(actor, permission)


@scope_of("entitlement.WarrantyEntry", view=VIEW)
def entries(actor: Actor, permission: str) -> Q:
    """The warranty lines of units in the branches reached; a signed-in customer sees those of his own units."""
    if actor.customer_id is not None:
        return Q(asset__customer_id=actor.customer_id) if actor.holds(permission) else Q(pk__in=[])
    return by_branch(actor, permission, branch="asset__branch_id")
