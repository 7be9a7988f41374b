"""How parts come and where they belong: packs and their codes, bills of material, substitutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.catalog import rules
from aftercare.domain.catalog.models import ArticleCode, Category, Fitting, Pack, Part, Product, Substitute
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import RuleBroken


@dataclass(frozen=True)
class Barcode:
    """What a scanned article code is: a part in its base unit, a pack of it, or a product."""

    kind: str
    id: int
    name: str
    code: str
    pack: str = ""
    per_qty: Decimal = Decimal(1)


def list_packs(actor: Actor) -> QuerySet[Pack]:
    """Packs of all parts."""
    return visible(Pack, actor).select_related("part")


def packs_of(part_ids: Iterable[int]) -> dict[int, list[Pack]]:
    """The packs of each of these parts, smallest first."""
    found: dict[int, list[Pack]] = {}
    for pack in Pack.objects.filter(part_id__in=list(part_ids)).order_by("part_id", "per_qty", "name"):
        found.setdefault(pack.part_id, []).append(pack)
    return found


def in_base_units(part_id: int, pack: str, qty: Decimal) -> Decimal:
    """That many packs in the part's base unit, exact; refuses a pack the part does not come in (`no_such_pack`)."""
    row = Pack.objects.filter(part_id=part_id, name=pack).select_related("part").first()
    if row is None:
        raise RuleBroken(_("这个配件没有「%(pack)s」包装") % {"pack": pack}, code="no_such_pack", field="pack")
    return rules.in_base_units(qty, row.per_qty)


def shown_in_packs(part: Part, qty: Decimal, packs: Iterable[Pack]) -> str:
    """The quantity in packs and rest, largest pack first: `2 箱 3 个`."""
    return rules.in_packs(qty, [(pack.name, pack.per_qty) for pack in packs], part.unit)


def find_barcode(code: str) -> Barcode | None:
    """The part, pack or product with that article code (GTIN) or, for a part, that very part code; None when there is none.

    A GTIN is found however it was written: in eight, twelve, thirteen or fourteen digits.
    """
    key = rules.part_code(code)
    if not key:
        return None
    forms = rules.gtin_forms(key)
    part = Part.objects.filter(Q(code=key) | (Q(gtin__in=forms) & ~Q(gtin=""))).order_by("-is_active", "pk").first()
    if part is not None:
        return _of_part(part)
    pack = Pack.objects.filter(gtin__in=forms).exclude(gtin="").select_related("part").first()
    if pack is not None:
        return Barcode("part", pack.part_id, pack.part.name, pack.part.code, pack.name, pack.per_qty)
    product = Product.objects.filter(Q(gtin__in=forms) & ~Q(gtin="")).first()
    if product is None and rules.is_gtin(key):
        other = ArticleCode.objects.filter(gtin__in=forms).select_related("part", "product").first()
        if other is not None and other.part_id:
            return _of_part(other.part)
        product = other.product if other is not None else None
    if product is None:
        return None
    product = product.merged_into if product.merged_into_id else product
    return Barcode("product", product.pk, product.name, product.code)


def _of_part(part: Part) -> Barcode:
    part = part.merged_into if part.merged_into_id else part
    return Barcode("part", part.pk, part.name, part.code)


def list_article_codes(actor: Actor) -> QuerySet[ArticleCode]:
    """The further article codes of parts and products."""
    return visible(ArticleCode, actor).select_related("part", "product")


def article_codes_of(article: Part | Product) -> list[ArticleCode]:
    """The further codes of one part or product."""
    return list(article.article_codes.order_by("gtin"))


def merged_ids(article: Part | Product) -> list[int]:
    """The entries that were merged into this one: their files are its files."""
    return list(article.merged.order_by("pk").values_list("pk", flat=True))


def replaced_by(part_id: int) -> list[Substitute]:
    """What this part may stand for: the other way round than `substitutes_of`."""
    rows = Substitute.objects.filter(Q(substitute_id=part_id) | Q(part_id=part_id, is_mutual=True))
    return list(rows.select_related("part", "substitute").order_by("rank", "pk")[:50])


def count_fittings(product_ids: Iterable[int]) -> dict[int, int]:
    """How many lines the bill of material of each product has; one statement."""
    rows = Fitting.objects.filter(product_id__in=list(product_ids)).order_by()
    return dict(rows.values_list("product_id").annotate(n=Count("pk")))


def list_fittings(actor: Actor) -> QuerySet[Fitting]:
    """Lines of all bills of material."""
    return visible(Fitting, actor).select_related("part", "product")


def fittings_of(product_id: int) -> list[Fitting]:
    """The bill of material of a product: which part sits where, in the order of its positions."""
    return list(Fitting.objects.filter(product_id=product_id).select_related("part").order_by("position", "pk"))


def used_in(part_id: int) -> list[Fitting]:
    """In which products a part sits, and where."""
    return list(Fitting.objects.filter(part_id=part_id).select_related("product").order_by("product__name", "position"))


def list_substitutes(actor: Actor) -> QuerySet[Substitute]:
    """All substitutes."""
    return visible(Substitute, actor).select_related("part", "substitute")


def substitutes_of(part_ids: Iterable[int]) -> dict[int, list[Part]]:
    """What may be used instead of each of these parts, best first; parts out of use are left out."""
    ids = set(part_ids)
    found: dict[int, list[tuple[int, Part]]] = {}
    rows = Substitute.objects.filter(Q(part_id__in=ids) | Q(substitute_id__in=ids, is_mutual=True))
    for row in rows.select_related("part", "substitute"):
        for wanted, other in ((row.part_id, row.substitute), (row.substitute_id, row.part)):
            if wanted in ids and other.is_active and (row.part_id == wanted or row.is_mutual):
                found.setdefault(wanted, []).append((row.rank, other))
    return {
        part_id: list(dict.fromkeys(other for _rank, other in sorted(rows, key=lambda one: (one[0], one[1].pk))))
        for part_id, rows in found.items()
    }


@dataclass(frozen=True)
class TreeRow:
    """A node of the category tree as it is shown: how deep it lies, its own entries, and those of all below it."""

    category: Category
    depth: int
    products: int
    parts: int
    products_below: int
    parts_below: int


def _count_by_category(model: type[Product | Part], actor: Actor) -> dict[int, int]:
    rows = visible(model, actor).filter(is_active=True).exclude(category=None).order_by()
    return dict(rows.values_list("category_id").annotate(n=Count("pk")))


def category_tree(actor: Actor, *, counted: bool = True) -> list[TreeRow]:
    """The whole tree, each category under its parent, with counts of what is in use; three statements, one without counts."""
    below: dict[int | None, list[Category]] = {}
    rows = visible(Category, actor).filter(merged_into=None).order_by("name")
    known = {row.pk: row for row in rows}
    for row in known.values():
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    counts = [_count_by_category(model, actor) if counted else {} for model in (Product, Part)]

    def walk(parent: int | None, depth: int) -> tuple[list[TreeRow], int, int]:
        told: list[TreeRow] = []
        sums = [0, 0]
        for row in below.get(parent, ()):
            under, products, parts = walk(row.pk, depth + 1)
            own = [of.get(row.pk, 0) for of in counts]
            told += [TreeRow(row, depth, own[0], own[1], own[0] + products, own[1] + parts), *under]
            sums = [sums[0] + own[0] + products, sums[1] + own[1] + parts]
        return told, sums[0], sums[1]

    return walk(None, 0)[0]
