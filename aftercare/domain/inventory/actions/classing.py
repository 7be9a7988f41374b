"""Putting the parts of a branch into classes: ABC by usage value, XYZ by how evenly it is used; once a month, or when asked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.inventory import access, facts, queries, rules
from aftercare.domain.inventory.models import Classification, Cost, PartClass, Place
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.transactions import step

ZERO = Decimal(0)
MONTHS = 12
_BATCH = 500


def months_before(month: dt.date, count: int = MONTHS) -> list[dt.date]:
    """The first days of so many months before that one, the oldest first."""
    number = month.year * 12 + month.month - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(number - count, number)]


def classify(branch_id: int, *, actor: Actor, at: dt.datetime) -> Classification:
    """Class the parts of a branch for the present month, by what customers got in the twelve whole months before it.

    Classed are parts that were used then or are in stock. A second time in the same month replaces the first, with the
    thresholds of today; earlier months stay as they were.
    """
    actor.require(access.CLASSIFY, branch_id=branch_id)
    month = clock.local_day(at, people.zone_of(branch_id)).replace(day=1)
    rule = queries.count_rule_of(branch_id)
    with step():
        # Two at once would both write the same month: they take their turns here.
        numbering.take("STOCK-CLASS")
        rows = _rows(branch_id, month, rule)
        told = {"a_percent": rule.a_percent, "b_percent": rule.b_percent, "x_variation": rule.x_variation, "y_variation": rule.y_variation,
                "parts": len(rows), "computed_at": at, "computed_by": actor.name[:80]}
        fact = facts.PartsClassified(branch_id, f"{month:%Y-%m}", len(rows))
        head = Classification.objects.filter(branch_id=branch_id, month=month).first()
        if head is None:
            head = open_new(Classification(branch_id=branch_id, month=month, **told), actor=actor, at=at, permission=access.CLASSIFY, fact=fact)
        else:
            head = revise(head, actor=actor, at=at, permission=access.CLASSIFY, fact=fact, **told)
            PartClass.objects.filter(classification=head).delete()
        for row in rows:
            row.classification = head
        PartClass.objects.bulk_create(rows, batch_size=_BATCH)
    return head


def classify_all(*, actor: Actor, at: dt.datetime) -> int:
    """Class every branch that has stores and no classes of this month yet; gives back how many were done."""
    branches = Place.objects.exclude(branch=None).order_by("branch_id").values_list("branch_id", flat=True).distinct()
    done = 0
    for branch_id in branches:
        month = clock.local_day(at, people.zone_of(branch_id)).replace(day=1)
        if not Classification.objects.filter(branch_id=branch_id, month=month).exists():
            classify(branch_id, actor=actor, at=at)
            done += 1
    return done


def _rows(branch_id: int, month: dt.date, rule) -> list[PartClass]:
    months = months_before(month)
    used = {
        part_id: by_month
        for (_branch, part_id), by_month in queries.monthly_usage(
            since=months[0], until=month - dt.timedelta(days=1), branch_id=branch_id
        ).items()
    }
    stock = {row.part_id: row for row in Cost.objects.filter(branch_id=branch_id)}
    usages = [
        rules.Usage(part_id, sum((value for _qty, value in used.get(part_id, {}).values()), ZERO),
                    tuple(used.get(part_id, {}).get(one, (ZERO, ZERO))[0] for one in months))
        for part_id in sorted(used.keys() | {part_id for part_id, row in stock.items() if row.qty})
    ]
    ranked = rules.rank_by_value(usages, rule.a_percent, rule.b_percent)
    rows = []
    for one in usages:
        spread, place, here = rules.variation(one.months), ranked[one.part_id], stock.get(one.part_id)
        rows.append(PartClass(
            part_id=one.part_id, abc=place.letter, xyz=rules.letter_of_variation(spread, rule.x_variation, rule.y_variation),
            rank=place.rank, usage_qty=sum(one.months, ZERO), usage_amount=one.value, share_percent=place.share, variation=spread,
            stock_qty=here.qty if here else ZERO, stock_amount=here.value_amount if here else ZERO,
        ))
    return rows
