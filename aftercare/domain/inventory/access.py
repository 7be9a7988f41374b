"""Permissions and row scope of this room.

The verbs of a document's parts (reserve, issue, consume, return, release) ask for no permission of their own: they are
called by the move of that document, which has asked already. Verbs that a keeper starts himself ask.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW_STOCK = permission("inventory.view_stock", _("查看库存"))
VIEW_COST = permission("inventory.view_cost", _("查看库存成本"))
MOVE = permission("inventory.move", _("调拨与领退料"))
RECEIVE = permission("inventory.receive", _("入库"))
ADJUST = permission("inventory.adjust", _("盘点与状态调整"))
REVERSE = permission("inventory.reverse", _("冲销出入库"))
EDIT_PLACES = permission("inventory.edit_places", _("维护库位"))
WRITE_DOCUMENT = permission("inventory.write_document", _("填制出入库单"))
POST_DOCUMENT = permission("inventory.post_document", _("过账出入库单"))
CLOSE_PERIOD = permission("inventory.close_period", _("库存结账"))
EDIT_RULES = permission("inventory.edit_rules", _("设置库存单据规则"))
PLAN_COUNT = permission("inventory.plan_count", _("安排盘点"))
COUNT = permission("inventory.count", _("录入实盘数"))
APPROVE_COUNT = permission("inventory.approve_count", _("审核盘点差异"))
APPROVE_LARGE_COUNT = permission("inventory.approve_large_count", _("审核大额盘点差异"))
CLASSIFY = permission("inventory.classify", _("计算配件分类"))


@scope_of("inventory.Place", view=VIEW_STOCK)
def places(actor: Actor, permission: str) -> Q:
    """Places of the branches reached, one's own van, and the places outside, which belong to nobody."""
    reached = by_branch(actor, permission, people=("employee_id",))
    return reached | Q(branch=None) if reached and actor.holds(permission) else reached


@scope_of("inventory.Balance", view=VIEW_STOCK)
def balances(actor: Actor, permission: str) -> Q:
    """Stock at the places one may see."""
    return by_branch(actor, permission, branch="place__branch_id", people=("place__employee_id",))


@scope_of("inventory.Lot", view=VIEW_STOCK)
def lots(actor: Actor, permission: str) -> Q:
    """Lots are a shared register: whoever sees stock anywhere knows them."""
    return for_holders(actor, permission)


@scope_of("inventory.Cost", view=VIEW_COST)
def costs(actor: Actor, permission: str) -> Q:
    """Costs of the branches reached."""
    return by_branch(actor, permission)


@scope_of("inventory.StockMove", view=VIEW_STOCK)
def moves(actor: Actor, permission: str) -> Q:
    """Moves from or to a place one may see."""
    sides = [
        by_branch(actor, permission, branch=f"{side}__branch_id", people=(f"{side}__employee_id",))
        for side in ("from_place", "to_place")
    ]
    return sides[0] | sides[1] if all(sides) else Q()


@scope_of("inventory.Reservation", view=VIEW_STOCK)
def reservations(actor: Actor, permission: str) -> Q:
    """Promises of stock at the places one may see."""
    return by_branch(actor, permission, branch="place__branch_id", people=("place__employee_id",))


@scope_of("inventory.PartRequest", view=VIEW_STOCK)
def requests(actor: Actor, permission: str) -> Q:
    """Part requests of the branches reached, and those for one's own van."""
    return by_branch(actor, permission, people=("place__employee_id",))


@scope_of("inventory.Document", view=VIEW_STOCK)
def documents(actor: Actor, permission: str) -> Q:
    """Stock documents of the branches reached, and those that bring goods there."""
    return by_branch(actor, permission) | by_branch(actor, permission, branch="to_place__branch_id")


@scope_of("inventory.Period", view=VIEW_STOCK)
def periods(actor: Actor, permission: str) -> Q:
    """Closed periods are known to all who see stock."""
    return for_holders(actor, permission)


@scope_of("inventory.BranchRule", view=VIEW_STOCK)
def rules(actor: Actor, permission: str) -> Q:
    """The rules of the branches reached."""
    return by_branch(actor, permission)


@scope_of("inventory.Snapshot", view=VIEW_STOCK)
def snapshots(actor: Actor, permission: str) -> Q:
    """What lay at the places one may see."""
    return by_branch(actor, permission, branch="place__branch_id", people=("place__employee_id",))


@scope_of("inventory.Stocktake", view=VIEW_STOCK)
def stocktakes(actor: Actor, permission: str) -> Q:
    """Stocktakes of the branches reached, and those of one's own van."""
    return by_branch(actor, permission, people=("place__employee_id",))


@scope_of("inventory.CountRule", view=VIEW_STOCK)
def count_rules(actor: Actor, permission: str) -> Q:
    """The rules of the branches reached."""
    return by_branch(actor, permission)


@scope_of("inventory.Classification", view=VIEW_COST)
def classifications(actor: Actor, permission: str) -> Q:
    """The classes of parts in the branches reached; they tell values."""
    return by_branch(actor, permission)


@scope_of("inventory.PartClass", view=VIEW_COST)
def part_classes(actor: Actor, permission: str) -> Q:
    """The same, part by part."""
    return by_branch(actor, permission, branch="classification__branch_id")
