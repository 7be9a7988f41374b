"""Type-to-create: a word that no dictionary has yet becomes an entry when a form with it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, queries, rules
from aftercare.domain.catalog.access import ADD_WORD, EDIT
from aftercare.domain.catalog.actions.gtins import free_gtin
from aftercare.domain.catalog.actions.uses import count_use
from aftercare.domain.catalog.models import Category, Code, Product, WorkType
from aftercare.foundation import numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import Invalid, RuleBroken
from aftercare.foundation.search import grams
from aftercare.foundation.transactions import apart, step


def ensure_category(
    name: str, *, code: str = "", parent: Category | None = None, actor: Actor, at: dt.datetime
) -> tuple[Category, bool]:
    """The category of that name (or code), made when there is none yet."""
    name = _word(name, 80)

    def build() -> Category:
        return Category(code=code.strip() or numbering.take("CAT", digits=4), name=name,
                        name_key=rules.word_key(name, 80), parent=parent, initials=rules.initials(name), uses=1)

    return _ensure(lambda: queries.find_category(name), build, actor=actor, at=at)


def ensure_product(
    name: str, *, category_name: str = "", brand: str = "", code: str = "", gtin: str = "", maker: str = "", unit: str = "台",
    exact: bool = False, actor: Actor, at: dt.datetime,
) -> tuple[Product, bool]:
    """The product of that name, model code or alias (and brand, where one is given), made when there is none yet.

    `exact` wants that very name and brand: a record without a brand is then no other brand's product.
    The category is made with it when it is new, too; a known product keeps its own category.
    """
    name, brand = _word(name, 160), rules.tidy(brand)[:120]

    def build() -> Product:
        category = ensure_category(category_name, actor=actor, at=at)[0] if category_name.strip() else None
        product = Product(name=name, code=code.strip()[:80], brand=brand, category=category, gtin=free_gtin(gtin),
                          maker=rules.tidy(maker)[:120], unit=_unit(unit), is_new=not actor.holds(EDIT), uses=1)
        _key_product(product)
        return product

    def find() -> Product | None:
        return queries.find_exact_product(name, brand) if exact else queries.find_product(name, brand or None)

    return _ensure(find, build, actor=actor, at=at)


def ensure_code(
    kind: str, name: str, *, category: Category | None = None, code: str = "", actor: Actor, at: dt.datetime
) -> tuple[Code, bool]:
    """The entry of that dictionary (Code.Kind) by name or alias, made when there is none yet."""
    if kind not in Code.Kind.values:
        raise RuleBroken(_("没有这个词典"), code="unknown_dictionary", field="kind")
    name = _word(name, 160)

    def build() -> Code:
        return Code(kind_of=kind, code=code.strip()[:40], name=name, name_key=rules.word_key(name), category=category,
                    is_new=not actor.holds(EDIT), initials=rules.initials(name), uses=1)

    return _ensure(lambda: queries.find_code(kind, name), build, actor=actor, at=at)


def ensure_work_type(
    name: str, *, code: str = "", minutes: int = 60, is_repair: bool = True, position: int = 0,
    actor: Actor, at: dt.datetime,
) -> tuple[WorkType, bool]:
    """The work type of that name or code, made when there is none yet; `minutes` is its usual time."""
    name = _word(name, 60)

    def build() -> WorkType:
        return WorkType(code=code.strip() or numbering.take("WT", digits=3), name=name,
                        name_key=rules.word_key(name, 60), minutes=minutes, is_repair=is_repair, position=position,
                        initials=rules.initials(name), uses=1)

    return _ensure(lambda: queries.find_work_type(name), build, actor=actor, at=at)


def _ensure(find: Callable, build: Callable, *, actor: Actor, at: dt.datetime):
    row = find()
    if row is not None:
        count_use(row)
        return row, False
    actor.require_anywhere(ADD_WORD)
    try:
        with apart():
            row = build()
            open_new(row, actor=actor, at=at, permission=ADD_WORD,
                     fact=lambda made: facts.WordAdded(made.kind, made.pk, made.name))
    except IntegrityError:
        # Somebody typed the same word at the same moment and committed first: his row is ours, too.
        row = find()
        if row is None:
            raise
        count_use(row)
        return row, False
    return row, True


def edit_category(category: Category, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Category:
    """Change name, code, parent_id, needs_certificate or is_active. A category cannot become its own ancestor.

    Refuses to retire one with categories in use below it (`category_has_children`), and a parent out of use.
    """
    values = _allowed(fields, {"name", "code", "parent_id", "needs_certificate", "is_active"})
    _require_unmerged(category, values)
    if "name" in values:
        values["name"] = _word(values["name"], 80)
        values |= {"name_key": rules.word_key(values["name"], 80), "initials": rules.initials(values["name"])}
    with step():
        if values.get("parent_id", category.parent_id) != category.parent_id or not values.get("is_active", True):
            # Of two who move two categories under each other neither would see the other's move: they take their turns.
            numbering.take("CATEGORY-TREE")
            _require_place(category, values)
        return _save(category, version, actor, at, values)


def _require_place(category: Category, values: dict) -> None:
    parent_id = values.get("parent_id", category.parent_id)
    if parent_id and category.pk in rules.ancestry(parent_id, dict(Category.objects.values_list("pk", "parent_id"))):
        raise RuleBroken(_("上级不能是自己或自己的下级"), code="category_circle", field="parent_id")
    if not values.get("is_active", True) and Category.objects.filter(parent=category, is_active=True).exists():
        raise RuleBroken(_("下面还有启用的品类，请先移走或停用它们"), code="category_has_children", field="is_active")


def edit_product(product: Product, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Product:
    """Change name, code, brand, maker, unit, category_id, gtin, aliases, is_active or is_new."""
    values = _allowed(fields, {"name", "code", "brand", "maker", "unit", "category_id", "gtin", "aliases", "is_active", "is_new"})
    _require_unmerged(product, values)
    if "unit" in values:
        values["unit"] = _unit(values["unit"])
    edited = Product(name=product.name, code=product.code, brand=product.brand, aliases=product.aliases)
    if "name" in values:
        values["name"] = _word(values["name"], 160)
    for name in ("name", "code", "brand", "aliases"):
        setattr(edited, name, values.get(name, getattr(edited, name)))
    _key_product(edited)
    derived = {n: getattr(edited, n) for n in ("name_key", "title_key", "alias_keys", "initials", "search")}
    with step():
        if values.get("gtin", product.gtin) != product.gtin:
            values["gtin"] = free_gtin(values["gtin"], product=product)
        return _save(product, version, actor, at, values | derived)


def edit_code(entry: Code, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Code:
    """Change name, code, category_id, aliases, is_active or is_new of a dictionary entry."""
    values = _allowed(fields, {"name", "code", "category_id", "aliases", "is_active", "is_new"})
    _require_unmerged(entry, values)
    if "name" in values:
        values["name"] = _word(values["name"], 160)
        values |= {"name_key": rules.word_key(values["name"]), "initials": rules.initials(values["name"])}
    if "aliases" in values:
        values["alias_keys"] = rules.alias_keys(values["aliases"])
    return _save(entry, version, actor, at, values)


def edit_work_type(work_type: WorkType, *, version: int, actor: Actor, at: dt.datetime, **fields) -> WorkType:
    """Change name, code, minutes, is_repair, position or is_active."""
    values = _allowed(fields, {"name", "code", "minutes", "is_repair", "position", "is_active"})
    if "name" in values:
        values["name"] = _word(values["name"], 60)
        values |= {"name_key": rules.word_key(values["name"], 60), "initials": rules.initials(values["name"])}
    return _save(work_type, version, actor, at, values)


def confirm_word(row: Product | Code, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Take a typed word into the dictionary for good: it is new no longer."""
    return revise(row, actor=actor, at=at, permission=EDIT, version=version, verb=f"{row.kind}.confirm", is_new=False)


