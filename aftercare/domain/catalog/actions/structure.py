"""Writes of packs, bills of material and substitutes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, rules
from aftercare.domain.catalog.access import EDIT
from aftercare.domain.catalog.models import Fitting, Pack, Part, Product, Substitute
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.transactions import apart, step


def set_pack(part: Part, *, name: str, per_qty: Decimal, gtin: str = "", actor: Actor, at: dt.datetime) -> Pack:
    """Say that the part comes in that pack of so many base units; the same name again changes it.

    Refuses a false article code (`bad_gtin`) and one that another article has (`gtin_taken`).
    """
    actor.require_anywhere(EDIT)
    name = rules.tidy(name)[:20]
    if not name or name == part.unit:
        raise RuleBroken(_("请填写与基本单位不同的包装名称"), code="bad_pack", field="name")
    gtin = require_gtin(gtin)
    _require_free_gtin(gtin, part, name)
    values = {"per_qty": require_quantity(per_qty, field="per_qty"), "gtin": gtin}
    try:
        with apart():
            pack, _made = Pack.objects.update_or_create(part=part, name=name, defaults=values)
    except IntegrityError:
        raise _taken() from None
    _tell(part, "pack", name, actor, at)
    return pack


def remove_pack(part: Part, *, name: str, actor: Actor, at: dt.datetime) -> None:
    """The part no longer comes in that pack; what was booked in it stays booked in base units."""
    actor.require_anywhere(EDIT)
    _remove(Pack.objects.filter(part=part, name=name), part, "pack", name, actor, at)


def set_fitting(
    product: Product, *, part: Part, position: str = "", qty: Decimal = Decimal(1), note: str = "", actor: Actor, at: dt.datetime
) -> Fitting:
    """Say that the part sits there in the product; the same part and position again changes quantity and note."""
    actor.require_anywhere(EDIT)
    position = rules.tidy(position)[:40]
    with step():
        row, _made = Fitting.objects.update_or_create(
            product=product, part=part, position=position, defaults={"qty": require_quantity(qty), "note": note.strip()[:120]},
        )
        record_about(product, verb="catalog.product.set_fitting", actor=actor, at=at,
                     fact=facts.PartStructured(part.pk, "fitting", position))
    return row


def remove_fitting(product: Product, *, part: Part, position: str = "", actor: Actor, at: dt.datetime) -> None:
    """The part does not sit there any more."""
    actor.require_anywhere(EDIT)
    with step():
        if not Fitting.objects.filter(product=product, part=part, position=position).delete()[0]:
            raise NotFound(_("物料清单里没有这一行"), kind="catalog.fitting")
        record_about(product, verb="catalog.product.remove_fitting", actor=actor, at=at,
                     fact=facts.PartStructured(part.pk, "fitting", position))


def set_substitute(
    part: Part, *, substitute: Part, rank: int = 1, is_mutual: bool = False, note: str = "", actor: Actor, at: dt.datetime
) -> Substitute:
    """Say that `substitute` may be used instead of the part; the same pair again changes rank and note."""
    actor.require_anywhere(EDIT)
    if part.pk == substitute.pk:
        raise RuleBroken(_("配件不能替代自己"), code="same_part", field="substitute")
    if part.unit != substitute.unit:
        raise RuleBroken(_("替代件的单位必须相同"), code="other_unit", field="substitute")
    with step():
        row, _made = Substitute.objects.update_or_create(
            part=part, substitute=substitute,
            defaults={"rank": rank, "is_mutual": is_mutual, "note": note.strip()[:120]},
        )
        _tell(part, "substitute", substitute.code, actor, at)
    return row


def remove_substitute(part: Part, *, substitute: Part, actor: Actor, at: dt.datetime) -> None:
    """It may not be used instead any more."""
    actor.require_anywhere(EDIT)
    _remove(Substitute.objects.filter(part=part, substitute=substitute), part, "substitute", substitute.code, actor, at)


def require_gtin(text: str) -> str:
    """An article code as stored; empty is none. Refuses a false check digit."""
    code = rules.part_code(text)
    if code and not rules.is_gtin(code):
        raise RuleBroken(_("商品条码不正确，请核对位数和校验位"), code="bad_gtin", field="gtin")
    return code


def _require_free_gtin(gtin: str, part: Part, name: str) -> None:
    if not gtin:
        return
    others = Pack.objects.filter(gtin=gtin).exclude(part=part, name=name)
    if others.exists() or Part.objects.filter(gtin=gtin).exists() or Product.objects.filter(gtin=gtin).exists():
        raise _taken()


def _taken() -> RuleBroken:
    return RuleBroken(_("这个商品条码已用于另一种商品或包装"), code="gtin_taken", field="gtin")


def _remove(rows, part: Part, what: str, name: str, actor: Actor, at: dt.datetime) -> None:
    with step():
        if not rows.delete()[0]:
            raise NotFound(_("没有找到这一行"), kind="catalog.part")
        _tell(part, what, name, actor, at)


def _tell(part: Part, what: str, name: str, actor: Actor, at: dt.datetime) -> None:
    record_about(part, verb=f"catalog.part.set_{what}", actor=actor, at=at, fact=facts.PartStructured(part.pk, what, name))
