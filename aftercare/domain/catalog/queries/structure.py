"""How parts come and where they belong: packs and their codes, bills of material, substitutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.catalog import rules
from aftercare.domain.catalog.models import Fitting, Pack, Part, Product, Substitute
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
    """The part, pack or product with that article code (GTIN) or, for a part, that very part code; None when there is none."""
    key = rules.part_code(code)
    if not key:
        return None
    part = Part.objects.filter(Q(code=key) | (Q(gtin=key) & ~Q(gtin=""))).order_by("-is_active", "pk").first()
    if part is not None:
        return Barcode("part", part.pk, part.name, part.code)
    pack = Pack.objects.filter(gtin=key).exclude(gtin="").select_related("part").first()
    if pack is not None:
        return Barcode("part", pack.part_id, pack.part.name, pack.part.code, pack.name, pack.per_qty)
    product = Product.objects.filter(Q(gtin=key) & ~Q(gtin="")).first()
    return Barcode("product", product.pk, product.name, product.code) if product else None


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
