"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("parties.view_customer", _("查看客户"))
EDIT = permission("parties.edit_customer", _("新建和修改客户"))
FLAG = permission("parties.flag_customer", _("标记和停止服务客户"))
UNMASK = permission("parties.unmask", _("查看完整电话和地址"))
VIEW_SUPPLIER = permission("parties.view_supplier", _("查看供应商"))
EDIT_SUPPLIER = permission("parties.edit_supplier", _("新建和修改供应商"))


@scope_of("parties.Customer", view=VIEW)
def customers(actor: Actor, permission: str) -> Q:
    """Customers of the branches reached; a signed-in customer sees himself alone."""
    if actor.customer_id is not None:
        return Q(pk=actor.customer_id) if actor.holds(permission) else Q(pk__in=[])
    return by_branch(actor, permission)


@scope_of("parties.Supplier", view=VIEW_SUPPLIER)
def suppliers(actor: Actor, permission: str) -> Q:
    """Suppliers belong to the whole company."""
    return for_holders(actor, permission)
