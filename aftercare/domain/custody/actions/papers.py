"""Borrowed papers: drawings, manuals, files; the register and the lending to an employee."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts
from aftercare.domain.custody.actions import giving
from aftercare.domain.custody.lifecycle import PAPER
from aftercare.domain.custody.models import Paper
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken

_EDITED = {"number", "title", "kind_of", "secrecy", "edition", "place", "note"}


def create_paper(
    *, number: str, title: str, branch_id: int, kind_of: str = Paper.Kind.MANUAL, secrecy: str = Paper.Secrecy.OPEN,
    edition: str = "", place: str = "", note: str = "", actor: Actor, at: dt.datetime,
) -> Paper:
    """Put a paper into the register under the company's own number; refuses `already_exists` for it."""
    fields = _checked(dict(number=number, title=title, kind_of=kind_of, secrecy=secrecy, edition=edition, place=place, note=note))
    try:
        with transaction.atomic():
            return open_new(Paper(branch_id=branch_id, **fields), actor=actor, at=at, permission=permissions.KEEP,
                            verb="custody.paper.register")
    except IntegrityError as error:
        raise _taken(fields["number"]) from error


def edit_paper(paper: Paper, *, version: int, actor: Actor, at: dt.datetime, **fields: Any) -> Paper:
    """Change what is written of it."""
    if unknown := set(fields) - _EDITED:
        raise TypeError(f"not to be edited: {sorted(unknown)}")
    try:
        with transaction.atomic():
            return revise(paper, actor=actor, at=at, permission=permissions.KEEP, version=version, **_checked(fields))
    except IntegrityError as error:
        raise _taken(fields.get("number", paper.number)) from error


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    for name, missing in (("number", _("请填写资料编号")), ("title", _("请填写资料名称"))):
        if name in fields:
            fields[name] = fields[name].strip()
            if not fields[name]:
                raise RuleBroken(missing, code=f"{name}_missing", field=name)
    if "/" in fields.get("number", ""):
        raise RuleBroken(_("资料编号不能含「/」"), code="bad_number", field="number")
    for name, known in (("kind_of", Paper.Kind.values), ("secrecy", Paper.Secrecy.values)):
        if name in fields and fields[name] not in known:
            raise RuleBroken(_("没有这种类型"), code="no_such_kind", field=name)
    return fields


def _taken(number: str) -> RuleBroken:
    return RuleBroken(_("已有编号为「%(number)s」的资料") % {"number": number}, code="already_exists", field="number")


def lend_paper(paper: Paper, *, version: int | None = None, actor: Actor, at: dt.datetime, **given: Any):
    """Lend it to an employee: `employee`, `due_on` (default by the rule), `signed_name`, `signature`, `note`.

    Refuses what somebody has (`already_out`). Gives back the row of the ledger.
    """
    giving.require_free(paper)
    return _lend(paper, version=version, actor=actor, at=at, **given).holding


@PAPER.move("lend")
def _lend(paper: Paper, *, actor: Actor, at: dt.datetime, employee: Any, due_on: dt.date | None = None, **given: Any):
    return _put(paper, employee, due_on, actor, at, **given)


def _put(paper: Paper, employee: Any, due_on: dt.date | None, actor: Actor, at: dt.datetime, **given: Any):
    if employee is None:
        raise RuleBroken(_("请选择借阅人"), code="employee_missing", field="employee")
    due = due_on or giving.today_at(paper.branch_id, at) + dt.timedelta(days=giving.rule_of(paper).paper_days)
    item = " ".join(filter(None, (paper.number, paper.title, paper.edition)))
    holding = giving.give(paper, item=item, employee=employee, due_on=due, actor=actor, at=at, **given)
    revise(paper, holding=holding)
    return facts.ThingGiven(holding.pk, "paper", holding.item, holding.holder, due.isoformat())


@PAPER.move("come_in")
def come_in(paper: Paper, *, actor: Actor, at: dt.datetime):
    """It is in its place again. Follows from the row of the ledger."""
    revise(paper, holding=None)


@PAPER.move("pass_on")
def pass_on(paper: Paper, *, actor: Actor, at: dt.datetime, employee: Any, due_on: dt.date | None = None, **given: Any):
    """Straight from one employee to another."""
    return _put(paper, employee, due_on, actor, at, **given)


@PAPER.move("lose")
def lose_paper(paper: Paper, *, actor: Actor, at: dt.datetime):
    """Its borrower cannot give it back."""
    revise(paper, holding=None)


@PAPER.move("find_again")
def find_paper(paper: Paper, *, actor: Actor, at: dt.datetime, reason: str):
    """It was found."""
    _require_reason(reason)


@PAPER.move("withdraw")
def withdraw_paper(paper: Paper, *, actor: Actor, at: dt.datetime, reason: str):
    """No longer valid, or destroyed: never lent again."""
    _require_reason(reason)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing", field="reason")
