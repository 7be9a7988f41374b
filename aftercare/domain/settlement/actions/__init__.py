"""Every write of this room."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.settlement import access as permissions
from aftercare.domain.settlement import facts, queries, rules
from aftercare.domain.settlement.actions.rates import (  # noqa: F401  part of this room's actions
    create_deduction,
    create_rate,
    edit_deduction,
    edit_rate,
)
from aftercare.domain.settlement.lifecycle import STATEMENT
from aftercare.domain.settlement.models import Accrual, Statement
from aftercare.foundation import money, numbering, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.clock import local_day
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import race, step

_SYSTEM = Actor.system("settlement")


def accrue(work: rules.AuditedWork, *, actor: Actor, at: dt.datetime) -> list[Accrual]:
    """Book what an engineer earns and loses by an audited order, each line with its explanation.

    Booked in the month of the audit, or in the next one that is not locked. The same work twice books once.
    The caller has shown that the order may be audited; no permission of this room is asked.
    """
    with step():
        first = queries.find_first_jobs(work.repeat_of) if work.is_repeat and work.repeat_of else []
        lines = rules.calculate_lines(work, queries.find_rates(work), queries.find_deductions(work.audited_on), first)
        keys = {line.key for line in lines}
        earlier = statements.read(Accrual.objects.all, source_kind=work.source.kind, source_id=work.source.id)
        booked = [row for row in earlier if row.key in keys]
        if booked:
            return booked
        month = rules.month_of(work.audited_on)
        months = _booking_months({line.employee_id for line in lines}, month, at)
        return statements.insert_all(
            Accrual(
                employee_id=line.employee_id, branch_id=line.branch_id, month=months[line.employee_id].month, at=at,
                kind_of=line.kind, amount=line.amount, source_kind=work.source.kind, source_id=work.source.id,
                source_number=work.source.number, key=line.key, explanation=line.explanation, deducts_id=line.deducts_id,
            )
            for line in lines
        )


def reverse_accruals(source: Source, *, actor: Actor, at: dt.datetime, reason: str = "") -> list[Accrual]:
    """Take back every line of a source that stands; a second call finds nothing left.

    A line of a locked month is taken back in the next open month: what was paid stays as it was paid.
    """
    with step():
        standing = list(
            Accrual.objects.filter(source_kind=source.kind, source_id=source.id, reverses=None, reversal=None).order_by("id")
        )
        back = []
        for line in standing:
            statement = _booking_months({line.employee_id}, line.month, at)[line.employee_id]
            steps = [["reverses", f"{line.source_number} {line.key}"], ["amount", str(-line.amount)]]
            if reason:
                steps.insert(0, ["reason", reason])
            back.append(
                Accrual(
                    employee_id=line.employee_id, branch_id=line.branch_id, month=statement.month, at=at,
                    kind_of=line.kind_of, amount=-line.amount, currency=line.currency, source_kind=source.kind,
                    source_id=source.id, source_number=line.source_number, key=f"reverse:{line.pk}",
                    explanation={"rule": None, "steps": steps}, deducts_id=line.deducts_id, reverses=line,
                )
            )
        return Accrual.objects.bulk_create(back)


def reward(employee_id: int, *, amount: Decimal, reason: str, day: dt.date, actor: Actor, at: dt.datetime,
           key: str = "") -> Accrual:
    """Give an engineer a reward; `key` makes a repeated call book once."""
    return _adjust(Accrual.Kind.REWARD, employee_id, amount, reason, day, actor, at, key)


def penalise(employee_id: int, *, amount: Decimal, reason: str, day: dt.date, actor: Actor, at: dt.datetime,
             key: str = "") -> Accrual:
    """Take a penalty (a positive amount) off an engineer's month; `key` makes a repeated call book once."""
    return _adjust(Accrual.Kind.PENALTY, employee_id, amount, reason, day, actor, at, key)


