"""供应商与采购规则: suppliers, their prices, levels of approval, tolerances."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Percent, Plain, Small, Text, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties import queries as known
from aftercare.domain.purchasing import actions
from aftercare.domain.purchasing import queries as supply
from aftercare.foundation.access import Actor
from aftercare.reports import supplier_performance

routes = Routes("Suppliers")
Short = Annotated[Plain, Field(max_length=60)]
Title = Annotated[Plain, Field(min_length=1, max_length=120)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Price = Annotated[Decimal, Field(max_digits=16, decimal_places=4, ge=0, examples=["12.5000"])]
Counted = Annotated[Decimal, Field(max_digits=12, decimal_places=3, ge=0)]
Tax = Annotated[Decimal, Field(max_digits=5, decimal_places=2, ge=0, le=100)]
Right = Literal["purchasing.approve", "purchasing.approve_large", "purchasing.approve_top"]


class SupplierRow(Row):
    """A supplier with his terms."""

    number: str
    name: str
    contact: str
    phone: str
    currency: str
    tax_percent: Decimal
    lead_days: int
    payment_days: int
    is_active: bool
    version: int


class Supplier(SupplierRow):
    """A supplier in full."""

    address: str
    tax_number: str
    remark: str
    created_at: dt.datetime


class SupplierEdit(Write):
    """What may be changed."""

    name: Title = None
    contact: Short = None
    phone: Annotated[Plain, Field(max_length=30)] = None
    address: Annotated[Plain, Field(max_length=250)] = None
    tax_number: Annotated[Plain, Field(max_length=30)] = None
    currency: Currency = None
    tax_percent: Tax = None
    lead_days: Small = None
    payment_days: Small = None
    is_active: bool = None
    remark: Text = None


class NewSupplier(SupplierEdit):
    """A supplier."""

    name: Title


class SuppliersAsked(Asking):
    """Filters of the suppliers. `q` finds names."""

    active: bool | None = None


class PriceRow(Row):
    """A supplier's dated price of a part, without tax, per unit."""

    id: int
    supplier: Annotated[str, From("supplier__number")]
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    supplier_code: str
    price_amount: Decimal
    pack_qty: Decimal
    min_qty: Decimal
    lead_days: int | None
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class PriceEdit(Write):
    """What may be changed."""

    supplier_code: Short = None
    price_amount: Price = None
    pack_qty: Annotated[Decimal, Field(max_digits=12, decimal_places=3, gt=0)] = None
    min_qty: Counted = None
    lead_days: Small | None = None
    valid_from: Day = None
    valid_to: Day | None = None


class NewPrice(PriceEdit):
    """A price of a supplier."""

    supplier: Number
    part: Number = Field(description="Code of the part.")
    price_amount: Price
    valid_from: Day


class SupplierPricesAsked(Asking):
    """Filters of the prices."""

    supplier: Number | None = None
    part: Number | None = None
    on: Day | None = Field(None, description="Valid on that day.")


class ApprovalLevelRow(Row):
    """Up to that amount (CNY; null: without limit) whoever holds the right approves."""

    id: int
    name: str
    up_to_amount: Decimal | None
    right: Right
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class LevelEdit(Write):
    """What may be changed."""

    name: Annotated[Plain, Field(min_length=1, max_length=40)] = None
    up_to_amount: Amount | None = None
    right: Right = None
    valid_from: Day = None
    valid_to: Day | None = None


class NewLevel(LevelEdit):
    """A level of approval."""

    name: Annotated[Plain, Field(min_length=1, max_length=40)]
    right: Right
    valid_from: Day


class ToleranceRow(Row):
    """How far receipts and invoices may differ; without supplier for all that have no rule of their own."""

    id: int
    supplier: Annotated[str | None, From("supplier__number")]
    over_percent: Decimal
    price_percent: Decimal
    price_amount: Decimal
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class ToleranceEdit(Write):
    """What may be changed."""

    over_percent: Percent = None
    price_percent: Percent = None
    price_amount: Amount = None
    valid_from: Day = None
    valid_to: Day | None = None


class NewTolerance(ToleranceEdit):
    """A tolerance."""

    supplier: Number | None = None
    valid_from: Day


def supplier_of(number: str, actor: Actor):
    """The supplier of that number, as an action wants him."""
    return known.get_supplier(number, actor)


