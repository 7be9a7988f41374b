"""Every read of the catalogue that others may use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Model, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from aftercare.domain.catalog import rules
from aftercare.domain.catalog.models import (
    Category,
    Code,
    LabourPrice,
    Part,
    PartPrice,
    Product,
    ServiceLevel,
    WorkType,
)
from aftercare.domain.catalog.queries.schedule import ancestry, subtree
from aftercare.foundation import access, kept, plans, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


@dataclass(frozen=True)
class Suggestion:
    """One line of a combobox. `id` is None for brands, which have no row of their own."""

    id: int | None
    name: str
    code: str = ""
    hint: str = ""


class Limits(NamedTuple):
    """Limits in working minutes."""

    respond_minutes: int
    repair_minutes: int


# --- registers ----------------------------------------------------------------------------------------------------


def list_categories(actor: Actor) -> QuerySet[Category]:
    """All categories for who may see the catalogue."""
    return access.visible(Category, actor).select_related("parent")


def list_products(actor: Actor) -> QuerySet[Product]:
    """All products with their category."""
    return access.visible(Product, actor).select_related("category")


def list_parts(actor: Actor) -> QuerySet[Part]:
    """All parts with their category."""
    return access.visible(Part, actor).select_related("category")


def in_category(rows: QuerySet, category_id: int) -> QuerySet:
    """The rows of products, parts or words of that category and of all below it."""
    return rows.filter(category_id__in=subtree(category_id))


def list_codes(actor: Actor, kind: str | None = None) -> QuerySet[Code]:
    """Dictionary entries, of one dictionary or of all."""
    rows = access.visible(Code, actor).select_related("category")
    return rows.filter(kind_of=kind) if kind else rows


def list_work_types(actor: Actor) -> QuerySet[WorkType]:
    """The work types in their order."""
    return access.visible(WorkType, actor).order_by("position", "id")


def list_labour_prices(actor: Actor) -> QuerySet[LabourPrice]:
    """The fee schedule, old lines too."""
    return access.visible(LabourPrice, actor).select_related("work_type", "category", "region")


def list_part_prices(actor: Actor) -> QuerySet[PartPrice]:
    """The dated prices of parts."""
    return access.visible(PartPrice, actor).select_related("part")


def list_service_levels(actor: Actor) -> QuerySet[ServiceLevel]:
    """The time limits."""
    return access.visible(ServiceLevel, actor).select_related("work_type", "category")


def get_product(product_id: int, actor: Actor) -> Product:
    """That product; refuses an unknown one."""
    return _get(list_products(actor), actor, pk=product_id)


def get_part(code_or_id: str | int, actor: Actor) -> Part:
    """The part of that code or id; refuses an unknown one."""
    key = {"pk": code_or_id} if isinstance(code_or_id, int) else {"code": rules.part_code(code_or_id)}
    return _get(list_parts(actor), actor, **key)


def get_code(code_id: int, actor: Actor) -> Code:
    """That dictionary entry; refuses an unknown one."""
    return _get(list_codes(actor), actor, pk=code_id)


def get_category(category_id: int, actor: Actor) -> Category:
    """That category; refuses an unknown one."""
    return _get(list_categories(actor), actor, pk=category_id)


def get_work_type(code_or_id: str | int, actor: Actor) -> WorkType:
    """The work type of that code or id; refuses an unknown one."""
    key = {"pk": code_or_id} if isinstance(code_or_id, int) else {"code": code_or_id}
    return _get(list_work_types(actor), actor, **key)


def _get(rows: QuerySet, actor: Actor, **key) -> Model:
    found = rows.filter(**key).first()
    if found is None:
        raise NotFound(_("没有找到"), kind=rows.model._meta.label_lower, key=str(next(iter(key.values()))))
    return found


# --- words as typed -----------------------------------------------------------------------------------------------


def find_category(name: str) -> Category | None:
    """The category of that name or code."""
    key = rules.word_key(name, 80)
    return _followed(Category.objects.filter(Q(name_key=key) | Q(code=name.strip())).first() if key else None)


def find_exact_product(name: str, brand: str = "") -> Product | None:
    """The product of exactly that name and brand (none where it is empty): for records that must not be mixed up."""
    return _followed(Product.objects.select_related("category").filter(name_key=rules.product_key(name, brand)).first())


def _followed(row):
    """The entry that this one was merged into; itself where it stands for itself."""
    return row.merged_into if row is not None and row.merged_into_id else row


def find_product(name: str, brand: str | None = None) -> Product | None:
    """The product of that name, model code or alias as typed; of several brands the one used most.

    With `brand` the product of that brand, else one of unknown brand. One that was merged leads to the other.
    """
    return _followed(_named_product(name, brand))


def _named_product(name: str, brand: str | None) -> Product | None:
    key = rules.word_key(name)
    if not key:
        return None
    rows = Product.objects.select_related("category").order_by("-uses", "id")
    brand_key = rules.word_key(brand, 120) if brand else ""
    if not brand_key:
        known = statements.find(_most_used, title_key=key)
        if known is not None:
            return known
    if brand_key:
        # The pair is unique, so this answers even where a name has more brands than are looked through below.
        exact = rows.filter(name_key=rules.product_key(name, brand)).first()
        if exact is not None:
            return exact
    for condition in (Q(title_key=key) | Q(name_key=key), Q(code__iexact=rules.tidy(name)) | _has_alias(key)):
        found = list(rows.filter(condition)[:20])
        if brand_key:
            found = [row for row in found if rules.word_key(row.brand, 120) in (brand_key, "")]
            found.sort(key=lambda row: not row.brand)
        if found:
            return found[0]
    return None


def _most_used() -> QuerySet[Product]:
    return Product.objects.select_related("category").order_by("-uses", "id")


def find_code(kind: str, name: str) -> Code | None:
    """The entry of that dictionary by name or alias as typed."""
    key = rules.word_key(name)
    if not key:
        return None
    known = statements.find(_codes, kind_of=kind, name_key=key)
    return _followed(known or Code.objects.filter(_has_alias(key), kind_of=kind).order_by("-uses", "id").first())


def _codes() -> QuerySet[Code]:
    return Code.objects.order_by("pk")


def code_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of dictionary entries by id; one statement, none for none."""
    ids = list(ids)
    return dict(Code.objects.filter(pk__in=ids).order_by("id").values_list("pk", "name")) if ids else {}


