"""Permissions and row scope of this room.

Whether a file may be *seen* is decided by its parent (flows.attachments): who sees the document sees its files. The scope
here says whose files one may bind, describe and remove.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("files.view_file", _("查看附件登记"))
ADD = permission("files.add_file", _("添加附件"))
REMOVE = permission("files.remove_file", _("移除附件"))


@scope_of("files.StoredFile", view=VIEW)
def files(actor: Actor, permission: str) -> Q:
    """Files of the branches reached, and those one handed in oneself."""
    found = by_branch(actor, permission, people=("owner_id",))
    if found and actor.employee_id is not None and actor.holds(permission):
        return found | Q(owner_id=actor.employee_id)
    return found
