"""The end of the work: parts used, charges written, money collected, the order done. All or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import charging, consent, finding, lending, old_parts, prepare_parts, rejudge
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)


@dataclass
class Finished:
    """The order as it is now, its bill, and the money taken, if any."""

    order: Any
    bill: Any
    collection: Any = None


@whole()
def finish(
    order, *, findings: str, minutes: int | None = None, result: str = "fixed", fault=None, cause=None, solution=None,
    used: Mapping[int, Any] | None = None, lines: Iterable[Mapping] = (), signed_name: str = "",
    signature: bytes | None = None, claimed_at: dt.datetime | None = None, collect: Mapping | None = None,
    fees: Iterable[Mapping] = (), distance_km: Decimal | None = None, version: int | None = None, actor: Actor, at: dt.datetime,
) -> Finished:
    """Complete the order where the work is done.

    `used` maps a part line's id to the quantity used in total (default: all that is promised to it); `lines` are parts
    used that nobody had written down (part, qty, place_id …). What is promised and not used is let go. `collect` is
    {"amount", "method"} in CNY, `fees` are typed charges (kind, name, amount, payer). Refuses as a whole: `short_stock`, `findings_missing`, a foreign order.
    """
    order = _end(work.complete, order, {
        "findings": findings, "minutes": minutes, "result": result, "fault": fault, "cause": cause, "solution": solution,
        "signed_name": signed_name, "signature": signature, "claimed_at": claimed_at, "distance_km": distance_km, "version": version,
    }, actor, at, lines)
    rows, is_again = _use(order, used, actor, at)
    bill = charging.write(order, rows, fees=fees, actor=actor, at=at)
    consent.require(order)
    old_parts.follow(order, rows, is_again=is_again, actor=actor, at=at)
    return Finished(order, bill, _collect(bill, collect, lending.for_bill(order, actor), at))


def _end(move, order, values: dict, actor: Actor, at: dt.datetime, lines: Iterable[Mapping]):
    if order.quote.get("agreed") is False and values.get("result", "fixed") in ("", "fixed"):
        raise RuleBroken(_("客户不同意报价，不能记为已修复，请选退回未修"), code="quote_refused", field="result")
    # Lines belong on the order before it is done; afterwards they can't be changed any more.
    written = finding.find_parts(lines)
    if written:
        prepare_parts.require_places(order, [line.get("place_id") for line in written], actor)
        work.add_materials(order, lines=written, version=values.pop("version", None), actor=actor, at=at)
    return rejudge.by_findings(move(order, actor=actor, at=at, **values), actor=actor, at=at)


def _use(order, used: Mapping[int, Any] | None, actor: Actor, at: dt.datetime) -> tuple[list, bool]:
    """The part lines as used, and whether any was used before."""
    rows = orders.read_materials(order)
    if not rows:
        return rows, False
    is_again = any(row.used_qty for row in rows)
    for row in rows:
        given = None if used is None else used.get(row.pk, used.get(str(row.pk)))
        if order.quote.get("agreed") is False:
            row.used_qty = ZERO  # the customer did not agree: nothing is built in
        elif given is None:
            row.used_qty = row.qty
        else:
            row.used_qty = require_quantity(given) if Decimal(given) else ZERO
    prepare_parts.choose_places(order, [row for row in rows if row.used_qty], actor=actor, at=at)
    inventory.consume(source=Source.of(order), actor=actor, at=at, lines=[
        inventory.UseLine(prepare_parts.key_of(row), row.part_id, row.used_qty, row.place_id, row.new_serial) for row in rows
    ])
    if any(row.reserved_qty > row.used_qty for row in rows):
        inventory.release(source=Source.of(order), actor=actor, at=at)
    for row in rows:
        row.reserved_qty = ZERO
    work.note_stock(rows)
    return rows, is_again


def _collect(bill, collect: Mapping | None, actor: Actor, at: dt.datetime):
    if not collect or not Decimal(collect.get("amount") or 0):
        return None
    return billing.collect(
        bill, amount=Decimal(collect["amount"]), method=collect.get("method") or "cash",
        collected_by_id=actor.employee_id, actor=actor, at=at,
    )


@whole()
def repair(
    order, *, findings: str, minutes: int | None = None, result: str = "fixed", fault=None, cause=None, solution=None,
    used: Mapping[int, Any] | None = None, lines: Iterable[Mapping] = (), fees: Iterable[Mapping] = (),
    version: int | None = None, actor: Actor, at: dt.datetime,
) -> Finished:
    """The same for the bench: repaired, waiting for its owner; money is taken when it is handed over."""
    order = _end(work.finish_repair, order, {
        "findings": findings, "minutes": minutes, "result": result, "fault": fault, "cause": cause, "solution": solution,
        "version": version,
    }, actor, at, lines)
    rows, is_again = _use(order, used, actor, at)
    bill = charging.write(order, rows, fees=fees, actor=actor, at=at)
    consent.require(order)
    old_parts.follow(order, rows, is_again=is_again, actor=actor, at=at)
    return Finished(order, bill)