def find_work_type(name: str) -> WorkType | None:
    """The work type of that name or code."""
    key = rules.word_key(name, 60)
    if not key:
        return None
    # Kept with the settings: there are a handful, and every request names one.
    named = (key, rules.tidy(name), name.strip())
    return kept.found(("catalog.work_type", named), lambda: _read_work_type(*named))


def _read_work_type(key: str, name: str, code: str) -> WorkType | None:
    return WorkType.objects.filter(Q(name_key=key) | Q(name=name) | Q(code=code)).first()


def _has_alias(key: str) -> Q:
    return Q(alias_keys__contains=f"{rules.SEPARATOR}{key}{rules.SEPARATOR}")


def parts_by_code(codes: Iterable[str]) -> dict[str, Part]:
    """Parts by code; the keys are the codes as they were given. One statement."""
    asked = {code: rules.part_code(code) for code in codes}
    wanted = set(asked.values())
    if len(wanted) == 1:
        found = {part.code: part for part in statements.read(_parts, code=next(iter(wanted)))}
    else:
        found = {part.code: part for part in plans.rows(_coded, sorted(wanted))}
    return {code: _followed(found[key]) for code, key in asked.items() if key in found}


def _coded(codes: Iterable[str]) -> QuerySet[Part]:
    return _parts().filter(code__in=codes)


def _parts() -> QuerySet[Part]:
    return Part.objects.select_related("category")


# --- comboboxes ---------------------------------------------------------------------------------------------------

