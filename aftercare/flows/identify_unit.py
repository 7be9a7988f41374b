"""On site: the serial number of the unit in front of the engineer, held against his order.

He sees and changes units only through his own orders. So the right to register the one unit of this order is lent to
him for this call, after the right to perform the order was asked; the journal tells his name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.assets import actions as assets_actions
from aftercare.domain.assets import queries as assets
from aftercare.domain.assets import rules as serials
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.work import actions as work
from aftercare.flows import contract_use, finding, rejudge
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import whole


@dataclass
class Identified:
    """The order and its unit as they are now; `outcome` is matched, registered or exchanged."""

    order: Any
    asset: Any
    outcome: str


@whole()
def identify(
    order, *, serial: str, product=None, confirm: bool = False, version: int | None = None, actor: Actor, at: dt.datetime
) -> Identified:
    """Hold the serial number against the order's unit.

    The same number matches and changes nothing. An order without a unit, or whose unit has no number yet, gets it
    registered (`product` is needed when the order names none). Another number is refused as `wrong_serial` until
    `confirm`; then the order is about that unit, and who pays is judged anew. Refuses a number of another customer's
    unit (`serial_taken`) and who does not perform this order.
    """
    people = order.people_shown()
    if not actor.may("work.perform", branch_id=order.branch_id, people=people):
        actor.require("work.edit", branch_id=order.branch_id)
    key = serials.serial_key(serial)
    if not key:
        raise RuleBroken(_("请扫描或输入序列号"), code="serial_missing", field="serial")
    known = order.asset if order.asset_id else None
    if known is not None and known.serial and serials.serial_key(known.serial) == key:
        return Identified(order, known, "matched")
    if known is not None and known.serial and not confirm:
        raise RuleBroken(
            _("序列号与单据不一致：单据是 %(known)s，扫到的是 %(serial)s。确认换成这台请再次提交")
            % {"known": known.serial, "serial": serial.strip()},
            code="wrong_serial", field="serial", known=known.serial,
        )
    lent = _lend(order, actor)
    if known is not None and not known.serial:
        asset = assets_actions.edit_asset(known, version=known.version, serial=serial, actor=lent, at=at)
        outcome = "registered"
    else:
        asset, outcome = _find_or_register(order, key, serial, product, lent, actor, at), "exchanged" if known else "registered"
    order = work.edit_order(order, version=version, asset=asset, product=asset.product, actor=lent, at=at)
    if contract_use.is_planned(order):
        return Identified(order, asset, outcome)  # what the contract's plan pays for does not hang on the unit
    decision = entitlement.decide(
        asset_id=asset.pk, product_id=asset.product_id, on=clock.local_day(order.created_at, actor.zone),
        job=rejudge.job_of(asset.pk, order.fault if order.fault_id else None, but=order.pk),
    )
    order = work.stamp_entitlement(order, decision, actor=lent, at=at)
    contract_use.note_job(order, at=at)
    return Identified(order, asset, outcome)


def _find_or_register(order, key: str, serial: str, product, lent: Actor, actor: Actor, at: dt.datetime):
    if order.customer_id:
        for unit in assets.list_of_customer(order.customer_id):
            if unit.serial_key == key:
                return unit
    known = order.product if order.product_id and not product else None
    known = known or finding.ensure_product(product, category="", brand="", actor=actor, at=at)[0]
    if known is None:
        raise RuleBroken(_("登记序列号时请写明产品"), code="product_missing", field="product")
    return assets_actions.register_asset(
        product=known, serial=serial, customer=order.customer if order.customer_id else None, branch_id=order.branch_id,
        place=order.address, actor=lent, at=at,
    )


def _lend(order, actor: Actor) -> Actor:
    """The same person with the right to register at this order's branch and to edit what he performs himself."""
    here, own = Reach(branches=frozenset({order.branch_id})), Reach(people=frozenset(p for p in order.people_shown() if p))
    given = {"assets.edit_asset": here, "work.edit": own}
    return replace(actor, reaches={**actor.reaches, **{p: (actor.reaches.get(p) or Reach()) | r for p, r in given.items()}})