@transaction.atomic
def _adjust(kind: str, employee_id: int, amount: Decimal, reason: str, day: dt.date, actor: Actor, at: dt.datetime,
            key: str) -> Accrual:
    amount = money.require_amount(amount, field="amount", minimum=Decimal("0.01"))
    if not reason.strip():
        raise RuleBroken(_("请写明事由"), code="reason_required", field="reason")
    month = rules.month_of(day)
    statement = _booking_months({employee_id}, month, at)[employee_id]
    actor.require(permissions.ADJUST, branch_id=statement.branch_id)
    _require_other(actor, employee_id)
    key = f"{kind}:{key or uuid.uuid4().hex}"
    source = Source.of(statement)
    found = Accrual.objects.filter(source_kind=source.kind, source_id=source.id, key=key).first()
    if found:
        return found
    signed = amount if kind == Accrual.Kind.REWARD else -amount
    line = Accrual.objects.create(
        employee_id=employee_id, branch_id=statement.branch_id, month=statement.month, at=at, kind_of=kind,
        amount=signed, source_kind=source.kind, source_id=source.id, source_number=source.number, key=key,
        explanation={"rule": None, "steps": [["reason", reason.strip()], ["amount", str(signed)]]},
    )
    record_about(
        statement, verb=f"settlement.{kind}", actor=actor, at=at, note=reason,
        fact=facts.AccrualBooked(employee_id, statement.month.isoformat(), kind, str(signed), reason),
    )
    return line


def deduct(employee_id: int, *, amount: Decimal, reason: str, source: Source, key: str, day: dt.date, actor: Actor,
           at: dt.datetime) -> Accrual:
    """Take a penalty (a positive amount) off an engineer's month for a document; the same source and key book once.

    `reverse_accruals` of the source takes it back. The caller has shown that it may be charged; no permission is asked.
    """
    amount = money.require_amount(amount, field="amount", minimum=Decimal("0.01"))
    with step():
        found = Accrual.objects.filter(source_kind=source.kind, source_id=source.id, key=key).first()
        if found:
            return found
        statement = _booking_months({employee_id}, rules.month_of(day), at)[employee_id]
        return Accrual.objects.create(
            employee_id=employee_id, branch_id=statement.branch_id, month=statement.month, at=at, kind_of=Accrual.Kind.PENALTY,
            amount=-amount, source_kind=source.kind, source_id=source.id, source_number=source.number, key=key,
            explanation={"rule": None, "steps": [["reason", reason], ["amount", str(-amount)]]},
        )


@transaction.atomic
def open_statement(employee_id: int, month: dt.date, *, actor: Actor, at: dt.datetime) -> Statement:
    """The engineer's statement of that month, begun when there is none, with totals of the lines so far."""
    statement = _find(employee_id, rules.month_of(month)) or _begin(employee_id, rules.month_of(month), at)
    actor.require(permissions.MANAGE, branch_id=statement.branch_id)
    if statement.status == Statement.Status.LOCKED:
        return statement
    return refresh_statement(statement, actor=actor, at=at)


@STATEMENT.move("refresh")
def refresh_statement(statement: Statement, *, actor: Actor, at: dt.datetime):
    """Bring wage and totals up to date with the lines."""
    _put_totals(statement)


def refresh_stale(*, at: dt.datetime) -> int:
    """Bring every open statement up to date that has new lines; gives back how many. Made by the clock, every few minutes."""
    done = 0
    for statement in queries.list_stale():
        with contextlib.suppress(WrongState, NotFound):  # locked meanwhile: it was closed with all its lines
            refresh_statement(statement, actor=_SYSTEM, at=at)
            done += 1
    return done


def refresh_month(month: dt.date, *, actor: Actor, at: dt.datetime) -> int:
    """Refresh every open statement of a month that the actor may manage; gives back how many."""
    actor.require_anywhere(permissions.MANAGE)
    statements = queries.list_statements(actor, month=month).exclude(status=Statement.Status.LOCKED)
    done = 0
    for statement in statements:
        if actor.may(permissions.MANAGE, branch_id=statement.branch_id):
            refresh_statement(statement, actor=actor, at=at)
            done += 1
    return done


