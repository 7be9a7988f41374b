"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, permission, scope_of

VIEW = permission("feedback.view_callback", _("查看回访"))
SCHEDULE = permission("feedback.schedule", _("安排回访"))
ANSWER = permission("feedback.answer", _("登记回访结果"))
CANCEL = permission("feedback.cancel", _("取消回访"))


@scope_of("feedback.Callback", view=VIEW)
def callbacks(actor: Actor, permission: str) -> Q:
    """Call-backs of the branches reached; an engineer with his own reach sees those about his work."""
    return by_branch(actor, permission, people=("engineer_id", "answered_by_id"))
