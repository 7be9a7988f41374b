"""Writes of packs, bills of material and substitutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, rules
from aftercare.domain.catalog.access import EDIT
from aftercare.domain.catalog.actions.gtins import free_gtin, taken
from aftercare.domain.catalog.models import Fitting, Pack, Part, Product, Substitute
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.transactions import apart, step

MOST_FITTINGS = 1000


def set_pack(part: Part, *, name: str, per_qty: Decimal, gtin: str = "", actor: Actor, at: dt.datetime) -> Pack:
    """Say that the part comes in that pack of so many base units; the same name again changes it.

    Refuses a false article code (`bad_gtin`) and one that another article has (`gtin_taken`).
    """
    actor.require_anywhere(EDIT)
    name = rules.tidy(name)[:20]
    if not name or name == part.unit:
        raise RuleBroken(_("请填写与基本单位不同的包装名称"), code="bad_pack", field="name")
    per_qty = require_quantity(per_qty, field="per_qty")
    try:
        with apart():
            values = {"per_qty": per_qty, "gtin": free_gtin(gtin, part=part, pack=name)}
            pack, _made = Pack.objects.update_or_create(part=part, name=name, defaults=values)
    except IntegrityError:
        raise taken() from None
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
        _raise_version(product)
        record_about(product, verb="catalog.product.set_fitting", actor=actor, at=at,
                     fact=facts.PartStructured(part.pk, "fitting", position))
    return row


def remove_fitting(product: Product, *, part: Part, position: str = "", actor: Actor, at: dt.datetime) -> None:
    """The part does not sit there any more."""
    actor.require_anywhere(EDIT)
    with step():
        if not Fitting.objects.filter(product=product, part=part, position=position).delete()[0]:
            raise NotFound(_("物料清单里没有这一行"), kind="catalog.fitting")
        _raise_version(product)
        record_about(product, verb="catalog.product.remove_fitting", actor=actor, at=at,
                     fact=facts.PartStructured(part.pk, "fitting", position))


def _raise_version(product: Product) -> None:
    # Who is about to write the whole list anew must hear that a line of it has changed.
    Product.objects.filter(pk=product.pk).update(version=F("version") + 1)
    product.version += 1


def replace_fittings(
    product: Product, lines: Iterable[Mapping[str, Any]], *, version: int | None = None, actor: Actor, at: dt.datetime
) -> Product:
    """Write the whole bill of material anew: lines of part, position, qty, note. The product's version rises with it.

    Refuses a part that sits twice in one position (`fitting_twice`) and more lines than MOST_FITTINGS.
    """
    actor.require_anywhere(EDIT)
    wanted = _wanted(lines)
    with step():
        # The version is claimed before anything is read: two who save at once do not mix their lines.
        fresh = revise(product, actor=actor, at=at, permission=EDIT, version=version)
        had = {(row.part_id, row.position): row for row in Fitting.objects.filter(product=product)}
        gone = [row.pk for key, row in had.items() if key not in wanted]
        Fitting.objects.filter(pk__in=gone).delete()
        new, changed = [], []
        for (part_id, position), (qty, note) in wanted.items():
            row = had.get((part_id, position))
            if row is None:
                new.append(Fitting(product=product, part_id=part_id, position=position, qty=qty, note=note))
            elif (row.qty, row.note) != (qty, note):
                row.qty, row.note = qty, note
                changed.append(row)
        Fitting.objects.bulk_create(new, batch_size=200)
        Fitting.objects.bulk_update(changed, ["qty", "note"], batch_size=200)
        if new or changed or gone:
            record_about(fresh, verb="catalog.product.replace_fittings", actor=actor, at=at,
                         fact=facts.FittingsReplaced(product.pk, len(new), len(changed), len(gone)))
    return fresh


def _wanted(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], tuple[Decimal, str]]:
    wanted: dict[tuple[int, str], tuple[Decimal, str]] = {}
    for number, line in enumerate(lines):
        key = line["part"].pk, rules.tidy(line.get("position") or "")[:40]
        if key in wanted:
            raise RuleBroken(_("同一位置的同一配件写了两次：%(part)s %(position)s") % {"part": line["part"].code, "position": key[1]},
                             code="fitting_twice", field=f"position{number}")
        wanted[key] = require_quantity(line["qty"], field=f"qty{number}"), (line.get("note") or "").strip()[:120]
    if len(wanted) > MOST_FITTINGS:
        raise RuleBroken(_("物料清单最多 %(n)s 行") % {"n": MOST_FITTINGS}, code="too_many_lines", field="lines")
    return wanted


def copy_fittings(product: Product, *, source: Product, actor: Actor, at: dt.datetime) -> int:
    """Put into the product what sits in another and not yet in it; what it has stays as it is. Gives back how many lines."""
    actor.require_anywhere(EDIT)
    if product.pk == source.pk:
        raise RuleBroken(_("请选择另一个产品"), code="same_product", field="source")
    with step():
        product = revise(product, actor=actor, at=at, permission=EDIT)
        had = set(Fitting.objects.filter(product=product).values_list("part_id", "position"))
        new = [
            Fitting(product=product, part_id=row.part_id, position=row.position, qty=row.qty, note=row.note)
            for row in Fitting.objects.filter(product=source, part__is_active=True) if (row.part_id, row.position) not in had
        ]
        if not new:
            raise RuleBroken(_("没有可复制的物料：对方没有清单，或这里都有了"), code="nothing_to_copy", field="source")
        if len(had) + len(new) > MOST_FITTINGS:
            raise RuleBroken(_("物料清单最多 %(n)s 行") % {"n": MOST_FITTINGS}, code="too_many_lines", field="source")
        Fitting.objects.bulk_create(new, batch_size=200)
        record_about(product, verb="catalog.product.replace_fittings", actor=actor, at=at,
                     fact=facts.FittingsReplaced(product.pk, len(new), 0, 0))
    return len(new)


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


def _remove(rows, part: Part, what: str, name: str, actor: Actor, at: dt.datetime) -> None:
    with step():
        if not rows.delete()[0]:
            raise NotFound(_("没有找到这一行"), kind="catalog.part")
        _tell(part, what, name, actor, at)


def _tell(part: Part, what: str, name: str, actor: Actor, at: dt.datetime) -> None:
    record_about(part, verb=f"catalog.part.set_{what}", actor=actor, at=at, fact=facts.PartStructured(part.pk, what, name))