_NAMED: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "product": (Product, ("name_key", "initials", "code", "alias_keys")),
    "part": (Part, ("name", "initials", "code")),
    "category": (Category, ("name_key", "initials", "code")),
    "work_type": (WorkType, ("name", "initials", "code")),
}
KINDS = (*_NAMED, "brand", "maker", "unit", *Code.Kind.values)
# What has no row of its own: the words that products and parts were described by so far.
_LOOSE = {"brand": (Product,), "maker": (Product,), "unit": (Part, Product)}


def suggest(kind: str, text: str, actor: Actor, limit: int = 8, *, category_id: int | None = None) -> list[Suggestion]:
    """What a combobox offers for the text typed so far: by part of the name, pinyin initials, code or alias.

    Ordered by use, most used first. `kind` is product, part, category, brand, maker, unit, work_type or a dictionary (fault,
    cause, solution, colour, grade, barrier); `category_id` keeps entries of that category and of all. One statement.
    """
    key = rules.word_key(text)
    if kind in _LOOSE:
        return _loose(kind, key, actor, limit)
    if kind in _NAMED:
        model, columns = _NAMED[kind]
        rows = access.visible(model, actor)
    elif kind in Code.Kind.values:
        rows, columns = access.visible(Code, actor).filter(kind_of=kind), ("name_key", "initials", "code", "alias_keys")
    else:
        raise NotFound(_("没有这个词典"), kind="catalog.dictionary", key=kind)
    rows = rows.filter(is_active=True)
    if category_id is not None and kind not in ("category", "work_type"):
        rows = rows.filter(Q(category_id=category_id) | Q(category_id=None))
    if key:
        rows = rows.filter(_contains(columns, key))
    if kind in ("product", "part"):
        rows = rows.select_related("category")
    return [_suggestion(kind, row) for row in rows.order_by("-uses", "id")[:limit]]


def _contains(columns: tuple[str, ...], key: str) -> Q:
    condition = Q()
    for column in columns:
        # Names of parts and work types and all codes are stored as written, the other columns folded.
        folded = column in ("name_key", "initials", "alias_keys")
        condition |= Q(**{f"{column}__contains" if folded else f"{column}__icontains": key})
    return condition


def _suggestion(kind: str, row) -> Suggestion:
    hint = ""
    if kind == "product":
        hint = " · ".join(filter(None, (row.brand, row.category.name if row.category else "")))
    elif kind == "part":
        hint = row.code
    return Suggestion(row.pk, row.name, getattr(row, "code", ""), hint)


def _loose(column: str, key: str, actor: Actor, limit: int) -> list[Suggestion]:
    totals = []
    for model in _LOOSE[column]:
        rows = access.visible(model, actor).filter(is_active=True).exclude(**{column: ""})
        if key:
            rows = rows.filter(**{f"{column}__icontains": key})
        totals.append(rows.order_by().values(word=F(column)).annotate(total=Sum("uses")))
    found = totals[0].union(*totals[1:], all=True) if len(totals) > 1 else totals[0]
    names = dict.fromkeys(row["word"] for row in found.order_by("-total", "word")[: limit * len(totals)])
    return [Suggestion(None, name) for name in list(names)[:limit]]


# --- schedules ----------------------------------------------------------------------------------------------------


def service_limit(
    work_type_id: int | None, urban: bool | None, *, category_id: int | None = None, urgent: bool = False
) -> Limits | None:
    """The time limits for a job; None where none are set. Columns weigh: urgent, work type, category, urban or not.

    A line for urgent jobs holds for urgent jobs only; without one they follow the usual line. At most two statements.
    """
    lines = [
        rules.Line((row.urgent or None, row.work_type_id, row.category_id, row.is_urban), None, None,
                   Limits(row.respond_minutes, row.repair_minutes))
        for row in kept.setting("catalog.levels", lambda: list(ServiceLevel.objects.all()))
    ]
    has_category = any(line.wants[2] for line in lines)
    asked = (_one(urgent or None), _one(work_type_id), ancestry(category_id) if has_category else [], _one(urban))
    line = rules.most_specific(lines, asked, None)
    return line.value if line else None


def _one(value) -> tuple:
    return () if value is None else (value,)
