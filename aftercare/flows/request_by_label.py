"""A request from the page that a unit's label opens: a contact for the clerk to take on, nothing more."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.cases import actions as cases
from aftercare.domain.parties import queries as parties
from aftercare.foundation import wording
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.transactions import whole


@whole()
def register(unit, *, phone: str, name: str, text: str, address: str, zone: str, at: dt.datetime):
    """Write the request down at the unit's branch; gives back the contact.

    The unit's owner is named only when the telephone is his: who scans a label need not be the owner, and is told nothing
    of him either way.
    """
    here = Reach(branches=frozenset({unit.branch_id}))
    visitor = Actor(
        kind="customer", id=None, name=name or wording.stored(lambda: _("扫码客户")), branch_id=unit.branch_id,
        reaches={"cases.register": here, "cases.view_contact": here}, via="portal", address=address, zone=zone,
    )
    known = parties.identify(phone, Actor.system("portal"), 20).customers if unit.customer_id else []
    owner = next((one for one in known if one.pk == unit.customer_id), None)
    return cases.register_contact(
        channel="portal", kind="repair", branch_id=unit.branch_id, customer=owner, phone=phone, caller=name, text=text,
        asset=unit, actor=visitor, at=at,
    )
