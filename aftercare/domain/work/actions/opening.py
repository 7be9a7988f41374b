"""Opening an order: number, words, time limits, repeat of an earlier repair; editing what is written on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.domain.work import access as permissions
from aftercare.domain.work import facts, rules
from aftercare.domain.work.actions import figures, materials
from aftercare.domain.work.actions.refusing import broken
from aftercare.domain.work.lifecycle import FINISHED, OPEN
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation import clock, numbering, plans, search
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.transactions import is_born, step

EDITABLE = frozenset({
    "title", "detail", "urgent", "address", "contact_name", "phone", "region", "limit_amount", "fault", "cause", "solution",
    "work_type", "mode", "planned_minutes", "findings", "minutes", "customer", "asset", "product", "external_id",
})
_LIMITS = {"urgent", "region", "work_type"}
_WORDS = {"title", "phone", "contact_name", "customer", "asset", "product"}


def open_order(
    *, work_type, branch_id: int, customer=None, asset=None, product=None, mode: str = WorkOrder.Mode.ON_SITE,
    region_code: str = "", region=None, address: str = "", contact_name: str = "", phone: str = "", title: str = "",
    fault=None, detail: str = "", urgent: bool = False, limit_amount: Decimal | None = None, contact=None,
    entitlement=None, outlet_id: int | None = None, planned_minutes: int | None = None, external_id: str = "",
    lines: Iterable[Mapping] = (), actor: Actor, at: dt.datetime,
) -> WorkOrder:
    """Register a job to be done, in state 待派工.

    Stamps the warranty decision (`entitlement`: a decision or its data), the time limits in the branch's working
    time, and the earlier repair that this one repeats (same unit, same fault, within 30 days). `lines` are part lines
    as of `add_materials`. Refuses an order without a title when no fault or description gives one, and an unknown mode.
    """
    title = (title or (fault.name if fault else "") or detail.strip().split("\n")[0]).strip()[:160]
    if not title:
        raise broken("title_missing", "title")
    if mode not in WorkOrder.Mode.values:
        raise broken("bad_mode", "mode")
    if limit_amount is not None:
        require_amount(limit_amount, field="limit_amount")
    product = product or (asset.product if asset is not None else None)
    region = region or people.find_region(region_code) or (customer.region if customer is not None else None)
    working = people.working_clock(branch_id)
    day = clock.local_day(at, working.zone)
    order = WorkOrder(
        number=numbering.take("WO", day), branch_id=branch_id, mode=mode, work_type=work_type, customer=customer,
        contact_name=(contact_name or (customer.name if customer else ""))[:120],
        phone=(phone or (customer.phone if customer else ""))[:30], region=region,
        address=(address or (customer.address if customer else ""))[:250], asset=asset, product=product,
        category_id=product.category_id if product else None, contact_number=contact.number if contact else "",
        external_id=external_id, title=title, fault=fault, detail=detail, urgent=urgent, limit_amount=limit_amount,
        outlet_id=outlet_id, planned_minutes=planned_minutes or work_type.minutes or 60, created_at=at,
        month=day.replace(day=1), created_by_id=actor.employee_id, **_entitlement_fields(entitlement),
    )
    _set_limits(order, working, at)
    _join_repeat(order, at)
    order.search = _words(order)
    parts = materials.build(order, lines)
    with step():
        open_new(
            order, actor=actor, at=at, permission=permissions.OPEN, people=(actor.employee_id,), verb="work.order.open",
            fact=lambda o: facts.OrderOpened(
                order_id=o.pk, number=o.number, service_class=o.service_class,
                repeat_of=o.repeat_of.number if o.repeat_of_id else "", parts=tuple(row.part_id for row in parts),
            ),
        )
        materials.insert(order, parts)
        figures.count_opening([order])
    return order


def _entitlement_fields(decision: Any) -> dict:
    if decision is None:
        return {}
    data = dict(decision) if isinstance(decision, Mapping) else decision.as_data()
    return {"service_class": data.get("service_class") or WorkOrder.ServiceClass.PAID, "entitlement": data}


def _set_limits(order: WorkOrder, working, at: dt.datetime) -> None:
    is_urban = order.region.is_urban if order.region_id else None
    limits = catalog.service_limit(
        order.work_type_id, is_urban, category_id=order.category_id, urgent=order.urgent
    )
    # What a contract promises goes before the service levels; a planned visit is due on its day.
    promised = (order.entitlement or {}).get("contract") or {}
    if promised.get("visit_on"):
        _start, end = clock.day_bounds(dt.date.fromisoformat(promised["visit_on"]), working.zone)
        order.respond_due_at = order.due_at = end
        return
    respond = promised.get("respond_minutes") or (limits.respond_minutes if limits else None)
    repair = promised.get("repair_minutes") or (limits.repair_minutes if limits else None)
    order.respond_due_at = working.due(at, respond) if respond is not None else None
    order.due_at = working.due(at, repair) if repair is not None else None


def _finished_since(asset_id: int, since: dt.datetime, until: dt.datetime) -> QuerySet:
    rows = WorkOrder.objects.filter(asset_id=asset_id, status__in=sorted(FINISHED), finished_at__range=(since, until))
    return rows.order_by("-id").values_list("id", "number", "fault_id", "title", "finished_at")[:20]


def _join_repeat(order: WorkOrder, at: dt.datetime) -> None:
    if order.asset_id is None or not order.work_type.is_repair or is_born(order.asset):
        return
    since = at - dt.timedelta(days=rules.REPEAT_DAYS)
    earlier = [rules.EarlierWork(*row) for row in plans.rows(_finished_since, order.asset_id, since, at)]
    found = rules.find_repeat(earlier, fault_id=order.fault_id, title=order.title, at=at)
    if found:
        order.repeat_of = WorkOrder(pk=found.order_id, number=found.number)


def _words(order: WorkOrder) -> str:
    return search.grams(
        order.number, order.customer.name if order.customer_id else "", order.contact_name, order.phone,
        order.asset.serial if order.asset_id else "", order.product.name if order.product_id else "", order.title,
        order.external_id,
    )


def edit_order(order: WorkOrder, *, version: int | None, actor: Actor, at: dt.datetime, **fields) -> WorkOrder:
    """Change named fields before the audit; `version` is the one the editor saw. Limits and words follow."""
    unknown = sorted(set(fields) - EDITABLE)
    if unknown:
        raise broken("not_editable", unknown[0])
    if order.status not in OPEN:
        raise broken("edit_closed")
    if "title" in fields and not fields["title"].strip():
        raise broken("title_missing", "title")
    if fields.get("limit_amount") is not None:
        require_amount(fields["limit_amount"], field="limit_amount")
    if "mode" in fields and fields["mode"] not in WorkOrder.Mode.values:
        raise broken("bad_mode", "mode")
    # A copy: the caller's row must keep what it was until the write holds.
    changed = WorkOrder.objects.select_related("customer", "asset", "product", "region", "work_type").get(pk=order.pk)
    for name, value in fields.items():
        setattr(changed, name, value)
    if "product" in fields:
        fields["category_id"] = changed.category_id = changed.product.category_id if changed.product_id else None
    if _LIMITS & set(fields) and changed.arrived_at is None:
        _set_limits(changed, people.working_clock(changed.branch_id), changed.created_at)
        fields |= {"respond_due_at": changed.respond_due_at, "due_at": changed.due_at}
    if _WORDS & set(fields):
        fields["search"] = _words(changed)
    return revise(
        order, actor=actor, at=at, permission=permissions.EDIT, version=version, verb="work.order.edit",
        fact=facts.OrderEdited(order_id=order.pk, number=order.number), **fields,
    )


def stamp_entitlement(order: WorkOrder, decision, *, actor: Actor, at: dt.datetime, version: int | None = None,
                      reason: str = "") -> WorkOrder:
    """Stamp another warranty decision on an order that is not audited; the limits of another contract come with it."""
    if order.status not in OPEN:
        raise broken("edit_closed")
    fields = _entitlement_fields(decision)
    before, after = (order.entitlement or {}).get("contract") or {}, fields.get("entitlement", {}).get("contract") or {}
    if before != after and order.arrived_at is None:
        changed = WorkOrder.objects.select_related("region").get(pk=order.pk)
        changed.entitlement = fields["entitlement"]
        _set_limits(changed, people.working_clock(changed.branch_id), changed.created_at)
        fields |= {"respond_due_at": changed.respond_due_at, "due_at": changed.due_at}
    return revise(
        order, actor=actor, at=at, permission=permissions.EDIT, version=version, verb="work.order.stamp_entitlement",
        fact=facts.OrderEdited(order_id=order.pk, number=order.number), because=reason, **fields,
    )


