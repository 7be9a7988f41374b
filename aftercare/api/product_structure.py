"""产品: bills of material as a whole, further article codes, the tree of categories, and entries that become one."""

from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Id, Plain, Qty, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, page_of
from aftercare.domain.catalog import actions
from aftercare.domain.catalog import queries as catalog
from aftercare.flows import bills_of_material, merge_words
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

routes = Routes("Catalogue")
Gtin = Annotated[Plain, Field(min_length=8, max_length=14)]


class StandInRow(Row):
    """What may be used instead of the part, and how much of it is free near the caller."""

    part_id: int
    part: str
    name: str
    free_qty: Decimal | None


class BillLine(Row):
    """A line of a bill of material. `free_qty` is what is free in the stores of the caller's branch; null without right to stock.

    `picture` is the number of a file; empty without one.
    """

    position: str
    part_id: int
    part: str
    name: str
    unit: str
    qty: Decimal
    note: str
    price_amount: Decimal
    free_qty: Decimal | None
    picture: str
    substitutes: list[StandInRow]


class BillOfMaterial(Row):
    """Which part sits where in a product, in the order of positions. `version` is the product's."""

    product_id: int
    product: str
    version: int
    lines: list[BillLine]


class BillLineSet(Write):
    """One line; a part may sit in several positions, in one position once."""

    part_id: Id
    position: Annotated[Plain, Field(max_length=40)] = ""
    qty: Qty = Decimal(1)
    note: Annotated[Plain, Field(max_length=120)] = ""


class BillSet(Write):
    """The whole list as it shall be."""

    lines: Annotated[list[BillLineSet], Field(max_length=actions.MOST_FITTINGS)]


class BillCopied(Write):
    """From which product missing lines are taken."""

    from_id: Id


class ArticleCodeRow(Row):
    """A further article code of a part or a product."""

    gtin: str
    part_id: int | None
    part: Annotated[str | None, From("part__code")]
    product_id: int | None
    product: Annotated[str | None, From("product__name")]
    note: str


class ArticleCodesAsked(Asking):
    """Of one part, or one product."""

    part_id: Id | None = None
    product_id: Id | None = None


class ArticleCodeSet(Write):
    """A further article code."""

    gtin: Gtin
    note: Annotated[Plain, Field(max_length=60)] = ""


class ArticleCodeGone(Write):
    """One that is no more."""

    gtin: Gtin


class TreeNode(Row):
    """A category in the tree: its depth, what is in use in it, and in it with all below."""

    id: int
    name: str
    code: str
    parent_id: int | None
    depth: int
    products: int
    parts: int
    products_below: int
    parts_below: int


class CategoryTree(Row):
    """The whole tree, each category after its parent."""

    items: list[TreeNode]


class Merging(Write):
    """Into which entry it shall go."""

    into_id: Id


class Merged(Row):
    """What the entry became."""

    id: int
    name: str
    version: int



def _bill(product: Any, actor: Actor) -> Answer:
    places = bills_of_material.places_near(branch_id=actor.branch_id)
    day = clock.local_day(clock.now(), actor.zone)
    lines = [
        {
            "position": line.fitting.position, "part_id": line.part.pk, "part": line.part.code, "name": line.part.name, "unit": line.part.unit,
            "qty": line.fitting.qty, "note": line.fitting.note, "price_amount": line.price_amount, "free_qty": line.free_qty,
            "picture": line.picture, "substitutes": [
                {"part_id": one.part.pk, "part": one.part.code, "name": one.part.name, "free_qty": one.free_qty} for one in line.stand_ins
            ],
        }
        for line in bills_of_material.shown(product, on=day, places=places, actor=actor)
    ]  # fmt: skip
    return Answer({"product_id": product.pk, "product": product.name, "version": product.version, "lines": lines}, version=product.version)


@routes.read("/products/{product_id}/bill-of-material", BillOfMaterial)
def get_bill_of_material(request, product_id: Id):
    """The bill of material with prices, free stock, substitutes and pictures."""
    actor = calls.caller(request)
    return _bill(catalog.get_product(product_id, actor), actor)


@routes.replace("/products/{product_id}/bill-of-material", BillOfMaterial, needs_version=True)
def replace_bill_of_material(request, product_id: Id, body: BillSet):
    """Write the whole bill of material anew; what is not among the lines is taken out."""
    actor = calls.caller(request)
    product = catalog.get_product(product_id, actor)
    version = calls.version_edited(request)
    ids = {line.part_id for line in body.lines}
    parts = {part.pk: part for part in catalog.list_parts(actor).filter(pk__in=ids)}
    lines = []
    for number, line in enumerate(body.lines):
        if line.part_id not in parts:
            raise NotFound(_("没有找到"), kind="catalog.part", key=str(line.part_id), field=f"lines.{number}.part_id")
        lines.append({"part": parts[line.part_id], "position": line.position, "qty": line.qty, "note": line.note})
    fresh = actions.replace_fittings(product, lines, version=version, actor=actor, at=calls.moment(request, body.at))
    return _bill(fresh, actor)


