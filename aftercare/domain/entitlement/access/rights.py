"""Who sees and edits consumer-rights rules, and who writes down and decides claims."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement.access.warranty import VIEW
from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

EDIT_RIGHT_RULE = permission("entitlement.edit_right_rule", _("维护三包规则"))
VIEW_RIGHT = permission("entitlement.view_right", _("查看三包诉求"))
CLAIM_RIGHT = permission("entitlement.claim_right", _("登记三包诉求"))
DECIDE_RIGHT = permission("entitlement.decide_right", _("答复三包诉求"))


@scope_of("entitlement.RightRule", view=VIEW)
def right_rules(actor: Actor, permission: str) -> Q:
    """The rules are one list for the whole company."""
    return for_holders(actor, permission)


@scope_of("entitlement.RightClaim", view=VIEW_RIGHT)
def right_claims(actor: Actor, permission: str) -> Q:
    """The claims of the branches reached; a signed-in customer sees his own; an engineer those of his branch."""
    if actor.customer_id is not None:
        return Q(customer_id=actor.customer_id) if actor.holds(permission) else Q(pk__in=[])
    reach = actor.reach(permission)
    if reach is not None and reach.people and not reach.everywhere and not reach.branches:
        return Q(branch_id=actor.branch_id)
    return by_branch(actor, permission, branch="branch_id")
