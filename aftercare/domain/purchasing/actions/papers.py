"""What the verbs of all papers share: numbers, who wrote it, and acting on behalf of a verb that has asked already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import F, Model
from django.db.models.functions import Round
from django.utils.translation import gettext as _

from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken, WrongState

ZERO = Decimal(0)


def opened(kind: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Number, time and author of a new paper."""
    return {
        "number": numbering.take(kind, clock.local_day(at, actor.zone)), "created_at": at, "created_by": actor.name[:80],
        "author_id": actor.employee_id,
    }


def trusted(actor: Actor) -> Actor:
    """The same person in the journal, with the product's own grants: the verb that calls has asked already."""
    return replace(actor, reaches=Actor.system("").reaches, scopes=None)


def require_reason(reason: str) -> str:
    """The reason without blanks around it; refuses none."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    return reason.strip()[:200]


def require_lines(lines: Any) -> list:
    """The lines as a list; refuses none."""
    lines = list(lines)
    if not lines:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    return lines


def by_line(lines: Iterable[Mapping[str, Any]], key: str) -> dict[int, Mapping[str, Any]]:
    """What is said of each line; refuses (`line_twice`) a line that is spoken of twice, of which the last word would win."""
    found: dict[int, Mapping[str, Any]] = {}
    for given in lines:
        if given[key] in found:
            raise RuleBroken(_("同一行不能写两次"), code="line_twice", field="lines")
        found[given[key]] = given
    return found


def quantity_or_zero(value: Any, *, field: str = "qty") -> Decimal:
    """A quantity that may be zero."""
    return ZERO if value in (None, "") or Decimal(value) == 0 else require_quantity(value, field=field)


def require_price(value: Any, *, field: str = "price_amount") -> Decimal:
    """A price of one unit: not negative, at most four places."""
    price = Decimal(value)
    if not price.is_finite() or price < 0 or price != price.quantize(Decimal("0.0001")) or price >= Decimal(10) ** 11:
        raise RuleBroken(_("单价应为不小于零、最多四位小数的数"), code="bad_price", field=field)
    return price


def shift(model: type[Model], pk: int, seen: Mapping[str, Decimal], **by: Decimal) -> None:
    """Change counters of one line, from what was seen to the sum: whoever changed them meanwhile wins, and this call is refused."""
    changes = {name: Round(F(name) + delta, 3) for name, delta in by.items() if delta}
    if changes and not model._default_manager.filter(pk=pk, **{name: seen[name] for name in changes}).update(**changes):
        raise WrongState(_("单据刚被他人改动，请重试"), code="line_changed")


def move_counts(line: Model, **by: Decimal) -> None:
    """`shift` of a line in hand, whose attributes follow."""
    shift(type(line), line.pk, {name: getattr(line, name) for name in by}, **by)
    for name, delta in by.items():
        setattr(line, name, getattr(line, name) + delta)