@routes.act("/products/{product_id}/copy-bill-of-material", BillOfMaterial)
def copy_bill_of_material(request, product_id: Id, body: BillCopied):
    """Take over the lines of another product that are not here yet; what is here stays."""
    actor = calls.caller(request)
    product = catalog.get_product(product_id, actor)
    actions.copy_fittings(product, source=catalog.get_product(body.from_id, actor), actor=actor, at=calls.moment(request, body.at))
    return _bill(catalog.get_product(product_id, actor), actor)


@routes.list("/article-codes", ArticleCodeRow)
def list_article_codes(request, asked: Query[ArticleCodesAsked]):
    """List the further article codes of parts and products; their main ones stand in their rows, those of packs in the packs."""
    actor = calls.caller(request)
    rows = catalog.list_article_codes(actor)
    rows = rows.filter(part_id=asked.part_id) if asked.part_id else rows
    rows = rows.filter(product_id=asked.product_id) if asked.product_id else rows
    return page_of(ArticleCodeRow, rows, actor, order=("id",), asked=asked)


def _coded(request, article: Any, body: ArticleCodeSet) -> Any:
    actor = calls.caller(request)
    row = actions.add_article_code(article, gtin=body.gtin, note=body.note, actor=actor, at=calls.moment(request, body.at))
    return ArticleCodeRow.of(again(ArticleCodeRow, row), actor)


def _uncoded(request, article: Any, body: ArticleCodeGone) -> dict:
    actions.remove_article_code(article, gtin=body.gtin, actor=calls.caller(request), at=calls.moment(request, body.at))
    return _named(article)


@routes.act("/parts/{part_id}/add-article-code", ArticleCodeRow)
def add_part_code(request, part_id: Id, body: ArticleCodeSet):
    """Say that the part comes under a further article code (GTIN), in its base unit."""
    return _coded(request, catalog.get_part(part_id, calls.caller(request)), body)


@routes.act("/products/{product_id}/add-article-code", ArticleCodeRow)
def add_product_code(request, product_id: Id, body: ArticleCodeSet):
    """Say that the product comes under a further article code (GTIN)."""
    return _coded(request, catalog.get_product(product_id, calls.caller(request)), body)


@routes.act("/parts/{part_id}/remove-article-code", Merged)
def remove_part_code(request, part_id: Id, body: ArticleCodeGone):
    """The part does not come under that code any more."""
    return _uncoded(request, catalog.get_part(part_id, calls.caller(request)), body)


@routes.act("/products/{product_id}/remove-article-code", Merged)
def remove_product_code(request, product_id: Id, body: ArticleCodeGone):
    """The product does not come under that code any more."""
    return _uncoded(request, catalog.get_product(product_id, calls.caller(request)), body)


@routes.read("/category-tree", CategoryTree)
def get_category_tree(request):
    """The whole tree of categories with counts."""
    actor = calls.caller(request)
    actor.require_anywhere("catalog.view")
    return {"items": [
        {
            "id": row.category.pk, "name": row.category.name, "code": row.category.code, "parent_id": row.category.parent_id,
            "depth": row.depth, "products": row.products, "parts": row.parts, "products_below": row.products_below, "parts_below": row.parts_below,
        }
        for row in catalog.category_tree(actor)
    ]}  # fmt: skip


@routes.act("/products/{product_id}/merge", Merged)
def merge_product(request, product_id: Id, body: Merging):
    """The product is another one: its units, orders, terms and bill of material are the other's from now on.

    Refused where both have terms of their own, or the same serial number.
    """
    return _merged(request, "catalog.product", product_id, body)


@routes.act("/parts/{part_id}/merge", Merged)
def merge_part(request, part_id: Id, body: Merging):
    """The part is another one. Refused as soon as anything was booked, ordered or priced with it: ledgers are not rewritten."""
    return _merged(request, "catalog.part", part_id, body)


@routes.act("/categories/{category_id}/merge", Merged)
def merge_category(request, category_id: Id, body: Merging):
    """The category is another one. Refused while prices, limits, terms, contracts or skills name it."""
    return _merged(request, "catalog.category", category_id, body)


@routes.act("/codes/{code_id}/merge", Merged)
def merge_code(request, code_id: Id, body: Merging):
    """The fault, cause or solution is another one, on orders and in what terms exclude."""
    return _merged(request, "catalog.code", code_id, body)


def _merged(request, kind: str, key: int, body: Merging) -> dict:
    actor, plan = calls.caller(request), merge_words.PLANS[kind]
    merged = merge_words.merge(plan.get(key, actor), plan.get(body.into_id, actor), actor=actor, at=calls.moment(request, body.at))
    return _named(merged)


def _named(row: Any) -> dict:
    return {"id": row.pk, "name": row.name, "version": row.version}