@routes.list("/suppliers", SupplierRow)
def list_suppliers(request, asked: Query[SuppliersAsked]):
    """List suppliers."""
    actor = calls.caller(request)
    rows = calls.searched(known.list_suppliers(actor, active=asked.active), asked.q)
    return page_of(SupplierRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/suppliers", Supplier)
def create_supplier(request, body: NewSupplier):
    """Open a supplier's file."""
    actor = calls.caller(request)
    row = parties.create_supplier(actor=actor, at=calls.moment(request, body.at), **calls.edits(body))
    row = again(Supplier, row)
    return calls.created(Answer(Supplier.of(row, actor), version=row.version), "suppliers", row.number)


@routes.read("/suppliers/{number}", Supplier)
def get_supplier(request, number: Number):
    """One supplier."""
    actor = calls.caller(request)
    row = one_of(Supplier, known.list_suppliers(actor), actor, number=number)
    return Answer(Supplier.of(row, actor), version=row.version)


@routes.edit("/suppliers/{number}", Supplier)
def edit_supplier(request, number: Number, body: SupplierEdit):
    """Change a supplier's terms."""
    actor = calls.caller(request)
    row = one_of(Supplier, known.list_suppliers(actor), actor, number=number)
    row = parties.edit_supplier(row, version=calls.version_edited(request), actor=actor, at=calls.moment(request, body.at),
                                **calls.edits(body))
    row = again(Supplier, row)
    return Answer(Supplier.of(row, actor), version=row.version)


@routes.list("/supplier-prices", PriceRow)
def list_supplier_prices(request, asked: Query[SupplierPricesAsked]):
    """List suppliers' prices."""
    actor = calls.caller(request)
    rows = calls.valid_on(supply.list_prices(actor), asked.on)
    if asked.supplier:
        rows = rows.filter(supplier__number=asked.supplier)
    if asked.part:
        rows = rows.filter(part__code=asked.part)
    if asked.q:
        rows = rows.filter(part__in=calls.searched(calls.parts(actor), asked.q))
    return page_of(PriceRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/supplier-prices", PriceRow)
def create_supplier_price(request, body: NewPrice):
    """Note a supplier's price."""
    actor = calls.caller(request)
    given = calls.edits(body)
    given |= {"supplier_id": known.get_supplier(given.pop("supplier"), actor).pk, "part_id": catalog.get_part(given.pop("part"), actor).pk}
    row = again(PriceRow, actions.create_price(actor=actor, at=calls.moment(request, body.at), **given))
    return calls.created(Answer(PriceRow.of(row, actor), version=row.version), "supplier-prices", row.pk)


@routes.list("/approval-levels", ApprovalLevelRow)
def list_approval_levels(request, asked: Query[Asking]):
    """List levels of approval."""
    actor = calls.caller(request)
    return page_of(ApprovalLevelRow, supply.list_levels(actor), actor, order=("-id",), asked=asked)


@routes.create("/approval-levels", ApprovalLevelRow)
def create_approval_level(request, body: NewLevel):
    """Add a level of approval."""
    actor = calls.caller(request)
    row = again(ApprovalLevelRow, actions.create_level(actor=actor, at=calls.moment(request, body.at), **calls.edits(body)))
    return calls.created(Answer(ApprovalLevelRow.of(row, actor), version=row.version), "approval-levels", row.pk)


@routes.list("/tolerances", ToleranceRow)
def list_tolerances(request, asked: Query[Asking]):
    """List tolerances."""
    actor = calls.caller(request)
    return page_of(ToleranceRow, supply.list_tolerances(actor), actor, order=("-id",), asked=asked)


@routes.create("/tolerances", ToleranceRow)
def create_tolerance(request, body: NewTolerance):
    """Add a tolerance."""
    actor = calls.caller(request)
    given = calls.edits(body)
    supplier = given.pop("supplier", None)
    given["supplier_id"] = known.get_supplier(supplier, actor).pk if supplier else None
    row = again(ToleranceRow, actions.create_tolerance(actor=actor, at=calls.moment(request, body.at), **given))
    return calls.created(Answer(ToleranceRow.of(row, actor), version=row.version), "tolerances", row.pk)


class PerformanceRow(Row):
    """One supplier over some days; rates are fractions, null where nothing could be measured."""

    number: str
    name: str
    due: int
    on_time_rate: Decimal | None
    complete_rate: Decimal | None
    came_qty: Decimal
    rejected_qty: Decimal
    defect_rate: Decimal | None
    spend_amount: Decimal
    price_change: Decimal | None


class Performances(Row):
    """Suppliers, the largest spend first."""

    items: list[PerformanceRow]


@routes.read("/reports/supplier-performance", Performances)
def get_supplier_performance(request, since: Day, until: Day):
    """How suppliers kept what they promised: on time, complete, defects, price change."""
    actor = calls.caller(request)
    return {"items": PerformanceRow.many(supplier_performance.calculate(actor, since=since, until=until), actor)}


def _dated(path: str, row_type: type[Row], noun: str, rows, edit, body_type: type[Write]) -> None:
    """Read and edit one row of a dated register."""

    def read(request, row_id: Id):
        """One of them."""
        actor = calls.caller(request)
        row = one_of(row_type, rows(actor), actor, pk=row_id)
        return Answer(row_type.of(row, actor), version=row.version)

    def change(request, row_id: Id, body: body_type):
        """Change it, or end it by `valid_to`."""
        actor = calls.caller(request)
        row = edit(one_of(row_type, rows(actor), actor, pk=row_id), version=calls.version_edited(request), actor=actor,
                   at=calls.moment(request, body.at), **calls.edits(body))
        row = again(row_type, row)
        return Answer(row_type.of(row, actor), version=row.version)

    read.__name__, change.__name__ = f"get_{noun}", f"edit_{noun}"
    shown = noun.replace("_", " ")
    routes.read(f"{path}/{{row_id}}", row_type, summary=f"Get {shown}")(read)
    routes.edit(f"{path}/{{row_id}}", row_type, summary=f"Edit {shown}")(change)


_dated("/supplier-prices", PriceRow, "supplier_price", supply.list_prices, actions.edit_price, PriceEdit)
_dated("/approval-levels", ApprovalLevelRow, "approval_level", supply.list_levels, actions.edit_level, LevelEdit)
_dated("/tolerances", ToleranceRow, "tolerance", supply.list_tolerances, actions.edit_tolerance, ToleranceEdit)
