"""Which contract covers a unit on a day: for many units in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.catalog import rules as trees
from aftercare.domain.entitlement.lifecycle import COVERING
from aftercare.domain.entitlement.models import ContractPause, ContractScope, QuotaBalance
from aftercare.domain.entitlement.rules import contracts as rules
from aftercare.foundation import plans
from aftercare.foundation.quantity import shown

_PROMISE = (
    "contract_id", "contract__number", "contract__name", "contract__customer_id", "contract__starts_on", "contract__ends_on",
    "contract__covers_parts", "contract__covers_labour", "contract__covers_travel", "contract__respond_minutes",
    "contract__repair_minutes",
)  # fmt: skip


def load_coverage(customer_ids: Iterable[int | None], on: dt.date) -> list[rules.Coverage]:
    """The coverage lines of these customers' contracts that are in force on that day; one statement, none for nobody."""
    ids = sorted({pk for pk in customer_ids if pk is not None})
    if not ids:
        return []
    return [rules.Coverage(*row[:11], scope=rules.Scope(*row[11:])) for row in plans.rows(_promises, ids, on)]


def _promises(customer_ids: Iterable[int], on: dt.date) -> QuerySet:
    rows = _in_force(ContractScope.objects.filter(contract__customer_id__in=customer_ids), on, "contract__")
    return rows.values_list(*_PROMISE, "asset_id", "category_id", "site")


def find_contracts(units: Iterable, parents: Mapping[int, int | None], on: dt.date) -> dict[int, rules.Coverage]:
    """The contract that counts for each of these loaded units (product at hand), by unit id; one statement for all."""
    units = list(units)
    rows = load_coverage((unit.customer_id for unit in units), on)
    if not rows:
        return {}
    found = {unit.pk: rules.choose(rows, insured(unit, parents)) for unit in units}
    return {pk: row for pk, row in found.items() if row is not None}


def insured(unit, parents: Mapping[int, int | None]) -> rules.Insured:
    """A loaded unit as the rules want it."""
    return rules.Insured(
        unit.pk, unit.customer_id, tuple(trees.ancestry(unit.product.category_id, dict(parents))), unit.place
    )


def _in_force(rows: QuerySet, on: dt.date, prefix: str = "") -> QuerySet:
    """Narrow to contracts whose cover holds on that day: begun, not over, and not paused then."""
    paused = ContractPause.objects.filter(Q(to_on=None) | Q(to_on__gte=on), contract_id=OuterRef(f"{prefix}id"), from_on__lte=on)
    return rows.filter(
        ~Exists(paused), **{f"{prefix}status__in": sorted(COVERING), f"{prefix}starts_on__lte": on, f"{prefix}ends_on__gte": on}
    )


def tell_contracts(promises: Iterable[Mapping]) -> dict[int, str]:
    """What desk and engineer must know of these contracts (as decisions keep them): limits and what is left; one statement."""
    by_id = {promise["id"]: promise for promise in promises if promise}
    if not by_id:
        return {}
    left: dict[int, list[str]] = {}
    for row in QuotaBalance.objects.filter(contract_id__in=list(by_id)).order_by("-kind_of"):
        told = _("%(kind)s剩 %(left)s") % {"kind": row.get_kind_of_display(), "left": shown(row.left_qty)}
        left.setdefault(row.contract_id, []).append(told)
    return {pk: " · ".join([promise["number"], *_limits(promise), *left.get(pk, [])]) for pk, promise in by_id.items()}


def _limits(promise: Mapping) -> list[str]:
    found = []
    if promise.get("respond_minutes"):
        found.append(_("响应 %(n)s 工作分钟") % {"n": promise["respond_minutes"]})
    if promise.get("repair_minutes"):
        found.append(_("修复 %(n)s 工作分钟") % {"n": promise["repair_minutes"]})
    return found
