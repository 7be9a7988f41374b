"""Extensions of a warranty that are sold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.entitlement import queries, rules
from aftercare.domain.entitlement.access import SELL
from aftercare.domain.entitlement.actions.booking import append, columns_of, lock
from aftercare.domain.entitlement.actions.checks import require_here
from aftercare.domain.entitlement.models import Term, WarrantyEntry
from aftercare.foundation.access import Actor
from aftercare.foundation.money import require_amount
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.transactions import step


def sell_extension(
    asset, term: Term, *, sold_on: dt.date, evidence: str, price_amount: Decimal | None = None, reason: str = "",
    actor: Actor, at: dt.datetime,
) -> WarrantyEntry:
    """Sell an extension for a unit: its cover begins the day after what the unit has, or on the day of sale if that is later.

    `evidence` is the receipt or invoice; the price is the product's unless another one is given. Refuses a term that is
    no extension or not for sale on that day or for this unit, and the same receipt for the same unit twice.
    """
    require_here(SELL, asset, actor)
    if term.kind_of != Term.Kind.EXTENSION:
        raise RuleBroken(_("这个条款不是延保产品"), code="no_extension", field="term")
    if sold_on < term.valid_from or (term.valid_to is not None and sold_on > term.valid_to):
        raise RuleBroken(_("这一天不销售这个延保"), code="not_for_sale", field="sold_on")
    evidence = evidence.strip()
    if not evidence:
        raise RuleBroken(_("请填写延保的收据或发票号"), code="evidence_missing", field="evidence")
    price = require_amount(term.price_amount if price_amount is None else price_amount, field="price_amount")
    with step():
        lock(asset)
        twin = WarrantyEntry.objects.filter(asset=asset, kind_of=WarrantyEntry.Kind.EXTENSION, evidence=evidence[:200],
                                            term=term, reversal=None)
        if twin.exists():
            raise WrongState(_("这张凭据已经登记过延保"), code="sold_twice")
        (loaded,) = assets.load_for_decision([asset.pk])
        plain, book = queries.plain_units({loaded.pk: loaded})
        line = next((one for _c, terms in book.candidates(plain[loaded.pk], "extension") for one in terms if one.id == term.pk), None)
        if line is None:
            raise RuleBroken(_("这个延保不适用于这台设备"), code="other_unit", field="term")
        start = _start(plain[loaded.pk], book, queries.load_ledgers([asset.pk]).get(asset.pk, []), line, sold_on)
        cover = rules.cover_of(line, start, kind="extension", evidence=evidence)
        return append(asset, WarrantyEntry.Kind.EXTENSION, actor, at, price_amount=price, reason=reason.strip()[:200],
                      serial=asset.serial, **columns_of(cover))


def _start(unit: rules.Unit, book: rules.TermBook, ledger: list, line: rules.TermLine, sold_on: dt.date) -> dt.date:
    found = rules.judge(unit, book, ledger, sold_on)
    ends = [c.ends_on for c in (*found.base, *found.given)
            if c.component == line.component and c.kind in ("base", "extension", "exchange") and c.ends_on >= sold_on]
    return max(ends) + dt.timedelta(days=1) if ends else sold_on
