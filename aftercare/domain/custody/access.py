"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("custody.view_custody", _("查看客户商品"))
RECEIVE = permission("custody.receive", _("接收客户商品"))
HAND_BACK = permission("custody.hand_back", _("交还客户商品"))


@scope_of("custody.Custody", view=VIEW)
def custodies(actor: Actor, permission: str) -> Q:
    """Things held at the branches reached."""
    return by_branch(actor, permission)
