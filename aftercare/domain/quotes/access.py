"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("quotes.view_quote", _("查看报价单"))
MAKE = permission("quotes.make", _("制作和发出报价单"))
RECORD = permission("quotes.record", _("记录客户对报价的答复"))
SET_POLICY = permission("quotes.set_policy", _("维护报价规则"))


@scope_of("quotes.Quote", view=VIEW)
def quotes(actor: Actor, permission: str) -> Q:
    """Quotes of the branches reached, of one's own work, and of work given to one's outlet."""
    condition = by_branch(actor, permission, people=("employee_id",))
    reach = actor.reach(permission)
    if reach is None or reach.everywhere or not reach.branches or not reach.branches <= actor.outlets:
        return condition
    return condition | Q(outlet_id__in=reach.branches)


scope_of("quotes.Policy", view=VIEW)(for_holders)
