"""Permissions and row scope of this room. Posting asks for none: it is called by the move of a document that has asked."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("ledger.view", _("查看资金账"))
REVERSE = permission("ledger.reverse", _("冲销凭证"))
CLOSE_PERIOD = permission("ledger.close_period", _("结账"))


@scope_of("ledger.Entry", view=VIEW)
def entries(actor: Actor, permission: str) -> Q:
    """Entries of the branches reached."""
    return by_branch(actor, permission)


@scope_of("ledger.Line", view=VIEW)
def lines(actor: Actor, permission: str) -> Q:
    """Lines of entries of the branches reached."""
    return by_branch(actor, permission, branch="entry__branch_id")


@scope_of("ledger.Account", view=VIEW)
def accounts(actor: Actor, permission: str) -> Q:
    """The chart of accounts is one for all."""
    return for_holders(actor, permission)


@scope_of("ledger.Balance", view=VIEW)
def balances(actor: Actor, permission: str) -> Q:
    """A party's balance runs over all branches: only for who reaches them all."""
    reach = actor.reach(permission)
    return Q() if reach is not None and reach.everywhere else Q(pk__in=[])


@scope_of("ledger.Period", view=VIEW)
def periods(actor: Actor, permission: str) -> Q:
    """Closed periods are known to all who see the ledger."""
    return for_holders(actor, permission)
