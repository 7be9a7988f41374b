"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW = permission("purchasing.view_purchase", _("查看采购单据"))
VIEW_REQUEST = permission("purchasing.view_request", _("查看采购申请"))
VIEW_TERMS = permission("purchasing.view_terms", _("查看供应价与采购规则"))
EDIT_PRICE = permission("purchasing.edit_price", _("维护供应价"))
EDIT_RULES = permission("purchasing.edit_rules", _("维护审批级别和允差"))
REQUEST = permission("purchasing.request", _("申请采购"))
APPROVE = permission("purchasing.approve", _("审批采购申请"))
APPROVE_LARGE = permission("purchasing.approve_large", _("审批大额采购申请"))
APPROVE_TOP = permission("purchasing.approve_top", _("审批特大额采购申请"))
ORDER = permission("purchasing.order", _("下达采购订单"))
RECEIVE = permission("purchasing.receive", _("采购收货"))
INSPECT = permission("purchasing.inspect", _("到货验收"))

ENTER_INVOICE = permission("purchasing.enter_invoice", _("录入供应商发票"))
RELEASE_INVOICE = permission("purchasing.release_invoice", _("放行有差异的发票"))
REVERSE_INVOICE = permission("purchasing.reverse_invoice", _("冲销供应商发票"))
RETURN_GOODS = permission("purchasing.return_goods", _("开采购退货单"))
SHIP_RETURN = permission("purchasing.ship_return", _("采购退货出库"))
SETTLE_RETURN = permission("purchasing.settle_return", _("结清采购退货"))
VIEW_TRANSFER = permission("purchasing.view_transfer", _("查看调拨单"))
REQUEST_TRANSFER = permission("purchasing.request_transfer", _("向上级库要货"))
APPROVE_TRANSFER = permission("purchasing.approve_transfer", _("批准要货"))
SHIP_TRANSFER = permission("purchasing.ship_transfer", _("调拨发货"))
RECEIVE_TRANSFER = permission("purchasing.receive_transfer", _("调拨签收"))
SETTLE_TRANSFER = permission("purchasing.settle_transfer", _("处理调拨差异"))

# From the least to the most: who holds a later one may also do what an earlier one allows.
APPROVING = (APPROVE, APPROVE_LARGE, APPROVE_TOP)


@scope_of("purchasing.SupplierPrice", view=VIEW_TERMS)
def prices(actor: Actor, permission: str) -> Q:
    """Prices of suppliers are the whole company's."""
    return for_holders(actor, permission)


@scope_of("purchasing.ApprovalLevel", view=VIEW_TERMS)
def levels(actor: Actor, permission: str) -> Q:
    """Levels of approval are the whole company's."""
    return for_holders(actor, permission)


@scope_of("purchasing.Tolerance", view=VIEW_TERMS)
def tolerances(actor: Actor, permission: str) -> Q:
    """Tolerances are the whole company's."""
    return for_holders(actor, permission)


@scope_of("purchasing.Request", view=VIEW_REQUEST)
def requests(actor: Actor, permission: str) -> Q:
    """Requests of the branches reached, and one's own."""
    return by_branch(actor, permission, people=("author_id",))


@scope_of("purchasing.Order", view=VIEW)
def orders(actor: Actor, permission: str) -> Q:
    """Orders of the branches reached."""
    return by_branch(actor, permission)


@scope_of("purchasing.Receipt", view=VIEW)
def receipts(actor: Actor, permission: str) -> Q:
    """Receipts of the branches reached."""
    return by_branch(actor, permission)


@scope_of("purchasing.Enquiry", view=VIEW)
def enquiries(actor: Actor, permission: str) -> Q:
    """Enquiries of the branches reached."""
    return by_branch(actor, permission)


@scope_of("purchasing.Invoice", view=VIEW)
def invoices(actor: Actor, permission: str) -> Q:
    """Invoices of the branches reached."""
    return by_branch(actor, permission)


@scope_of("purchasing.SupplierReturn", view=VIEW)
def supplier_returns(actor: Actor, permission: str) -> Q:
    """Returns of the branches reached."""
    return by_branch(actor, permission)


@scope_of("purchasing.Transfer", view=VIEW_TRANSFER)
def transfers(actor: Actor, permission: str) -> Q:
    """Transfers that one of the branches reached sends or gets."""
    sides = [by_branch(actor, permission, branch=column) for column in ("branch_id", "from_branch_id")]
    return sides[0] | sides[1] if all(sides) else Q()