@STATEMENT.move("appeal")
def appeal(statement: Statement, *, actor: Actor, at: dt.datetime, reason: str):
    """The engineer does not agree and says why."""
    if not reason.strip():
        raise RuleBroken(_("请写明事由"), code="reason_required", field="reason")
    if actor.employee_id is not None and actor.employee_id != statement.employee_id:
        raise NotAllowed(_("只能对自己的结算单提出异议"), code="not_own_statement")
    revise(statement, appeal=reason.strip())
    return facts.StatementAppealed(statement.pk, reason.strip())


@STATEMENT.move("resolve")
def resolve_appeal(statement: Statement, *, actor: Actor, at: dt.datetime, reason: str):
    """Answer an appeal; what is owed is booked as a reward or penalty, the totals are taken anew."""
    if not reason.strip():
        raise RuleBroken(_("请写明处理结果"), code="reason_required", field="reason")
    _require_other(actor, statement.employee_id)
    _put_totals(statement)


@STATEMENT.move("lock")
def lock_statement(statement: Statement, *, actor: Actor, at: dt.datetime):
    """Close the month after review: totals are fixed, whatever comes later is booked in the next month."""
    _require_other(actor, statement.employee_id)
    if local_day(at, statement.branch.zone) < rules.next_month(statement.month):
        raise RuleBroken(_("本月尚未结束，不能锁定"), code="month_not_over")
    totals = _put_totals(statement)
    revise(statement, locked_at=at)
    return facts.StatementLocked(
        statement.pk, statement.employee_id, statement.month.isoformat(), str(totals.commission_amount),
        str(totals.deduction_amount), str(totals.total_amount), totals.last_accrual,
    )


def _put_totals(statement: Statement) -> rules.Totals:
    revise(statement, base_amount=statement.employee.wage_amount)
    # While it is being locked it counts as locked already, with the lines it was last brought up to date with.
    totals = queries.calculate_totals(statement, queries.lines_of_month(statement))
    revise(
        statement, commission_amount=totals.commission_amount, deduction_amount=totals.deduction_amount,
        total_amount=totals.total_amount, orders=totals.orders, last_accrual=totals.last_accrual,
    )
    return totals


def _require_other(actor: Actor, employee_id: int) -> None:
    if actor.employee_id == employee_id:
        raise NotAllowed(_("不能审核或调整自己的结算单"), code="own_statement")


def _booking_months(employee_ids: Iterable[int], month: dt.date, at: dt.datetime) -> dict[int, Statement]:
    """For each engineer his first statement from that month on that is not locked, begun when there is none.

    The statement's row is held until the transaction ends: a line never slips into a month while it is being locked.
    """
    return {pk: _booking_month(pk, month, at) for pk in sorted(employee_ids)}


def _booking_month(employee_id: int, month: dt.date, at: dt.datetime) -> Statement:
    while True:
        statement = _find(employee_id, month, hold=True) or _begin(employee_id, month, at)
        if statement.status != Statement.Status.LOCKED:
            return statement
        month = rules.next_month(month)


def _find(employee_id: int, month: dt.date, *, hold: bool = False) -> Statement | None:
    rows = Statement.objects.select_for_update if hold else Statement.objects.all
    return statements.find(rows, employee_id=employee_id, month=month)


def _begin(employee_id: int, month: dt.date, at: dt.datetime) -> Statement:
    statement = Statement(employee_id=employee_id, month=month)
    statement.branch_id, statement.base_amount = statement.employee.branch_id, statement.employee.wage_amount
    statement.total_amount = statement.base_amount
    try:
        with race():
            statement.number = numbering.take("ST", month)
            # A statement begins by itself with the first line; nobody's permission is in question.
            return open_new(statement, actor=_SYSTEM, at=at, permission=permissions.MANAGE)
    except IntegrityError:
        return _find(employee_id, month, hold=True)
