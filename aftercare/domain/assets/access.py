"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("assets.view_asset", _("查看设备档案"))
EDIT = permission("assets.edit_asset", _("登记和修改设备档案"))
UNDO_EXCHANGE = permission("assets.undo_exchange", _("撤销换机"))


@scope_of("assets.Asset", view=VIEW)
def assets(actor: Actor, permission: str) -> Q:
    """Units of the branches reached; a signed-in customer sees those he owns now."""
    if actor.customer_id is not None:
        return Q(customer_id=actor.customer_id) if actor.holds(permission) else Q(pk__in=[])
    return by_branch(actor, permission)
