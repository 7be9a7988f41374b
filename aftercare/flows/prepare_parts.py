"""Parts of an order before they are used: lines written, stock promised, lacks requested, issued, brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import consent, finding
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)


@dataclass
class Prepared:
    """The order's lines after the call, and the part requests made for what lacks."""

    order: object
    materials: list
    requests: list = field(default_factory=list)


def key_of(material) -> str:
    """The name of a part line in the stock ledger."""
    return f"m{material.pk}"


def material_of(order, material_id: int):
    """That line of the order; NotFound for another order's."""
    found = next((row for row in orders.read_materials(order) if row.pk == material_id), None)
    if found is None:
        raise NotFound(_("没有找到这行用料"), kind="work.material")
    found.order = order
    return found


@whole()
def add(
    order, *, lines: Iterable[Mapping], reserve: bool = True, request_short: bool = True, version: int | None = None,
    actor: Actor, at: dt.datetime,
) -> Prepared:
    """Write part lines (part as row, id or code; qty; place_id …) and promise stock to them.

    Without `place_id` a line is served from the engineer's van where he has enough, else from the branch's depot.
    What lacks is requested, and the line waits; with `request_short=False` a lack refuses everything (`short_stock`).
    """
    lines = finding.find_parts(lines)
    require_places(order, [line.get("place_id") for line in lines], actor)
    rows = work.add_materials(order, lines=_priced(order, lines, actor, at), version=version, actor=actor, at=at)
    if not reserve:
        return Prepared(order, rows)
    return Prepared(order, rows, _promise(order, rows, request_short, actor, at))


def require_places(order, place_ids: Iterable[int | None], actor: Actor, field: str = "place_id") -> None:
    """Refuse to take parts from, or bring them to, places that are neither the order's own nor seen: another branch's shelf."""
    stock.require_places(place_ids, branch_ids=(order.branch_id, order.outlet_id), employee_id=order.engineer_id, actor=actor, field=field)


def _priced(order, lines: list, actor: Actor, at: dt.datetime) -> list:
    """The lines with the part's price of the day for this customer where none was given."""
    lines = [dict(line) for line in lines]
    open_ones = [line for line in lines if line.get("price_amount") is None]
    if open_ones:
        traits = orders.price_traits(order)
        prices = catalog.part_prices({line["part"].pk: line["part"] for line in open_ones}.values(), clock.local_day(at, actor.zone),
                                     grade=traits.grade, kind=traits.kind)
        for line in open_ones:
            line["price_amount"] = prices[line["part"].pk]
    return lines


@whole()
def reserve(order, *, request_short: bool = True, actor: Actor, at: dt.datetime) -> Prepared:
    """Promise stock to every line of the order that has not got it yet; doing it again changes nothing.

    What a line had requested and now got from elsewhere is requested no longer.
    """
    _require_stock_right(order, actor)
    rows = orders.read_materials(order)
    requests = _promise(order, rows, request_short, actor, at)
    _close_served(order, rows, actor, at)
    return Prepared(order, rows, requests)


def _close_served(order, rows: list, actor: Actor, at: dt.datetime) -> None:
    served = {key_of(row) for row in rows if row.qty <= row.used_qty + row.reserved_qty}
    inventory.fill_requests(source=Source.of(order), lines=served, actor=actor, at=at)


def _promise(order, rows: list, request_short: bool, actor: Actor, at: dt.datetime) -> list:
    open_rows = [row for row in rows if row.qty > row.used_qty + row.reserved_qty]
    if not open_rows:
        return []
    choose_places(order, open_rows, actor=actor, at=at)
    source = Source.of(order)
    short = _reserve(order, source, open_rows, actor, at)
    if short and not request_short:
        raise short
    requests = []
    if short:
        lacking = {line["line"] for line in short.params["lines"]}
        served = [row for row in open_rows if key_of(row) not in lacking]
        again = _reserve(order, source, served, actor, at) if served else None
        lines = [row for row in open_rows if row not in served or again]
        requests = inventory.request_parts(
            source=source, branch_id=order.branch_id, priority=1 if order.urgent else 0, actor=actor, at=at,
            lines=[(key_of(row), row.part_id, row.place_id, row.qty - row.used_qty) for row in lines],
        )
    work.note_stock(open_rows)
    return requests


