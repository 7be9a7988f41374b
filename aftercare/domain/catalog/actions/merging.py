"""Two entries that are one thing become one: what this room has of it. What other rooms have moves by the flow `merge_words`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from aftercare.domain.catalog import facts, rules
from aftercare.domain.catalog.access import MERGE
from aftercare.domain.catalog.models import Category, Code, Fitting, Pack, Part, Product, Substitute
from aftercare.foundation import repointing
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.search import grams
from aftercare.foundation.transactions import step

Word = Category | Product | Part | Code
MOST_ALIASES = 30


def hold_for_merging(old: Word, into: Word, *, actor: Actor) -> tuple[Word, Word]:
    """Both entries afresh and held, in the transaction that merges; refuses what cannot be one thing."""
    actor.require_anywhere(MERGE)
    if old.pk == into.pk:
        raise RuleBroken(_("不能并入自己"), code="same_entry", field="into")
    old, into = repointing.lock(old, into)
    if into.merged_into_id:
        raise RuleBroken(_("「%(name)s」自己已并入「%(into)s」，请并入后者") % {"name": into, "into": into.merged_into},
                         code="target_merged_away", field="into")
    if not into.is_active:
        raise RuleBroken(_("「%(name)s」已停用，请先启用或选择另一个") % {"name": into}, code="target_retired", field="into")
    # What came in by the old name after the first merge is moved by merging again; into another entry it may not go.
    if old.merged_into_id not in (None, into.pk):
        raise RuleBroken(_("它已并入「%(name)s」") % {"name": old.merged_into}, code="merged_away", field="into")
    if isinstance(old, Code) and old.kind_of != into.kind_of:
        raise RuleBroken(_("只能并入同一本词典的词条"), code="other_dictionary", field="into")
    if isinstance(old, Part) and old.unit != into.unit:
        raise RuleBroken(_("两个配件的单位不同，不能合并"), code="other_unit", field="into")
    if isinstance(old, Part) and (old.is_serial, old.is_lot) != (into.is_serial, into.is_lot):
        raise RuleBroken(_("两个配件的序列号或批次管理方式不同，不能合并"), code="other_tracking", field="into")
    if isinstance(old, Category) and old.pk in rules.ancestry(into.pk, dict(Category.objects.values_list("pk", "parent_id"))):
        raise RuleBroken(_("不能并入自己的下级品类"), code="category_circle", field="into")
    return old, into


def absorb(old: Word, into: Word, *, moved: Mapping[str, int], actor: Actor, at: dt.datetime) -> Word:
    """`old` is `into` from now on: its name and code lead there, and it can be chosen no more. Both timelines tell it."""
    fact = facts.WordsMerged(old.kind, old.pk, str(old), into.pk, str(into), dict(moved))
    verb = f"{into.kind}.merge"
    with step():
        uses, old_uses = into.uses + old.uses, old.uses
        gone = {"merged_into_id": into.pk, "is_active": False, "uses": 0}
        if hasattr(old, "is_new"):
            gone["is_new"] = False
        if getattr(old, "gtin", "") and not into.gtin:
            given = {"gtin": old.gtin}
            gone["gtin"] = ""
        else:
            given = {}
        revise(old, actor=actor, at=at, permission=MERGE, verb=verb, fact=fact, **gone)
        if old_uses:
            given["uses"] = uses
        return revise(into, actor=actor, at=at, permission=MERGE, verb=verb, fact=fact, **given, **_named(into, old))


def _named(into: Word, old: Word) -> dict:
    """What `into` takes over of the other's names, so that whoever types them finds it."""
    if not hasattr(into, "aliases"):
        return {}
    known = {rules.word_key(into.name), rules.word_key(into.code)}
    names = []
    for name in (*into.aliases, old.name, old.code, *old.aliases):
        key = rules.word_key(name)
        if key and key not in known:
            known.add(key)
            names.append(name)
    aliases = names[:MOST_ALIASES]
    values = {"aliases": aliases, "alias_keys": rules.alias_keys(aliases)}
    if isinstance(into, Product):
        values["search"] = grams(into.name, into.code, into.brand, *aliases)
    return values


def merge_fittings(old: Product, into: Product) -> int:
    """The bill of material of both: a line that both have is the target's. Gives back how many lines came over."""
    had = set(Fitting.objects.filter(product=into).values_list("part_id", "position"))
    rows = list(Fitting.objects.filter(product=old))
    Fitting.objects.filter(pk__in=[row.pk for row in rows if (row.part_id, row.position) in had]).delete()
    return Fitting.objects.filter(product=old).update(product=into)


def merge_part_structure(old: Part, into: Part) -> int:
    """Where both parts sit, what both come in, what may stand for both; a line that the target has is the target's."""
    had = set(Fitting.objects.filter(part=into).values_list("product_id", "position"))
    doubled = [row.pk for row in Fitting.objects.filter(part=old) if (row.product_id, row.position) in had]
    Fitting.objects.filter(pk__in=doubled).delete()
    moved = Fitting.objects.filter(part=old).update(part=into)
    Substitute.objects.filter(part__in=(old, into), substitute__in=(old, into)).delete()
    for here, there in (("part", "substitute"), ("substitute", "part")):
        known = set(Substitute.objects.filter(**{here: into}).values_list(f"{there}_id", flat=True))
        rows = Substitute.objects.filter(**{here: old})
        rows.filter(**{f"{there}_id__in": known}).delete()
        moved += Substitute.objects.filter(**{here: old}).update(**{here: into})
    names = set(Pack.objects.filter(part=into).values_list("name", flat=True))
    Pack.objects.filter(part=old, name__in=names).delete()
    return moved + Pack.objects.filter(part=old).update(part=into)

