"""Writes of parts and their dated prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, rules
from aftercare.domain.catalog.access import ADD_WORD, EDIT, EDIT_PRICE
from aftercare.domain.catalog.actions.gtins import free_gtin
from aftercare.domain.catalog.actions.uses import count_use
from aftercare.domain.catalog.actions.words import _allowed, _require_unmerged, _save, _unit, _word
from aftercare.domain.catalog.models import Category, Part, PartPrice
from aftercare.foundation import money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.search import grams
from aftercare.foundation.transactions import apart, step


def create_part(
    *, name: str, code: str = "", unit: str = "个", category: Category | None = None, price_amount=money.ZERO,
    gtin: str = "", is_serial: bool = False, is_lot: bool = False, is_returnable: bool = False, warranty_months: int = 3,
    actor: Actor, at: dt.datetime,
) -> Part:
    """Add a part; without a code it gets the next number. Refuses a code that is taken (`code_taken`)."""
    return _create(EDIT, name=name, code=code, unit=unit, category=category, price_amount=price_amount, gtin=gtin,
                   is_serial=is_serial, is_lot=is_lot, is_returnable=is_returnable, warranty_months=warranty_months,
                   actor=actor, at=at)


def ensure_part(
    name: str, *, code: str = "", unit: str = "个", actor: Actor, at: dt.datetime
) -> tuple[Part, bool]:
    """The part of that code, else of that very name, made when there is none yet."""
    part = _find(name, code)
    if part is None:
        try:
            return _create(ADD_WORD, name=name, code=code, unit=unit, actor=actor, at=at), True
        except RuleBroken as refusal:
            part = _find(name, code) if refusal.code == "code_taken" else None
            if part is None:
                raise
    count_use(part)
    return part, False


def edit_part(part: Part, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Part:
    """Change the part's own columns; its price needs the permission for prices as well."""
    values = _allowed(fields, {"name", "code", "unit", "category_id", "price_amount", "gtin", "is_serial", "is_lot",
                               "is_returnable", "warranty_months", "is_active"})
    if "price_amount" in values:
        actor.require_anywhere(EDIT_PRICE)
        values["price_amount"] = money.require_amount(values["price_amount"], field="price_amount")
    if "code" in values:
        values["code"] = _code(values["code"])
    _require_one_kind(values.get("is_serial", part.is_serial), values.get("is_lot", part.is_lot))
    _require_unmerged(part, values)
    if "unit" in values:
        values["unit"] = _unit(values["unit"])
    if "name" in values:
        values["name"] = _word(values["name"], 120)
    with step():
        if values.get("gtin", part.gtin) != part.gtin:
            values["gtin"] = free_gtin(values["gtin"], part=part)
        if values.keys() & {"name", "code", "gtin"}:
            name, code = values.get("name", part.name), values.get("code", part.code)
            values |= {"initials": rules.initials(name), "search": grams(name, code, values.get("gtin", part.gtin))}
        return _save(part, version, actor, at, values)


def set_part_price(
    part: Part, *, amount: Decimal, valid_from: dt.date, valid_to: dt.date | None = None, customer_grade: str = "",
    customer_kind: str = "", end_previous: bool = False, actor: Actor, at: dt.datetime,
) -> PartPrice:
    """Set the part's price from a day on (CNY), for all or for a grade or kind of customers.

    Refuses days that another price of the part for the same customers already covers.

    `end_previous` lets the open-ended price before it end on the day before.
    """
    amount = money.require_amount(amount, field="amount")
    require_span(valid_from, valid_to)
    with step():
        # Two prices set at once would not see each other's rows: they take their turns here.
        numbering.take("PART-PRICE")
        same = {"part": part, "customer_grade": customer_grade.strip()[:20], "customer_kind": customer_kind}
        rows = PartPrice.objects.filter(**same)
        if end_previous:
            end_open_line(rows, valid_from, actor, at)
        if spans(rows, valid_from, valid_to).exists():
            raise RuleBroken(_("这段时间已有价格"), code="price_overlap", field="valid_from")
        price = PartPrice(amount=amount, valid_from=valid_from, valid_to=valid_to, **same)
        return open_new(price, actor=actor, at=at, permission=EDIT_PRICE,
                        fact=lambda row: facts.PriceSet(row.kind, row.pk, row.amount))


def end_open_line(rows, valid_from: dt.date, actor: Actor, at: dt.datetime) -> None:
    """End the open-ended line that began before `valid_from` on the day before it."""
    for line in rows.filter(valid_to=None, valid_from__lt=valid_from):
        revise(line, actor=actor, at=at, permission=EDIT_PRICE, valid_to=valid_from - dt.timedelta(days=1))


def spans(rows, valid_from: dt.date, valid_to: dt.date | None):
    """The dated rows that share a day with that span."""
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
    return rows.filter(valid_from__lte=valid_to) if valid_to else rows


def require_span(valid_from: dt.date, valid_to: dt.date | None) -> None:
    """Refuse a span that ends before it begins."""
    if valid_to is not None and valid_to < valid_from:
        raise RuleBroken(_("失效日期不能早于生效日期"), code="bad_span", field="valid_to")


def _create(permission: str, *, name, code, actor, at, price_amount=money.ZERO, **columns) -> Part:
    name = _word(name, 120)
    _require_one_kind(columns.get("is_serial", False), columns.get("is_lot", False))
    part = Part(name=name, price_amount=money.require_amount(price_amount, field="price_amount"),
                initials=rules.initials(name), **columns)
    try:
        with apart():
            part.code = _code(code) if code.strip() else numbering.take("P")
            part.gtin = free_gtin(part.gtin)
            part.search = grams(part.name, part.code, part.gtin)
            return open_new(part, actor=actor, at=at, permission=permission,
                            fact=lambda row: facts.PartAdded(row.pk, row.code))
    except IntegrityError:
        raise RuleBroken(_("配件编码已存在"), code="code_taken", field="code") from None


def _require_one_kind(is_serial: bool, is_lot: bool) -> None:
    if is_serial and is_lot:
        raise RuleBroken(_("按序列号管理的配件不再分批次"), code="serial_or_lot", field="is_lot")


def _code(text: str) -> str:
    code = rules.part_code(text)
    if not code:
        raise RuleBroken(_("请填写配件编码"), code="code_missing", field="code")
    return code


def _find(name: str, code: str) -> Part | None:
    if code.strip():
        found = Part.objects.filter(code=rules.part_code(code)).first()
    else:
        found = Part.objects.filter(name=rules.tidy(name)).order_by("-uses", "id").first()
    return found.merged_into if found is not None and found.merged_into_id else found
