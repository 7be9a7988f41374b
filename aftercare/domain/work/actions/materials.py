"""Part lines of an order. Their effect on stock is the business of the flow around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from aftercare.domain.work import access as permissions
from aftercare.domain.work import facts
from aftercare.domain.work.actions.refusing import broken
from aftercare.domain.work.lifecycle import BEFORE_WORK, IN_WORK, Status
from aftercare.domain.work.models import Material, WorkOrder
from aftercare.foundation import access, money, quantity, statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import stale
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.transactions import step

CHANGEABLE = BEFORE_WORK | IN_WORK | {Status.REPAIRED, Status.REWORK}


def add_material(order: WorkOrder, *, part, qty, actor: Actor, at: dt.datetime, **line) -> Material:
    """Put one part line on the order (see `add_materials`)."""
    return add_materials(order, lines=[{"part": part, "qty": qty, **line}], actor=actor, at=at)[0]


def add_materials(order: WorkOrder, *, lines: Iterable[Mapping], actor: Actor, at: dt.datetime,
                  version: int | None = None) -> list[Material]:
    """Put part lines on the order: part, qty, and optionally place_id, price_amount (CNY a unit), is_free with
    free_reason, old_serial, new_serial. Refuses when the order is done, and a free line without a reason.
    """
    rows = build(order, lines)
    with step():
        _touch(order, actor, at, version, lambda: facts.MaterialsChanged(
            order_id=order.pk, number=order.number, added=tuple(row.part_id for row in rows)), "add_material")
        insert(order, rows)
    return rows


def build(order: WorkOrder, lines: Iterable[Mapping]) -> list[Material]:
    """Part lines from what was given, checked and not written yet."""
    return [_material(order, dict(line)) for line in lines]


def insert(order: WorkOrder, rows: list[Material]) -> None:
    """Write new lines of an order whose own record tells of them."""
    if rows:
        for row in rows:
            row.order = order
        statements.insert_all(rows)


def _material(order: WorkOrder, line: dict) -> Material:
    part = line.pop("part")
    is_free = bool(line.get("is_free"))
    if is_free and not (line.get("free_reason") or "").strip():
        raise broken("free_reason_missing", "free_reason")
    qty = quantity.require_quantity(line.pop("qty"))
    price = _price(line.pop("price_amount", part.price_amount))
    return Material(order=order, part=part, qty=qty, price_amount=price, **line)


def _price(price: Decimal) -> Decimal:
    price = money.rounded(Decimal(price))
    if price < 0:
        raise broken("bad_price", "price_amount")
    return price


def change_material(material: Material, *, actor: Actor, at: dt.datetime, version: int | None = None, **fields) -> Material:
    """Change qty, price_amount, is_free, free_reason, place_id, old_serial or new_serial of a line."""
    allowed = {"qty", "price_amount", "is_free", "free_reason", "place_id", "old_serial", "new_serial"}
    unknown = sorted(set(fields) - allowed)
    if unknown:
        raise broken("not_editable", unknown[0])
    if "qty" in fields:
        fields["qty"] = quantity.require_quantity(fields["qty"])
        if fields["qty"] < material.used_qty:
            raise broken("less_than_used", "qty")
    if "price_amount" in fields:
        fields["price_amount"] = _price(fields["price_amount"])
    if fields.get("is_free", material.is_free) and not fields.get("free_reason", material.free_reason).strip():
        raise broken("free_reason_missing", "free_reason")
    changes = {f"material:{material.pk}:{name}": [str(getattr(material, name)), str(value)] for name, value in fields.items()}
    with step():
        _touch(material.order, actor, at, version, lambda: facts.MaterialsChanged(
            order_id=material.order_id, number=material.order.number, changed=(material.part_id,)), "change_material",
            note="; ".join(f"{name.rsplit(':', 1)[1]}: {old} → {new}" for name, (old, new) in changes.items()))
        Material.objects.filter(pk=material.pk).update(**fields)
    for name, value in fields.items():
        setattr(material, name, value)
    return material


def remove_material(material: Material, *, actor: Actor, at: dt.datetime, version: int | None = None) -> None:
    """Take a line off; refuses while stock is reserved or used for it."""
    if material.used_qty:
        raise broken("used_already")
    if material.reserved_qty:
        raise broken("reserved_still")
    with step():
        _touch(material.order, actor, at, version, lambda: facts.MaterialsChanged(
            order_id=material.order_id, number=material.order.number, removed=(material.part_id,)), "remove_material")
        Material.objects.filter(pk=material.pk).delete()


def note_stock(materials: Iterable[Material]) -> None:
    """Keep on the lines what stock did for them (place, reserved_qty, used_qty), in one statement."""
    values: list = []
    for row in materials:
        values += [row.pk, row.place_id, row.reserved_qty, row.used_qty]
    if not values:
        return
    # Written out, since building this statement anew for every document costs more than running it.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE work_material AS m SET place_id = d.column2, reserved_qty = d.column3, used_qty = d.column4 FROM (VALUES "
            + ", ".join(["(%s, CAST(%s AS BIGINT), CAST(%s AS NUMERIC), CAST(%s AS NUMERIC))"] * (len(values) // 4))
            + ") AS d WHERE m.id = d.column1",
            values,
        )


def note_parts_arrived(order: WorkOrder, *, part_id: int, ready: bool, actor: Actor, at: dt.datetime) -> None:
    """Tell the order that a part it lacked has come; its state is left to a person."""
    record_about(
        order, verb="work.order.parts_arrived", actor=actor, at=at,
        fact=facts.PartsArrived(order_id=order.pk, number=order.number, part_id=part_id, ready=ready),
    )


def _touch(order: WorkOrder, actor: Actor, at: dt.datetime, version: int | None, fact, verb: str, note: str = "") -> None:
    """Raise the order's version and record; whoever edits orders or performs this one may, until it is done.

    One conditional update, so that a line is never slipped into an order that is being completed.
    """
    permission = permissions.EDIT if actor.may(permissions.EDIT, branch_id=order.branch_id) else permissions.PERFORM
    rows = access.visible(WorkOrder, actor, permission).filter(pk=order.pk, status__in=sorted(CHANGEABLE))
    if version is not None:
        rows = rows.filter(version=version)
    if rows.update(version=F("version") + 1) != 1:
        raise _refusal(order, actor, version, permission)
    if transactions.is_born(order):
        order.version += 1  # the object stays the newest copy of a row that this transaction inserted
    elif version is not None:
        order.version = version + 1
    record_about(order, verb=f"work.order.{verb}", actor=actor, at=at, fact=fact(), note=note)


def _refusal(order: WorkOrder, actor: Actor, version: int | None, permission: str):
    newest = access.visible(WorkOrder, actor).filter(pk=order.pk).first()
    if newest is None:
        return NotFound(_("没有找到服务单"), kind="work.workorder")
    if version is not None and newest.version != version:
        return stale(newest)
    return broken("materials_closed") if newest.status not in CHANGEABLE else access.not_allowed(permission)
