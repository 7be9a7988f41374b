"""The own warranty of what was put in: replaced parts, exchanged units. Booked for a document, reversed with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from aftercare.domain.assets import queries as assets
from aftercare.domain.entitlement import queries, rules
from aftercare.domain.entitlement.access import REGISTER
from aftercare.domain.entitlement.actions.booking import append, append_all, booked, columns_of, lock, reverse
from aftercare.domain.entitlement.actions.checks import require_here, require_reason
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.foundation import plans
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step


@dataclass(frozen=True)
class Replacement:
    """A part that was put in: its name, its own months where no term tells, its serial number.

    `holder` is the component's own file where it has one: its warranty is booked there and goes where it goes.
    """

    component: str
    months: int = 0
    serial: str = ""
    holder: Any = None


def register_replacements(
    asset, lines: Iterable[Replacement], *, on: dt.date, source: Source, actor: Actor, at: dt.datetime
) -> list[WarrantyEntry]:
    """Book the own warranty of parts that were put into the unit on that day, by the terms for parts; once per document.

    Gives back the lines that stand for it. A part for which neither a term nor its own months give anything gets none.
    """
    require_here(REGISTER, asset, actor)
    with step():
        lock(asset)
        unit, book = _plain(asset)
        # What stands of the unit is asked for only where a term takes over the rest of what was replaced.
        inherits = any(term.policy != "restart" for _name, terms in book.candidates(unit, "part") for term in terms)
        found = _found(asset, unit, book, on) if inherits else None
        # Once for all: what this document booked already and what still stands.
        standing = {(row.asset_id, row.component): row for row in plans.rows(_standing, source.kind, source.id)}
        kept, fresh = [], []
        for line in lines:
            holder = line.holder or asset
            cover = rules.replacement_cover(
                book, unit, kind="part", component=line.component, on=on,
                replaced=_replaced(found, line.component, on) if found else None, fallback_months=line.months,
            )
            if cover is None:
                continue
            columns = columns_of(cover) | {"serial": line.serial[:60], "evidence": source.number}
            if line.holder is not None:
                columns["component"] = ""
            known = standing.get((holder.pk, columns["component"]))
            if known is not None:
                kept.append(known)
            else:
                fresh.append((holder, columns))
        return kept + append_all(fresh, "part", actor, at, source=source)


def _standing(kind: str, source_id: int) -> QuerySet[WarrantyEntry]:
    return WarrantyEntry.objects.filter(source_kind=kind, source_id=source_id, kind_of="part", reversal=None)


def register_exchange(new, old, *, on: dt.date, source: Source, actor: Actor, at: dt.datetime) -> WarrantyEntry | None:
    """Book the warranty of a unit that was given for another one, by the terms for exchanged units; once per document.

    Without such a term it takes over what was left of the old unit's; None where nothing was left.
    """
    require_here(REGISTER, new, actor)
    with step():
        lock(new)
        unit, book = _plain(old)
        found = _found(old, unit, book, on)
        replaced = max((c for c in found.active if c.service_class == rules.WARRANTY), key=lambda c: c.ends_on, default=None)
        cover = rules.replacement_cover(book, unit, kind="exchange", component="", on=on, replaced=replaced)
        if cover is None and replaced is not None and not any(terms for _c, terms in book.candidates(unit, "exchange")):
            cover = rules.inherited(replaced, kind="exchange", on=on)
        if cover is None:
            return None
        columns = columns_of(cover) | {"serial": new.serial, "evidence": f"{old.number} {old.serial}".strip()[:200]}
        return booked(new, "exchange", source, "") or append(new, "exchange", actor, at, source=source, **columns)


def reverse_source(source: Source, *, reason: str, actor: Actor, at: dt.datetime) -> list[WarrantyEntry]:
    """Take back every warranty line that a document booked and that still stands; gives back the reversals."""
    require_reason(reason)
    rows = WarrantyEntry.objects.filter(source_kind=source.kind, source_id=source.id, reversal=None, reverses=None)
    done = []
    with step():
        for entry in rows.select_related("asset").order_by("id"):
            require_here(REGISTER, entry.asset, actor)
            done.append(reverse(entry, entry.asset, reason.strip(), actor, at))
    return done


def _plain(asset) -> tuple[rules.Unit, rules.TermBook]:
    (loaded,) = assets.load_for_decision([asset.pk])
    plain, book = queries.plain_units({loaded.pk: loaded})
    return plain[loaded.pk], book


def _found(asset, unit: rules.Unit, book: rules.TermBook, on: dt.date) -> rules.Finding:
    return rules.judge(unit, book, queries.load_ledgers([asset.pk]).get(asset.pk, []), on)


def _replaced(found: rules.Finding, component: str, on: dt.date) -> rules.Cover | None:
    own = [c for c in found.given if c.component and c.component.casefold() in component.casefold() and c.is_active(on)]
    whole = [c for c in found.active if c.covers_parts and c.service_class == rules.WARRANTY]
    return max(own + whole, key=lambda c: c.ends_on, default=None)
