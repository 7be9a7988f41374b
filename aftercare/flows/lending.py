"""Rights that a journey lends to who makes it, for as long as it lasts and for its own document only."""

from __future__ import annotations

from dataclasses import replace

from aftercare.foundation.access import Actor, Reach

# What an outlet does with the bill of an order given to it. The bill lies at the order's branch, which the outlet's own
# reach does not cover.
_AT_OUTLET = ("billing.edit_charges", "billing.collect", "billing.view_bill", "billing.ask_waiver")


def for_bill(order, actor: Actor) -> Actor:
    """The same person; what he may do with bills at his outlet he may do with the bill of this order given to it."""
    if not order.outlet_id:
        return actor
    here = Reach(branches=frozenset({order.branch_id}))
    lent = {
        permission: reach | here for permission in _AT_OUTLET
        if (reach := actor.reach(permission)) is not None and order.outlet_id in reach.branches
    }
    return replace(actor, reaches={**actor.reaches, **lent}) if lent else actor


def trusted(actor: Actor) -> Actor:
    """The same person in the journal, with the product's own grants: for what follows from a move that has asked already."""
    return replace(actor, reaches=Actor.system("").reaches, scopes=None)


def for_quote(order, actor: Actor) -> Actor:
    """The same person; what he may do with quotes at his outlet he may do with those of this order given to it."""
    if not order.outlet_id:
        return actor
    here = Reach(branches=frozenset({order.branch_id}))
    lent = {
        permission: reach | here for permission in ("quotes.make", "quotes.record", "quotes.view_quote")
        if (reach := actor.reach(permission)) is not None and order.outlet_id in reach.branches
    }
    return replace(actor, reaches={**actor.reaches, **lent}) if lent else actor


# What an order's own unit needs while it is worked on and audited: its file, its components, its warranty lines.
_ON_UNIT = ("assets.edit_asset", "assets.view_asset", "entitlement.register_cover", "entitlement.view", "parties.view_customer")


def for_unit(order, actor: Actor) -> Actor:
    """The same person with the rights on the order's unit that his work on the order brings with it."""
    unit = order.asset if order.asset_id else None
    here = Reach(branches=frozenset({order.branch_id, unit.branch_id if unit is not None else order.branch_id}))
    lent = {permission: (actor.reach(permission) or Reach()) | here for permission in _ON_UNIT}
    return replace(actor, reaches={**actor.reaches, **lent})
