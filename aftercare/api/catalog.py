"""产品与配件: products and parts."""

from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Id, Plain, Small, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.catalog import actions
from aftercare.domain.catalog import queries as catalog
from aftercare.foundation.access import Actor

routes = Routes("Catalogue")

Dictionary = Literal["fault", "cause", "solution", "colour", "grade", "barrier"]
Combobox = Literal["product", "part", "category", "work_type", "brand", "fault", "cause", "solution", "colour", "grade",
                   "barrier"]
NEWEST = {"-id": ("-id",), "id": ("id",)}
USED = {"-uses": ("-uses", "id"), **NEWEST}
Code80 = Annotated[Plain, Field(max_length=80)]
Word = Annotated[Plain, Field(min_length=1, max_length=160)]
Aliases = Annotated[list[Word], Field(max_length=30)]


class ProductRow(Row):
    """A product. `is_new` marks a word that was typed at registration and not confirmed yet; `merged_into_id` what it became."""

    id: int
    code: str
    name: str
    brand: str
    maker: str
    unit: str
    category_id: int | None
    category: Annotated[str | None, From("category__name")]
    gtin: str
    aliases: list[str]
    is_active: bool
    is_new: bool
    merged_into_id: int | None
    uses: int
    version: int


class PartRow(Row):
    """A part."""

    id: int
    code: str
    name: str
    unit: str
    category_id: int | None
    category: Annotated[str | None, From("category__name")]
    price_amount: Decimal
    gtin: str
    is_serial: bool
    is_lot: bool
    is_returnable: bool
    warranty_months: int
    is_active: bool
    merged_into_id: int | None
    uses: int
    version: int


class ProductsAsked(Asking):
    """Filters of products and parts."""

    category: Id | None = None
    under: Id | None = Field(None, description="Of that category and of all below it.")
    code: Code80 | None = None
    gtin: Annotated[Plain, Field(max_length=14)] | None = Field(None, description="Its own article code, digits as stored.")
    active: bool | None = None
    order: Literal[tuple(USED)] = "-uses"


class NewProduct(Write):
    """A product; one of that name and brand is answered as it is."""

    name: Word = Field(examples=["KFR-35GW 挂机"])
    category: Annotated[Plain, Field(max_length=80)] = Field("", description="Name of the category; made when new.")
    brand: Annotated[Plain, Field(max_length=120)] = ""
    code: Code80 = ""
    gtin: Annotated[Plain, Field(max_length=14)] = Field("", description="GTIN-8, 12, 13 or 14; the check digit is checked.")
    maker: Annotated[Plain, Field(max_length=120)] = ""
    unit: Annotated[Plain, Field(min_length=1, max_length=10)] = "台"


class ProductEdit(Write):
    """What may be changed."""

    name: Word = None
    code: Code80 = None
    brand: Annotated[Plain, Field(max_length=120)] = None
    maker: Annotated[Plain, Field(max_length=120)] = None
    unit: Annotated[Plain, Field(min_length=1, max_length=10)] = None
    category_id: Id | None = None
    gtin: Annotated[Plain, Field(max_length=14)] = None
    aliases: Aliases = None
    is_active: bool = None
    is_new: bool = None


class NewPart(Write):
    """A part; without a code it gets the next number."""

    name: Annotated[Plain, Field(min_length=1, max_length=120)]
    code: Annotated[Plain, Field(max_length=60)] = ""
    unit: Annotated[Plain, Field(min_length=1, max_length=10)] = "个"
    category_id: Id | None = None
    price_amount: Amount = Decimal("0.00")
    gtin: Annotated[Plain, Field(max_length=14)] = ""
    is_serial: bool = False
    is_lot: bool = False
    is_returnable: bool = False
    warranty_months: Small = 3


class PartEdit(Write):
    """What may be changed."""

    name: Annotated[Plain, Field(min_length=1, max_length=120)] = None
    code: Annotated[Plain, Field(min_length=1, max_length=60)] = None
    unit: Annotated[Plain, Field(min_length=1, max_length=10)] = None
    category_id: Id | None = None
    price_amount: Amount = None
    gtin: Annotated[Plain, Field(max_length=14)] = None
    is_serial: bool = None
    is_lot: bool = None
    is_returnable: bool = None
    warranty_months: Small = None
    is_active: bool = None


