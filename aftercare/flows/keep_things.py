"""Tools and papers in employees' hands: what is damaged or lost is charged to the month, and nobody leaves with them unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.domain.settlement import actions as settlement
from aftercare.flows import attachments, lending
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import whole


@whole()
def take_back(holding, *, version: int | None = None, actor: Actor, at: dt.datetime, **found: Any):
    """A tool or paper is back; what its holder pays for damage is taken off his month. Values as of `custody.take_back`."""
    holding = custody.take_back(holding, version=version, actor=actor, at=at, **found)
    _charge(holding, actor, at)
    return holding


@whole()
def lose(holding, *, reason: str, compensation_amount: Decimal = Decimal(0), version: int | None = None, actor: Actor, at: dt.datetime):
    """Its holder cannot give it back; what he pays for it is taken off his month."""
    holding = custody.lose(holding, reason=reason, compensation_amount=compensation_amount, version=version, actor=actor, at=at)
    _charge(holding, actor, at)
    return holding


def _charge(holding, actor: Actor, at: dt.datetime) -> None:
    """The right to take things back is the right to say what they cost; one's own month one does not charge or spare."""
    if not holding.compensation_amount:
        return
    day = clock.local_day(at, staff.zone_of(holding.branch_id))
    reason = wording.stored(lambda: _("%(item)s 赔偿：%(why)s") % {"item": holding.item, "why": holding.damage})
    settlement.penalise(
        holding.employee_id, amount=holding.compensation_amount, reason=reason[:200], day=day, key=f"holding:{holding.pk}",
        actor=lending.trusted(actor), at=at,
    )


@whole()
def calibrate(tool, *, certificate_file: str = "", version: int | None = None, actor: Actor, at: dt.datetime, **given: Any):
    """Write a calibration down; `certificate_file` is the number of one of the tool's files, or of one just handed in."""
    if certificate_file:
        attachments.bind([certificate_file], subject=tool, actor=actor, at=at)
        if certificate_file not in {file.number for file in attachments.list_of(tool, actor=actor)}:
            raise RuleBroken(_("没有这份附件，请先在工具页面上传"), code="no_such_file", field="certificate_file")
    return custody.calibrate(tool, file_number=certificate_file, version=version, actor=actor, at=at, **given)


@whole()
def hand_over_all(
    employee, *, successor, numbers: Iterable[str] | None = None, note: str = "", actor: Actor, at: dt.datetime
) -> list:
    """All that an employee has (or the rows of these numbers) goes to a successor, all or nothing; gives back the new rows.

    Refuses when he has nothing (`nothing_in_hands`). Each thing's own right is asked.
    """
    rows = things.list_in_hands(employee.pk)
    if numbers is not None:
        wanted = set(numbers)
        rows = [row for row in rows if row.number in wanted]
    if not rows:
        raise RuleBroken(_("%(name)s 手里没有要移交的物品") % {"name": employee.name}, code="nothing_in_hands")
    note = note.strip() or _("离岗移交")
    today = clock.local_day(at, staff.zone_of(employee.branch_id))
    return [
        # What is late already is due anew, by the rule; what has no day keeps none.
        custody.hand_over(row, employee=successor, due_on=row.due_on if row.due_on and row.due_on >= today else None, note=note,
                          actor=actor, at=at).passed_to
        for row in rows
    ]


@whole()
def leave(employee, *, on: dt.date, version: int, reason: str = "", actor: Actor, at: dt.datetime):
    """He leaves on that day. While things are in his hands the rule of his branch forbids it, or wants a written reason.

    Refuses `things_in_hands`; with a reason that the rule takes, the reason stands on each thing's row.
    """
    # First he leaves, then it is looked what he has: his row is held now, so that nothing is given to him meanwhile.
    left = people.leave(employee, version=version, on=on, actor=actor, at=at)
    rows = things.list_in_hands(employee.pk)
    if rows:
        rule = things.rule_at(employee.branch_id)
        if rule.leaving == "block" or not reason.strip():
            raise RuleBroken(
                _("%(name)s 手里还有 %(n)s 件工具或资料未还：%(items)s。请先归还或移交") % {
                    "name": employee.name, "n": len(rows), "items": _("、").join(row.item for row in rows[:5])},
                code="things_in_hands", field=None if rule.leaving == "block" else "reason", count=len(rows),
            )
        for row in rows:
            custody.note_holding(row, text=reason, actor=lending.trusted(actor), at=at)
    return left
