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