def _answer(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


def _read(row: type[Row], rows: QuerySet, key: int, actor: Actor) -> Answer:
    subject = one_of(row, rows, actor, pk=key)
    return Answer(row.of(subject, actor), version=subject.version)


def _edited(request, row: type[Row], subject, action, body: Write) -> Answer:
    actor = calls.caller(request)
    edited = action(subject, version=calls.version_edited(request), actor=actor, at=calls.moment(request, body.at),
                    **calls.edits(body))
    return _answer(row, edited, actor)


def _category(category_id: int | None, actor: Actor):
    return catalog.get_category(category_id, actor) if category_id else None


def _narrowed(rows: QuerySet, asked: ProductsAsked) -> QuerySet:
    rows = rows if asked.active is None else rows.filter(is_active=asked.active)
    rows = calls.searched(rows, asked.q)
    rows = rows.filter(category_id=asked.category) if asked.category else rows
    rows = catalog.in_category(rows, asked.under) if asked.under else rows
    rows = rows.filter(code=asked.code) if asked.code else rows
    return rows.filter(gtin=asked.gtin) if asked.gtin else rows


@routes.list("/products", ProductRow)
def list_products(request, asked: Query[ProductsAsked]):
    """List products, the most used first; `q` is a part of name, brand or model code."""
    actor = calls.caller(request)
    rows = _narrowed(catalog.list_products(actor), asked)
    return page_of(ProductRow, rows, actor, order=USED[asked.order], asked=asked)


@routes.create("/products", ProductRow)
def create_product(request, body: NewProduct):
    """Add a product."""
    actor = calls.caller(request)
    row, _made = actions.ensure_product(body.name, category_name=body.category, brand=body.brand, code=body.code,
                                        gtin=body.gtin, maker=body.maker, unit=body.unit, actor=actor,
                                        at=calls.moment(request, body.at))
    return calls.created(_answer(ProductRow, row, actor), "products", row.pk)


@routes.read("/products/{product_id}", ProductRow)
def get_product(request, product_id: Id):
    """One product."""
    actor = calls.caller(request)
    return _read(ProductRow, catalog.list_products(actor), product_id, actor)


@routes.edit("/products/{product_id}", ProductRow)
def edit_product(request, product_id: Id, body: ProductEdit):
    """Change a product."""
    product = catalog.get_product(product_id, calls.caller(request))
    return _edited(request, ProductRow, product, actions.edit_product, body)


@routes.list("/parts", PartRow)
def list_parts(request, asked: Query[ProductsAsked]):
    """List parts, the most used first; `q` is a part of name or code."""
    actor = calls.caller(request)
    rows = _narrowed(catalog.list_parts(actor), asked)
    return page_of(PartRow, rows, actor, order=USED[asked.order], asked=asked)


@routes.create("/parts", PartRow)
def create_part(request, body: NewPart):
    """Add a part."""
    actor = calls.caller(request)
    row = actions.create_part(
        name=body.name, code=body.code, unit=body.unit, category=_category(body.category_id, actor),
        price_amount=body.price_amount, gtin=body.gtin, is_serial=body.is_serial, is_lot=body.is_lot, is_returnable=body.is_returnable,
        warranty_months=body.warranty_months, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(PartRow, row, actor), "parts", row.pk)


@routes.read("/parts/{part_id}", PartRow)
def get_part(request, part_id: Id):
    """One part."""
    actor = calls.caller(request)
    return _read(PartRow, catalog.list_parts(actor), part_id, actor)


@routes.edit("/parts/{part_id}", PartRow)
def edit_part(request, part_id: Id, body: PartEdit):
    """Change a part."""
    part = catalog.get_part(part_id, calls.caller(request))
    return _edited(request, PartRow, part, actions.edit_part, body)
