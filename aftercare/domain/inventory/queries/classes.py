"""Classes of parts, read, and the figures they are made of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Round, TruncMonth
from django.utils.translation import gettext as _

from aftercare.domain.inventory.models import Classification, PartClass, Place, StockMove
from aftercare.foundation import quantity
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

ZERO = Decimal(0)


def list_classifications(actor: Actor) -> QuerySet[Classification]:
    """The computations the actor may see, the newest first."""
    return visible(Classification, actor).select_related("branch").order_by("-month", "branch__number")


def get_classification(pk: int, actor: Actor) -> Classification:
    """That computation; refuses one that is not seen."""
    found = list_classifications(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有找到这次分类"), kind="inventory.classification")
    return found


def list_classes(actor: Actor) -> QuerySet[PartClass]:
    """Parts with their classes in all computations the actor may see."""
    return visible(PartClass, actor).select_related("part", "classification__branch")


def newest_classifications(actor: Actor) -> list[int]:
    """The newest computation of each branch, by id."""
    newest: dict[int, int] = {}
    for pk, branch_id in list_classifications(actor).order_by("month").values_list("pk", "branch_id"):
        newest[branch_id] = pk
    return sorted(newest.values())


class Cell(NamedTuple):
    """One of the nine fields of the matrix: how many parts, what of them was used and what lies there, in money."""

    parts: int
    usage_amount: Decimal
    stock_amount: Decimal


def class_matrix(classification: Classification) -> dict[tuple[str, str], Cell]:
    """The nine fields by (ABC, XYZ); all of them, also where there is no part."""
    rows = PartClass.objects.filter(classification=classification).order_by().values_list("abc", "xyz")
    rows = rows.annotate(n=Count("pk"), used=Round(Sum("usage_amount"), 6), here=Round(Sum("stock_amount"), 6))
    found = {(abc, xyz): Cell(n, used, here) for abc, xyz, n, used, here in rows}
    return {(abc, xyz): found.get((abc, xyz), Cell(0, ZERO, ZERO)) for abc in "ABC" for xyz in "XYZ"}


def classes_of(branch_id: int, part_ids: Iterable[int] | None = None) -> dict[int, PartClass]:
    """The newest class of each part in the branch, by part id."""
    newest = Classification.objects.filter(branch_id=branch_id).order_by("-month").first()
    if newest is None:
        return {}
    rows = PartClass.objects.filter(classification=newest)
    if part_ids is not None:
        rows = rows.filter(part_id__in=list(part_ids))
    return {row.part_id: row for row in rows}


def newest_letters(actor: Actor) -> dict[tuple[int, int], str]:
    """The newest letters of each part (`AX`), by (branch, part), in the branches whose classes the actor may see. Two statements."""
    rows = list_classes(actor).filter(classification_id__in=newest_classifications(actor)).order_by()
    return {(branch, part): abc + xyz for branch, part, abc, xyz in rows.values_list("classification__branch_id", "part_id", "abc", "xyz")}


def abc_of(branch_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """The newest ABC letter of each part, by (branch, part). Two statements."""
    newest: dict[int, int] = {}
    heads = Classification.objects.filter(branch_id__in=list(branch_ids)).order_by("month").values_list("pk", "branch_id")
    for pk, branch_id in heads:
        newest[branch_id] = pk
    rows = PartClass.objects.filter(classification_id__in=newest.values()).values_list("classification__branch_id", "part_id", "abc")
    return {(branch, part): letter for branch, part, letter in rows}


def class_history(part_id: int, actor: Actor, *, limit: int = 12) -> list[PartClass]:
    """A part's classes in the branches the actor may see, the newest first."""
    rows = list_classes(actor).filter(part_id=part_id).order_by("-classification__month", "classification__branch__number")
    return list(rows[:limit])


def monthly_usage(
    *, since: dt.date, until: dt.date, branch_id: int | None = None, place_ids: Iterable[int] | None = None
) -> dict[tuple[int, int], dict[dt.date, tuple[Decimal, Decimal]]]:
    """What customers got, by (branch, part) and month (its first day): quantity and cost, what they gave back taken off.

    Moves count on the day on which they stand in the books, `until` included. Two statements.
    """
    found: dict[tuple[int, int], dict[dt.date, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for here, there, sign in (("from", "to", 1), ("to", "from", -1)):
        rows = StockMove.objects.filter(day__gte=since, day__lte=until, **{f"{there}_place__kind_of": Place.Kind.CUSTOMER})
        if branch_id is not None:
            rows = rows.filter(**{f"{here}_place__branch_id": branch_id})
        if place_ids is not None:
            rows = rows.filter(**{f"{here}_place_id__in": list(place_ids)})
        rows = rows.order_by().annotate(month=TruncMonth("day")).values_list(f"{here}_place__branch_id", "part_id", "month")
        for branch, part, month, qty, value in rows.annotate(n=quantity.summed("qty"), cost=Round(Sum(F("qty") * F("unit_cost")), 6)):
            before = found[branch, part].get(month, (ZERO, ZERO))
            found[branch, part][month] = (before[0] + sign * qty, before[1] + sign * value)
    return found