def _reserve(order, source: Source, rows: list, actor: Actor, at: dt.datetime):
    """Promise all these lines or none; gives back the Shortage, which leaves the transaction usable."""
    try:
        inventory.reserve(source=source, actor=actor, at=at, lines=[
            inventory.ReserveLine(key_of(row), row.part_id, row.place_id, row.qty - row.used_qty, row.new_serial)
            for row in rows
        ])
    except inventory.Shortage as short:
        return short
    for row in rows:
        row.reserved_qty = row.qty - row.used_qty
    return None


def choose_places(order, rows: list, *, actor: Actor, at: dt.datetime) -> None:
    """Give each line without a place one: the van where it has enough, else a depot with enough, else the depot.

    A branch without a part store gets one with its first line.
    """
    unplaced = [row for row in rows if row.place_id is None]
    if not unplaced:
        return
    places = stock.places_for(branch_id=order.outlet_id or order.branch_id, employee_id=order.engineer_id)
    if not places or places[-1].kind_of == "van":
        places = [*places, inventory.ensure_depot(order.branch_id, actor=actor, at=at)]
    free = stock.available([row.part_id for row in unplaced], [place.pk for place in places]) if len(places) > 1 else {}
    for row in unplaced:
        enough = [place for place in places if free.get((row.part_id, place.pk), ZERO) >= row.qty]
        # Van first by the order of places; where nobody has enough, the depot is where it will be asked for.
        row.place = (enough or places[-1:])[0]


@whole()
def change(order, material_id: int, *, version: int | None = None, actor: Actor, at: dt.datetime, **fields):
    """Change a line; a changed quantity or place moves its promise with it, or refuses (`short_stock`).

    A line that waits for its part asks for the changed quantity at the changed place, or is served there.
    """
    require_places(order, [fields.get("place_id")], actor)
    material = material_of(order, material_id)
    held = material.reserved_qty
    if "place_id" in fields and held:
        inventory.release(source=Source.of(order), line=key_of(material), actor=actor, at=at)
    material = work.change_material(material, version=version, actor=actor, at=at, **fields)
    if held and {"qty", "place_id"} & set(fields):
        short = _reserve(order, Source.of(order), [material], actor, at)
        if short:
            raise short
        work.note_stock([material])
    elif {"qty", "place_id"} & set(fields) and _waits(order, material):
        _promise(order, [material], True, actor, at)
        _close_served(order, [material], actor, at)
    return material


def _waits(order, material) -> bool:
    return any(one.line == key_of(material) and one.status == "open" for one in stock.requests_of(Source.of(order)))


@whole()
def remove(order, material_id: int, *, version: int | None = None, actor: Actor, at: dt.datetime) -> None:
    """Take a line off, let its promise go and ask for its part no longer; refuses when parts were used for it."""
    material = material_of(order, material_id)
    if material.reserved_qty:
        inventory.release(source=Source.of(order), line=key_of(material), actor=actor, at=at)
        material.reserved_qty = ZERO
    inventory.cancel_requests(source=Source.of(order), line=key_of(material), actor=actor, at=at, reason=wording.stored(lambda: _("用料行已删除")))
    work.remove_material(material, version=version, actor=actor, at=at)


