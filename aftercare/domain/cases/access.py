"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("cases.view_contact", _("查看来电登记"))
REGISTER = permission("cases.register", _("登记来电"))
HANDLE = permission("cases.handle", _("处理来电"))


@scope_of("cases.Contact", view=VIEW)
def contacts(actor: Actor, permission: str) -> Q:
    """Contacts of the branches reached, and those one took or handles oneself."""
    return by_branch(actor, permission, people=("taken_by_id", "handler_id"))
