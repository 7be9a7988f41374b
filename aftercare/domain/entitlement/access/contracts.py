"""Who sees, keeps, bills and claims what."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW_CONTRACT = permission("entitlement.view_contract", _("查看维保合同"))
KEEP_CONTRACT = permission("entitlement.keep_contract", _("维护维保合同"))
BILL_CONTRACT = permission("entitlement.bill_contract", _("合同分期出账"))
VIEW_CLAIM = permission("entitlement.view_claim", _("查看供应商索赔"))
KEEP_CLAIM = permission("entitlement.keep_claim", _("办理供应商索赔"))


def _of_contract(prefix: str):
    def scope(actor: Actor, permission: str) -> Q:
        if actor.customer_id is not None:
            return Q(**{f"{prefix}customer_id": actor.customer_id}) if actor.holds(permission) else Q(pk__in=[])
        reach = actor.reach(permission)
        people = reach.people if reach is not None else frozenset()
        # An engineer's grants reach his own rows only; a contract is his branch's, so he sees those of his branch.
        if reach is not None and people and not reach.everywhere and not reach.branches:
            return Q(**{f"{prefix}branch_id": actor.branch_id})
        return by_branch(actor, permission, branch=f"{prefix}branch_id", people=(f"{prefix}owner_id",))

    return scope


contracts = scope_of("entitlement.ServiceContract", view=VIEW_CONTRACT)(_of_contract(""))
instalments = scope_of("entitlement.Instalment", view=VIEW_CONTRACT)(_of_contract("contract__"))
notices = scope_of("entitlement.ContractNotice", view=VIEW_CONTRACT)(_of_contract("contract__"))
visits = scope_of("entitlement.PlannedVisit", view=VIEW_CONTRACT)(_of_contract("contract__"))


@scope_of("entitlement.ClaimAgreement", view=VIEW_CLAIM)
def agreements(actor: Actor, permission: str) -> Q:
    """Agreements with suppliers are one list for the whole company."""
    return for_holders(actor, permission)


@scope_of("entitlement.SupplierClaim", view=VIEW_CLAIM)
def claims(actor: Actor, permission: str) -> Q:
    """Claims of the branches reached."""
    return by_branch(actor, permission)


@scope_of("entitlement.ClaimLine", view=VIEW_CLAIM)
def claim_lines(actor: Actor, permission: str) -> Q:
    """Lines from orders of the branches reached."""
    return by_branch(actor, permission)