@whole()
def issue(
    order, *, to_place_id: int | None = None, material_id: int | None = None,
    parts: Iterable[tuple[int, int | None, Decimal]] | None = None, actor: Actor, at: dt.datetime,
) -> list:
    """Move what is promised to the order into the engineer's van (or that place); the promise goes along.

    `parts` of (line id, portion or None for any, qty) carry only so much: the rest stays where it lies, promised as before.
    """
    _require_stock_right(order, actor)
    require_places(order, [to_place_id], actor, "to_place_id")
    consent.require_to_start(order, on=clock.local_day(at, actor.zone))
    if to_place_id is None:
        if order.engineer_id is None:
            raise RuleBroken(_("还没有派工程师，不能发料"), code="no_engineer", field="to_place")
        # The first issue to an engineer opens his van store.
        van = stock.van_of(order.engineer_id) or inventory.ensure_van(
            order.engineer_id, branch_id=order.branch_id, actor=actor, at=at
        )
        to_place_id = van.pk
    source, named = Source.of(order), None if parts is None else [(f"m{pk}", portion, qty) for pk, portion, qty in parts]
    rows = [row for row in orders.read_materials(order) if material_id in (None, row.pk) and row.reserved_qty]
    line = f"m{material_id}" if material_id is not None else None
    moves = inventory.issue(source=source, to_place_id=to_place_id, line=line, parts=named, actor=actor, at=at)
    if named is not None:
        # A line is where the rest of it lies, until all of it was carried.
        begun, left = {name for name, _portion, _qty in named}, _left_behind(source, to_place_id)
        rows = [row for row in rows if key_of(row) in begun - left]
    for row in rows:
        row.place_id = to_place_id
    work.note_stock(rows)
    return moves


def _left_behind(source: Source, place_id: int) -> set[str]:
    """Lines of which something is still promised elsewhere than there."""
    return {row.line for row in stock.reservations_of(source) if row.place_id != place_id}


@whole()
def return_unused(
    order, *, to_place_id: int | None = None, lines: Iterable[tuple[int, Decimal, str]] | None = None, actor: Actor, at: dt.datetime
) -> list:
    """Bring what was issued and not used back to the depot; its promise ends. `lines` of (line id, qty, lot): only so much."""
    _require_stock_right(order, actor)
    require_places(order, [to_place_id], actor, "to_place_id")
    if to_place_id is None:
        depot = stock.depot_of(order.branch_id)
        if depot is None:
            raise RuleBroken(_("这个机构还没有配件库"), code="no_depot", field="to_place")
        to_place_id = depot.pk
    named = None if lines is None else [(f"m{pk}", qty, lot) for pk, qty, lot in lines]
    moves = inventory.return_unused(source=Source.of(order), to_place_id=to_place_id, lines=named, actor=actor, at=at)
    left: dict[str, Decimal] = {}
    for line, qty, _lot in named or ():
        left[line] = left.get(line, ZERO) + qty
    rows = [row for row in orders.read_materials(order) if row.reserved_qty and (named is None or key_of(row) in left)]
    for row in rows:
        row.reserved_qty = ZERO if named is None else row.reserved_qty - left[key_of(row)]
        if not row.reserved_qty:
            row.place_id = to_place_id
    work.note_stock(rows)
    return moves


def carried_of(orders_: Iterable, rows: Iterable) -> dict[int, Decimal]:
    """How much of these part lines lies in a van, by line id, of lines that were issued in part; one statement where any may be."""
    waiting = [row for row in rows if row.reserved_qty and (row.place is None or row.place.kind_of != "van")]
    if not waiting:
        return {}
    found = stock.carried_of("work.workorder", {order.pk for order in orders_})
    return {row.pk: qty for row in waiting if (qty := found.get((row.order_id, key_of(row))))}


def may_carry(order, actor: Actor) -> bool:
    """Whether he may carry its parts: who performs or edits the order, or moves stock in its branch."""
    branches = [pk for pk in (order.branch_id, order.outlet_id) if pk]
    return any(actor.may("work.perform", branch_id=pk, people=(order.engineer_id,)) for pk in branches) or any(
        actor.may(permission, branch_id=order.branch_id) for permission in ("work.edit", "inventory.move")
    )


def _require_stock_right(order, actor: Actor) -> None:
    if not may_carry(order, actor):
        raise not_allowed("inventory.move")
