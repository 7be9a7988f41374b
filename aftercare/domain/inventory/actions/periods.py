"""Closing periods, keeping what lay where at their end, and the rules of a branch."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts, queries
from aftercare.domain.inventory.models import BranchRule, Period, Place
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, kept, money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import RuleBroken

# Who had begun to book before the closing has ended by then; only afterwards is written down what lay where.
SETTLED = dt.timedelta(minutes=10)


def close_period(*, closed_to: dt.date, branch_id: int | None, actor: Actor, at: dt.datetime) -> Period:
    """Refuse moves on or before that day from now on, for the branch or (None) for the whole company."""
    if not queries.may_close(actor, branch_id):
        actor.require(access.CLOSE_PERIOD, branch_id=branch_id)
    with transaction.atomic():
        # Two closings at once would not see each other's rows: they take their turns here.
        numbering.take("STOCK-PERIOD")
        newest = queries.closed_to([branch_id] if branch_id is not None else [])
        if newest is not None and closed_to <= newest:
            raise RuleBroken(_("该日期之前已结账"), code="closed_already", field="closed_to")
        if closed_to >= clock.local_day(at, people.zone_of(branch_id)):
            raise RuleBroken(_("只能结过去的日期"), code="day_not_over", field="closed_to")
        period = Period(branch_id=branch_id, closed_to=closed_to, closed_at=at, closed_by=actor.name[:80])
        period.save(force_insert=True)
        kept.change()
        record(Happening(
            verb="inventory.period.close", kind="inventory.period", id=period.pk, number=f"{closed_to}", branch_id=branch_id,
            actor=actor, at=at, fact=facts.PeriodClosed(branch_id, f"{closed_to}"),
        ))
    return period


_KEEP = """
INSERT INTO inventory_snapshot (day, place_id, part_id, condition, lot, qty)
SELECT %s, place_id, part_id, condition, lot, ROUND(SUM(qty), 3) FROM (
  SELECT place_id, part_id, condition, lot, qty FROM inventory_snapshot WHERE day = %s
  UNION ALL SELECT to_place_id, part_id, to_condition, lot, qty FROM inventory_stockmove WHERE day > %s AND day <= %s
  UNION ALL SELECT from_place_id, part_id, from_condition, lot, -qty FROM inventory_stockmove WHERE day > %s AND day <= %s
) AS rows WHERE place_id IN ({places}) GROUP BY place_id, part_id, condition, lot HAVING ROUND(SUM(qty), 3) <> 0
ON CONFLICT DO NOTHING"""


def keep_closed_stock(*, at: dt.datetime) -> int:
    """Write down what lay where at the end of each closed day that has none yet; gives back how many days were kept."""
    done = 0
    for period in Period.objects.filter(is_kept=False, closed_at__lte=at - SETTLED).order_by("closed_to", "pk"):
        with transaction.atomic():
            _keep(period)
            Period.objects.filter(pk=period.pk).update(is_kept=True)
        done += 1
    return done


def _keep(period: Period) -> None:
    places = Place.objects.exclude(kind_of__in=Place.OUTSIDE)
    before = Period.objects.filter(branch_id=period.branch_id, is_kept=True, closed_to__lt=period.closed_to)
    if period.branch_id is not None:
        places = places.filter(branch_id=period.branch_id)
    ids = list(places.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return
    # A place that came to the branch since the last closing has no snapshot then, and no moves before it either.
    last = before.order_by("-closed_to").values_list("closed_to", flat=True).first() or dt.date(1, 1, 1)
    last, end = (connection.ops.adapt_datefield_value(day) for day in (last, period.closed_to))
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.format(places=", ".join(["%s"] * len(ids))), [end, last, last, end, last, end, *ids])


def set_rule(
    branch_id: int, *, two_person_amount: Decimal | None, back_days: int, version: int | None = None, actor: Actor, at: dt.datetime
) -> BranchRule:
    """From which value on a document needs two people (None: never), and how many days back its day may lie."""
    if two_person_amount is not None:
        two_person_amount = money.require_amount(two_person_amount, field="two_person_amount")
    if not 0 <= back_days <= 366:
        raise RuleBroken(_("可补记天数应在 0 到 366 之间"), code="bad_days", field="back_days")
    rule = queries.rule_of(branch_id)
    if rule.pk is None:
        rule.two_person_amount, rule.back_days = two_person_amount, back_days
        return open_new(rule, actor=actor, at=at, permission=access.EDIT_RULES)
    return revise(rule, actor=actor, at=at, permission=access.EDIT_RULES, version=version,
                  two_person_amount=two_person_amount, back_days=back_days)
