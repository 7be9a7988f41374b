"""包装, 物料清单, 替代件: how parts come, where they sit, what may stand for them; and what a scanned code is."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Id, Plain, Qty, Small, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, page_of
from aftercare.domain.catalog import actions
from aftercare.domain.catalog import queries as catalog
from aftercare.flows import scanning
from aftercare.foundation.access import Actor

routes = Routes("Catalogue")
Pack20 = Annotated[Plain, Field(min_length=1, max_length=20)]
Place40 = Annotated[Plain, Field(max_length=40)]
Note120 = Annotated[Plain, Field(max_length=120)]


class PackRow(Row):
    """A pack of a part: how many base units, and the article code printed on it."""

    part_id: int
    part: Annotated[str, From("part__code")]
    name: str
    per_qty: Decimal
    gtin: str


class FittingRow(Row):
    """A line of a bill of material: which part sits where in which product."""

    product_id: int
    product: Annotated[str, From("product__name")]
    part_id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    position: str
    qty: Decimal
    note: str


class SubstituteRow(Row):
    """What may be used instead of a part."""

    part: Annotated[str, From("part__code")]
    substitute_id: int
    substitute: Annotated[str, From("substitute__code")]
    substitute_name: Annotated[str, From("substitute__name")]
    rank: int
    is_mutual: bool
    note: str


class Scanned(Row):
    """What a scanned code is, and where its page is."""

    kind: str
    id: int
    number: str
    name: str
    url: str
    pack: str
    per_qty: Decimal
    lot: str
    serial: str
    expires_on: dt.date | None


class OfPart(Asking):
    """Of one part, or one product."""

    part_id: Id | None = None
    product_id: Id | None = None


class PackSet(Write):
    """A pack."""

    name: Pack20
    per_qty: Qty
    gtin: Annotated[Plain, Field(max_length=14)] = ""


class PackGone(Write):
    """A pack that is no more."""

    name: Pack20


class FittingSet(Write):
    """A part that sits in the product."""

    part_id: Id
    position: Place40 = ""
    qty: Qty = Decimal(1)
    note: Note120 = ""


class FittingGone(Write):
    """A part that sits there no more."""

    part_id: Id
    position: Place40 = ""


class SubstituteSet(Write):
    """A part that may be used instead."""

    substitute_id: Id
    rank: Small = 1
    is_mutual: bool = False
    note: Note120 = ""


class SubstituteGone(Write):
    """A part that may not be used instead any more."""

    substitute_id: Id


class Done(Row):
    """It is done."""

    id: int
    version: int


def _part(part_id: int, actor: Actor):
    return catalog.get_part(part_id, actor)


def _done(subject) -> dict:
    return {"id": subject.pk, "version": subject.version}


@routes.list("/part-packs", PackRow)
def list_part_packs(request, asked: Query[OfPart]):
    """List the packs that parts come in."""
    actor = calls.caller(request)
    rows = catalog.list_packs(actor)
    rows = rows.filter(part_id=asked.part_id) if asked.part_id else rows
    return page_of(PackRow, rows, actor, order=("id",), asked=asked)


@routes.list("/fittings", FittingRow)
def list_fittings(request, asked: Query[OfPart]):
    """List bills of material: which part sits where in which product."""
    actor = calls.caller(request)
    rows = catalog.list_fittings(actor)
    rows = rows.filter(part_id=asked.part_id) if asked.part_id else rows
    rows = rows.filter(product_id=asked.product_id) if asked.product_id else rows
    return page_of(FittingRow, rows, actor, order=("id",), asked=asked)


@routes.list("/part-substitutes", SubstituteRow)
def list_part_substitutes(request, asked: Query[OfPart]):
    """List substitutes."""
    actor = calls.caller(request)
    rows = catalog.list_substitutes(actor)
    rows = rows.filter(part_id=asked.part_id) if asked.part_id else rows
    return page_of(SubstituteRow, rows, actor, order=("rank", "id"), asked=asked)


@routes.act("/parts/{part_id}/set-pack", Done)
def set_part_pack(request, part_id: Id, body: PackSet):
    """Say that the part comes in that pack."""
    actor = calls.caller(request)
    part = _part(part_id, actor)
    actions.set_pack(part, name=body.name, per_qty=body.per_qty, gtin=body.gtin, actor=actor, at=calls.moment(request, body.at))
    return _done(part)


@routes.act("/parts/{part_id}/remove-pack", Done)
def remove_part_pack(request, part_id: Id, body: PackGone):
    """The part no longer comes in that pack."""
    actor = calls.caller(request)
    part = _part(part_id, actor)
    actions.remove_pack(part, name=body.name, actor=actor, at=calls.moment(request, body.at))
    return _done(part)


@routes.act("/parts/{part_id}/set-substitute", Done)
def set_part_substitute(request, part_id: Id, body: SubstituteSet):
    """Say what may be used instead."""
    actor = calls.caller(request)
    part = _part(part_id, actor)
    actions.set_substitute(part, substitute=_part(body.substitute_id, actor), rank=body.rank, is_mutual=body.is_mutual,
                           note=body.note, actor=actor, at=calls.moment(request, body.at))
    return _done(part)


@routes.act("/parts/{part_id}/remove-substitute", Done)
def remove_part_substitute(request, part_id: Id, body: SubstituteGone):
    """It may not be used instead any more."""
    actor = calls.caller(request)
    part = _part(part_id, actor)
    actions.remove_substitute(part, substitute=_part(body.substitute_id, actor), actor=actor, at=calls.moment(request, body.at))
    return _done(part)


@routes.act("/products/{product_id}/set-fitting", Done)
def set_product_fitting(request, product_id: Id, body: FittingSet):
    """Say that a part sits there in the product."""
    actor = calls.caller(request)
    product = catalog.get_product(product_id, actor)
    actions.set_fitting(product, part=_part(body.part_id, actor), position=body.position, qty=body.qty, note=body.note,
                        actor=actor, at=calls.moment(request, body.at))
    return _done(product)


@routes.act("/products/{product_id}/remove-fitting", Done)
def remove_product_fitting(request, product_id: Id, body: FittingGone):
    """The part does not sit there any more."""
    actor = calls.caller(request)
    product = catalog.get_product(product_id, actor)
    actions.remove_fitting(product, part=_part(body.part_id, actor), position=body.position, actor=actor,
                           at=calls.moment(request, body.at))
    return _done(product)


@routes.read("/scan/{code}", Scanned)
def scan_code(request, code: Annotated[Plain, Field(min_length=1, max_length=120)]):
    """What a scanned code is: part, pack, product, bin, serial number, document, receipt; 404 for the unknown."""
    return scanning.resolve(code, actor=calls.caller(request)).told()
