"""Places: depots and their bins, vans, outlets; where a part is at home; how much shall lie where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts
from aftercare.domain.inventory.actions import booking
from aftercare.domain.inventory.models import Balance, Home, Place
from aftercare.domain.inventory.rules import GOOD
from aftercare.foundation import statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken

CUSTOMER_CODE = "customer"


def create_place(
    *, code: str, name: str, kind: str, branch_id: int | None, actor: Actor, at: dt.datetime,
    employee_id: int | None = None, parent: Place | None = None, position: str = "",
) -> Place:
    """A new place. Places inside the company belong to a branch; codes are unique. A bin lies in a depot (`parent`), a van is somebody's.

    Those outside and the way between two stores are there once, made by what first needs them (`made_by_itself`).
    """
    if kind in Place.OUTSIDE or kind == Place.Kind.TRANSIT:
        raise RuleBroken(_("这种库位由系统建立，每种只有一个"), code="made_by_itself", field="kind")
    if (kind == Place.Kind.VAN) != (employee_id is not None):
        raise RuleBroken(_("随车库须指定工程师，其他库位不能"), code="van_needs_employee", field="employee")
    if employee_id is not None and Place.objects.filter(kind_of=Place.Kind.VAN, employee_id=employee_id).exists():
        raise RuleBroken(_("这位工程师已有随车库"), code="van_taken", field="employee")
    if (kind == Place.Kind.BIN) != (parent is not None):
        raise RuleBroken(_("货位必须属于一个库，其他库位不能"), code="bin_needs_depot", field="parent")
    if parent is not None:
        if parent.parent_id or not parent.is_inside:
            raise RuleBroken(_("货位只能建在公司内部的库里"), code="bad_parent", field="parent")
        branch_id, employee_id = parent.branch_id, None
    if branch_id is None:
        raise RuleBroken(_("公司内部库位必须属于一个机构"), code="branch_needed", field="branch")
    if Place.objects.filter(code=code).exists():
        raise RuleBroken(_("编码已存在"), code="code_taken", field="code")
    transactions.forget()
    return open_new(
        Place(code=code, name=name, kind_of=kind, branch_id=branch_id, employee_id=employee_id, parent=parent,
              position=(position or code)[:30] if parent is not None else ""),
        actor=actor, at=at, permission=access.EDIT_PLACES,
    )


def edit_place(place: Place, *, version: int, actor: Actor, at: dt.datetime, **fields: Any) -> Place:
    """Change name, order of picking, or whether the place is in use. Its kind, branch and keeper stay: balances hang on them."""
    unknown = set(fields) - {"name", "is_active", "position"}
    if unknown:
        raise RuleBroken(_("这些字段不能修改"), code="not_editable", field=min(unknown))
    if fields.get("is_active") is False and (not place.is_inside or place.kind_of == Place.Kind.TRANSIT):
        raise RuleBroken(_("这种库位由系统建立，不能停用"), code="made_by_itself", field="is_active")
    if fields.get("is_active") is False and _is_in_use(place):
        raise RuleBroken(_("库位里还有库存，不能停用"), code="place_not_empty", field="is_active")
    transactions.forget()
    return revise(place, actor=actor, at=at, permission=access.EDIT_PLACES, version=version, **fields)


def ensure_outside(kind: str, *, actor: Actor, at: dt.datetime) -> Place:
    """The one place of that kind outside the company (supplier, customer, difference, scrap)."""
    return _ensure(str(kind), Place.Kind(kind).label, kind, None, None, at)


def ensure_depot(branch_id: int, *, actor: Actor, at: dt.datetime, name: str = "") -> Place:
    """The part store of the branch; made when it is not there."""
    return _ensure(f"depot-{branch_id}", name, Place.Kind.DEPOT, branch_id, None, at)


def ensure_outlet(branch_id: int, *, actor: Actor, at: dt.datetime, name: str = "") -> Place:
    """The store of an outlet; made when it is not there."""
    return _ensure(f"outlet-{branch_id}", name, Place.Kind.OUTLET, branch_id, None, at)


def ensure_van(employee_id: int, *, branch_id: int, actor: Actor, at: dt.datetime, name: str = "") -> Place:
    """The van store of the engineer; made when it is not there."""
    return _ensure(f"van-{employee_id}", name, Place.Kind.VAN, branch_id, employee_id, at)


def _every() -> QuerySet[Place]:
    return Place.objects.all()


def _ensure(code: str, name: str, kind: str, branch_id: int | None, employee_id: int | None, at: dt.datetime) -> Place:
    found = statements.find(_every, code=code)
    if found is not None:
        return found
    place = Place(code=code, name=name, kind_of=kind, branch_id=branch_id, employee_id=employee_id)
    if not name:
        owner = place.employee or place.branch
        place.name = f"{owner}{Place.Kind(kind).label}"
    # Whoever needs such a place first makes it, whatever his grants: it follows from the branch or the engineer.
    try:
        with transaction.atomic():
            transactions.forget()
            open_new(place, actor=Actor.system("inventory"), at=at, permission=access.EDIT_PLACES)
    except IntegrityError:
        return Place.objects.get(code=code)  # a twin made it first
    return place


def _is_in_use(place: Place) -> bool:
    here = Q(place=place) | Q(place__parent=place)
    return Balance.objects.filter(here, on_hand_qty__gt=0).exists()


def set_home(bin: Place, *, part_id: int, actor: Actor, at: dt.datetime) -> Home:
    """Make this bin the home of the part in its depot; the one before is home no longer. Goods stay where they are."""
    if bin.parent_id is None:
        raise RuleBroken(_("只有货位才能作固定货位"), code="not_a_bin", field="bin")
    booking.require_parts([part_id])
    actor.require(access.EDIT_PLACES, branch_id=bin.branch_id)
    with transaction.atomic():
        row, _made = Home.objects.update_or_create(depot_id=bin.parent_id, part_id=part_id, defaults={"bin": bin})
        record_about(bin, verb="inventory.place.set_home", actor=actor, at=at, fact=facts.HomeSet(bin.pk, part_id))
    return row


def set_limits(
    place: Place, *, part_id: int, min_qty: Decimal, max_qty: Decimal, actor: Actor, at: dt.datetime
) -> Balance:
    """Least and most that shall lie there of a part; below the least a suggestion to order is made."""
    actor.require(access.ADJUST, branch_id=place.branch_id)
    booking.require_parts([part_id])
    if not 0 <= min_qty <= max_qty:
        raise RuleBroken(_("下限不能大于上限"), code="limits_crossed", field="max_qty")
    with transaction.atomic():
        insert_once([Balance(place=place, part_id=part_id)])
        rows = Balance.objects.filter(place=place, part_id=part_id, condition=GOOD, lot="")
        rows.update(min_qty=min_qty, max_qty=max_qty)
        record_about(place, verb="inventory.place.set_limits", actor=actor, at=at)
        return rows.get()
