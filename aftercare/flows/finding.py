"""From what a person typed to the row that is meant: customer, product, unit, work type, engineer, parts.

Lookups start at what the actor may see, so a foreign number is answered as not found. What a dictionary lacks is made
(type-to-create).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import actions as words
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import actions as parties_actions
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import actions as people_actions
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

# The usual work type of each kind of request, made on its first use.
_WORK_TYPES = {"repair": ("维修", True), "support": ("维修", True), "installation": ("安装", False), "delivery": ("送货", False)}


def _is_key(value) -> bool:
    return isinstance(value, (str, int))


def find_customer(customer, *, phone: str, name: str, actor: Actor):
    """The customer that is meant: given, or the one with that telephone number; None for somebody new.

    Refuses (`customer_ambiguous`) when several share the number and the name does not tell.
    """
    if customer is not None and customer != "":
        return parties.get_customer(customer, actor) if _is_key(customer) else customer
    found = parties.find_same_phone(phone, actor) if phone.strip() else []
    if len(found) > 1 and name.strip():
        found = [one for one in found if one.name == name.strip()] or found
    if len(found) > 1:
        raise RuleBroken(
            _("多位客户使用这个电话，请选择客户"), code="customer_ambiguous", field="customer",
            customers=[one.number for one in found],
        )
    return found[0] if found else None


def ensure_customer(customer, *, phone: str, name: str, branch_id: int, region_code: str, address: str, actor: Actor,
                    at: dt.datetime):
    """The customer that is meant, a new file for an unknown one; and whether it was made."""
    found = find_customer(customer, phone=phone, name=name, actor=actor)
    if found is not None:
        return found, False
    made = parties_actions.create_customer(
        name=name.strip() or phone.strip(), phone=phone, branch_id=branch_id, region_code=region_code, address=address,
        actor=actor, at=at,
    )
    return made, True


def ensure_region(text: str, *, branch_id: int, actor: Actor, at: dt.datetime) -> str:
    """The code of the region that is meant or typed, near the branch; a new one is made. Empty when nothing is said."""
    if not text.strip():
        return ""
    return people_actions.ensure_region(text, near=people.region_near(branch_id), actor=actor, at=at)[0].code


def ensure_product(product, *, category: str, brand: str, actor: Actor, at: dt.datetime):
    """The product that is meant or typed, and whether it was made; (None, False) when nothing is said."""
    if not product:
        return None, False
    if isinstance(product, int):
        return catalog.get_product(product, actor), False
    if not isinstance(product, str):
        return product, False
    return words.ensure_product(product, category_name=category, brand=brand, actor=actor, at=at)


def ensure_work_type(work_type, *, kind: str, actor: Actor, at: dt.datetime):
    """The work type that is meant or typed, else the usual one of that kind of request."""
    if work_type and not _is_key(work_type):
        return work_type
    if isinstance(work_type, int):
        return catalog.get_work_type(work_type, actor)
    name, is_repair = (work_type, True) if work_type else _WORK_TYPES.get(kind, _WORK_TYPES["repair"])
    found = catalog.find_work_type(name)
    return found or words.ensure_work_type(name, is_repair=is_repair, actor=actor, at=at)[0]


def ensure_fault(fault, *, category, actor: Actor, at: dt.datetime):
    """The fault code that is meant or typed; None when nothing is said."""
    if not fault:
        return None
    if isinstance(fault, int):
        return catalog.get_code(fault, actor)
    if not isinstance(fault, str):
        return fault
    return words.ensure_code("fault", fault, category=category, actor=actor, at=at)[0]


def find_asset(asset, actor: Actor):
    """The unit of that number or id, or the row itself; None when nothing is said."""
    if asset is None or asset == "":
        return None
    return assets.get_asset(asset, actor) if _is_key(asset) else asset


def find_engineer(engineer, actor: Actor):
    """The employee of that number or id, or the row itself; None when nothing is said."""
    if engineer is None or engineer == "":
        return None
    return people.get_employee(engineer, actor) if _is_key(engineer) else engineer


def find_branch(branch, actor: Actor):
    """The branch of that number or id, or the row itself; None when nothing is said."""
    if branch is None or branch == "":
        return None
    return people.get_branch(branch, actor) if _is_key(branch) else branch


def find_outlet(outlet, order, actor: Actor):
    """The outlet of that number or id: one below the order's branch, else one the actor sees; None when nothing is said."""
    if outlet is None or outlet == "" or not _is_key(outlet):
        return outlet or None
    near = next((row for row in people.list_outlets(order.branch_id) if outlet in (row.pk, row.number)), None)
    return near or people.get_branch(outlet, actor)


def find_parts(lines: Iterable[Mapping]) -> list[dict]:
    """Part lines with their `part` as a row: given as row, id or code, looked up in one statement."""
    rows = [dict(line) for line in lines]
    codes = [line["part"] for line in rows if isinstance(line["part"], str)]
    known = catalog.parts_by_code(codes) if codes else {}
    for index, line in enumerate(rows):
        if isinstance(line["part"], str):
            part = known.get(line["part"]) or known.get(line["part"].strip().upper())
            if part is None:
                raise RuleBroken(
                    _("没有配件 %(code)s") % {"code": line["part"]}, code="unknown_part", field=f"lines.{index}.part"
                )
            line["part"] = part
    return rows
