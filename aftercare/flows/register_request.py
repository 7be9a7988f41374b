"""From a call to an order: the contact, whoever and whatever was unknown, the decision who pays, the order, the receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.assets import actions as assets
from aftercare.domain.cases import actions as cases
from aftercare.domain.cases import rules as kinds
from aftercare.domain.custody import actions as custody
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import contract_use, finding, prepare_parts, rejudge
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import is_born, whole


@dataclass
class Registered:
    """What came of a request; `made` names what was new (customer, product, asset), `warnings` what to look at."""

    contact: Any
    customer: Any = None
    asset: Any = None
    product: Any = None
    order: Any = None
    custody: Any = None
    decision: Any = None
    made: list[str] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)


@whole()
def register(
    *, branch_id: int, channel: str = "phone", kind: str = "repair", phone: str = "", customer=None,
    customer_name: str = "", caller: str = "", region_code: str = "", region: str = "", address: str = "", product=None, brand: str = "",
    category: str = "", serial: str = "", asset=None, asset_details: Mapping | None = None, fault=None, title: str = "",
    detail: str = "", work_type=None, mode: str = "on_site", urgent: bool = False, limit_amount: Decimal | None = None,
    intake: Mapping | None = None, lines: Iterable[Mapping] = (), open_anyway: bool = False, external_id: str = "",
    planned_minutes: int | None = None, with_contact: bool = True, actor: Actor, at: dt.datetime,
) -> Registered:
    """Register a request and, for the kinds that are work, open its order with all data carried along.

    customer, product, asset, fault and work_type are rows, ids, numbers or typed words; what is unknown is made, a `region`
    that was typed (instead of `region_code`) under the nearest known division.
    `intake` (appearance, accessories, place, note, item) takes the thing in against a receipt. A second open request
    for the same unit is refused as `open_order_exists` (409) until `open_anyway`; then it is a warning. A blocked customer
    is refused (`customer_blocked`); who may flag customers goes on with `open_anyway`. Other flags are warnings.
    `with_contact=False` is for trusted imports and the counter's quick path, whose order is the record itself.
    """
    found = Registered(contact=None)
    day = clock.local_day(at, actor.zone if branch_id == actor.branch_id else people.zone_of(branch_id))
    region_code = region_code or finding.ensure_region(region, branch_id=branch_id, actor=actor, at=at)
    found.asset = finding.find_asset(asset, actor)
    if customer is None and found.asset is not None and found.asset.customer_id and not phone:
        customer = found.asset.customer
    if customer is not None or phone.strip() or customer_name.strip():
        found.customer, is_new = finding.ensure_customer(
            customer, phone=phone, name=customer_name, branch_id=branch_id, region_code=region_code, address=address,
            actor=actor, at=at,
        )
        found.made += ["customer"] if is_new else []
        if not is_new:
            _heed_flags(found, day, open_anyway, actor)
    _find_unit(found, product, brand, category, serial, asset_details, branch_id, actor, at)
    if with_contact:
        found.contact = cases.register_contact(
            channel=channel, kind=kind, branch_id=branch_id, customer=found.customer, phone=phone,
            text=detail or title, asset=found.asset, caller=caller or customer_name, urgent=urgent,
            external_id=external_id, actor=actor, at=at,
        )
    if kind not in kinds.WORK_TYPES:
        return found
    _open_order(
        found, day, branch_id=branch_id, kind=kind, region_code=region_code, address=address, phone=phone,
        contact_name=caller or customer_name, fault=fault, title=title, detail=detail, work_type=work_type, mode=mode,
        urgent=urgent, limit_amount=limit_amount, open_anyway=open_anyway, external_id=external_id,
        planned_minutes=planned_minutes, lines=lines, actor=actor, at=at,
    )
    if intake is not None:
        _take_in(found, dict(intake), branch_id, limit_amount, actor, at)
    return found


def _heed_flags(found: Registered, day: dt.date, anyway: bool, actor: Actor) -> None:
    for flag in parties.flags_in_force(found.customer.pk, day):
        if flag.kind_of == "block" and not (anyway and actor.holds("parties.flag_customer")):
            raise RuleBroken(
                _("已对这位客户停止服务：%(reason)s") % {"reason": flag.reason}, code="customer_blocked", field="customer",
            )
        found.warnings.append({"code": "customer_flagged", "flag": flag.kind_of, "reason": flag.reason})


def _find_unit(found: Registered, product, brand, category, serial, details, branch_id, actor: Actor, at) -> None:
    if found.asset is not None:
        found.product = found.asset.product
        return
    found.product, is_new = finding.ensure_product(product, category=category, brand=brand, actor=actor, at=at)
    found.made += ["product"] if is_new else []
    if found.product is None:
        if serial.strip():
            raise RuleBroken(_("登记序列号时请写明产品"), code="product_missing", field="product")
        return
    if serial.strip() or details:
        found.asset = assets.register_asset(
            product=found.product, serial=serial, customer=found.customer, branch_id=branch_id, actor=actor, at=at,
            **(details or {}),
        )
        found.product = found.asset.product
        found.made += ["asset"] if found.asset.created_at == at else []


def _open_order(found: Registered, day: dt.date, *, kind, fault, work_type, open_anyway, lines, actor: Actor, at, **values):
    if found.asset is not None and not is_born(found.asset):
        numbers = orders.open_numbers_of_asset(found.asset.pk)
        if numbers:
            if not open_anyway:
                raise WrongState(
                    _("这台设备还有未完结的服务单：%(numbers)s") % {"numbers": "、".join(numbers)},
                    code="open_order_exists", field="asset", orders=numbers,
                )
            found.warnings.append({"code": "open_order_exists", "orders": numbers})
    product, lines = found.product, finding.find_parts(lines)
    category = product.category if product is not None else None
    fault = finding.ensure_fault(fault, category=category, actor=actor, at=at)
    if found.asset is not None and is_born(found.asset):
        found.decision = entitlement.decide_new(found.asset, on=day, job=rejudge.job_of(None, fault))
    else:
        known = found.asset.pk if found.asset is not None else None
        found.decision = entitlement.decide(
            asset_id=known, product_id=product.pk if product else None, on=day, job=rejudge.job_of(known, fault)
        )
    found.order = work.open_order(
        customer=found.customer, asset=found.asset, product=product, contact=found.contact, entitlement=found.decision,
        fault=fault,
        work_type=finding.ensure_work_type(work_type, kind=kind, actor=actor, at=at),
        lines=lines, actor=actor, at=at, **values,
    )
    prepare_parts.require_places(found.order, [line.get("place_id") for line in lines], actor)
    contract_use.note_job(found.order, at=at)
    if found.order.repeat_of_id:
        found.warnings.append({"code": "repeat_repair", "orders": [found.order.repeat_of.number]})
    if found.decision.flags:
        found.warnings.append({"code": "suspicious_unit", "flags": list(found.decision.flags)})
    if found.contact is not None:
        found.contact = cases.lead_to(found.contact, source=Source.of(found.order), actor=actor, at=at)


def _take_in(found: Registered, intake: dict, branch_id: int, limit_amount, actor: Actor, at: dt.datetime) -> None:
    if found.customer is None:
        raise RuleBroken(_("接收物品时请写明客户"), code="customer_missing", field="customer")
    item = intake.pop("item", "") or (found.product.name if found.product else "") or found.order.title
    found.custody = custody.receive(
        customer=found.customer, item=item, branch_id=branch_id, asset=found.asset, source=Source.of(found.order),
        limit_amount=limit_amount, actor=actor, at=at, **intake,
    )