def _save(row, version: int, actor: Actor, at: dt.datetime, values: dict):
    try:
        with apart():
            return revise(row, actor=actor, at=at, permission=EDIT, version=version, **values)
    except IntegrityError:
        raise RuleBroken(_("已有同名或同编码的条目"), code="word_taken", field="name") from None


def _allowed(fields: dict, names: set[str]) -> dict:
    unknown = fields.keys() - names
    if unknown:
        raise Invalid({name: _("这一项不能修改") for name in sorted(unknown)}, code="unknown_field")
    return dict(fields)


def _word(text: str, length: int) -> str:
    text = rules.tidy(text)
    if not rules.word_key(text):
        raise RuleBroken(_("请填写名称"), code="name_missing", field="name")
    if len(text) > length:
        raise RuleBroken(_("名称太长"), code="too_long", field="name")
    return text


def _unit(text: str) -> str:
    unit = rules.tidy(text)
    if not unit or len(unit) > 10:
        raise RuleBroken(_("请填写单位，最多十个字"), code="bad_unit", field="unit")
    return unit


def _require_unmerged(row, values: dict) -> None:
    if row.merged_into_id and values.get("is_active"):
        raise RuleBroken(_("它已并入「%(name)s」，不能再启用") % {"name": row.merged_into}, code="merged_away", field="is_active")


def _key_product(product: Product) -> None:
    product.title_key = rules.word_key(product.name)
    product.name_key = rules.product_key(product.name, product.brand)
    product.alias_keys = rules.alias_keys(product.aliases)
    product.initials = rules.initials(product.name)
    product.search = grams(product.name, product.code, product.brand, *product.aliases)
