"""Every write of the books: `post` is the only writer of entries, lines and balances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from aftercare.domain.ledger import access, facts, queries, rules
from aftercare.domain.ledger.models import Account, Chart, Entry, Line, Period
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, kept, money, statements
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

# (account code, party (kind, id) or None, amount): positive debits, negative credits
PostLine = tuple[str, tuple[str, int] | None, Decimal]


def post(
    *, source: Source, key: str, at: dt.datetime, lines: Sequence[PostLine], actor: Actor, branch_id: int,
    memo: str = "", currency: str = money.CURRENCY, day: dt.date | None = None,
) -> Entry:
    """Book lines that sum to zero; the same source and key a second time change nothing and give back the first entry.

    It is booked on the branch's local day of `at` (`day`, when the caller has worked it out), or on the first open day
    when that day is closed; `at` stays true.
    """
    sides = rules.merged(_checked(lines, currency))
    return _post(source, key, at, sides, actor, branch_id, memo, currency, day=day)


def reverse(entry: Entry, *, key: str, actor: Actor, at: dt.datetime, memo: str = "") -> Entry:
    """Take a booking back by its mirror image, once. The same key again gives back the first reversal.

    Refuses a second reversal (`reversed_already`) and the reversal of a reversal.
    """
    if entry.reverses_id:
        raise WrongState(_("冲销凭证不能再冲销"), code="reversal_of_reversal")
    source = Source(entry.source_kind, entry.source_id, entry.source_number)
    booked = Line.objects.filter(entry=entry)
    lines = list(booked.values_list("account__code", "party_kind", "party_id", "amount", "currency"))
    sides = [rules.Side(code, kind, number, -amount) for code, kind, number, amount, _currency in lines]
    return _post(source, key, at, sorted(sides), actor, entry.branch_id, memo, lines[0][4], reverses=entry)


def reverse_entry(entry_id: int, *, actor: Actor, at: dt.datetime, reason: str) -> Entry:
    """An accountant takes a booking back by hand; a reason must be given."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    entry = visible(Entry, actor, access.REVERSE).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(_("没有找到凭证"), kind="ledger.entry")
    with transaction.atomic():
        reversal = reverse(entry, key=f"reverse:{entry.pk}", actor=actor, at=at, memo=reason)
        record(Happening(
            verb="ledger.entry.reverse", kind="ledger.entry", id=entry.pk, number=entry.source_number,
            branch_id=entry.branch_id, actor=actor, at=at, fact=facts.EntryReversed(entry.pk, reversal.pk), note=reason,
            mentions=((entry.source_kind, entry.source_id),),
        ))
    return reversal


def ensure_accounts() -> dict[str, int]:
    """The chart of accounts, made where it lacks; code -> id."""
    missing = set(Chart.values) - set(Account.objects.values_list("code", flat=True))
    if missing:
        with translation.override("zh-hans"):
            insert_once([Account(code=code, name=str(Chart(code).label)) for code in sorted(missing)])
        kept.change()
    return dict(Account.objects.values_list("code", "pk"))


def close_period(*, closed_to: dt.date, branch_id: int | None, actor: Actor, at: dt.datetime) -> Period:
    """Refuse bookings on or before that day from now on, for the branch or (None) for the whole company."""
    if branch_id is None:
        reach = actor.reach(access.CLOSE_PERIOD)
        if reach is None or not reach.everywhere:
            actor.require(access.CLOSE_PERIOD, branch_id=None)
    else:
        actor.require(access.CLOSE_PERIOD, branch_id=branch_id)
    with transaction.atomic():
        rows = Period.objects.filter(branch_id=branch_id)
        newest = rows.order_by("-closed_to").first()
        if newest is not None and closed_to <= newest.closed_to:
            raise RuleBroken(_("该日期之前已结账"), code="closed_already", field="closed_to")
        if closed_to >= clock.local_day(at, actor.zone):
            raise RuleBroken(_("只能结过去的日期"), code="day_not_over", field="closed_to")
        period = Period(branch_id=branch_id, closed_to=closed_to, closed_at=at, closed_by=actor.name[:80])
        period.save(force_insert=True)
        kept.change()
        record(Happening(
            verb="ledger.period.close", kind="ledger.period", id=period.pk, number=f"{closed_to}", branch_id=branch_id,
            actor=actor, at=at, fact=facts.PeriodClosed(branch_id, f"{closed_to}"),
        ))
    return period


def _checked(lines: Sequence[PostLine], currency: str) -> list[PostLine]:
    for _account, _party, amount in lines:
        if not isinstance(amount, Decimal) or money.rounded(amount, currency) != amount:
            raise RuleBroken(_("金额最多两位小数"), code="amount_too_fine", field="amount")
    return list(lines)


def _post(
    source: Source, key: str, at: dt.datetime, sides: list[rules.Side], actor: Actor, branch_id: int, memo: str,
    currency: str, *, reverses: Entry | None = None, day: dt.date | None = None,
) -> Entry:
    if not sides or rules.imbalance(sides):
        raise RuleBroken(_("借贷不平"), code="not_balanced", field="lines")
    day = day or clock.local_day(at, people.zone_of(branch_id))
    with transaction.atomic(savepoint=False):
        accounts = _account_ids({side.account for side in sides})
        entry = Entry(
            at=at, day=rules.booking_day(day, queries.closed_to(branch_id)), branch_id=branch_id, source_kind=source.kind,
            source_id=source.id, source_number=source.number, key=key, memo=memo[:200], actor_name=actor.name[:80],
            reverses=reverses,
        )
        if not insert_once([entry]):
            return _booked_already(source, key, sides, reverses)
        statements.insert_all([
            Line(entry=entry, account_id=accounts[side.account], party_kind=side.party_kind, party_id=side.party_id,
                 currency=currency, amount=side.amount)
            for side in sides
        ])
        _add_up(sides, accounts, currency)
    return entry


def _account_ids(codes: set[str]) -> dict[str, int]:
    chart = kept.setting("ledger.accounts", lambda: dict(Account.objects.values_list("code", "pk")))
    found = {code: chart[code] for code in codes if code in chart}
    if len(found) != len(codes):
        found = ensure_accounts()
    unknown = codes - set(found)
    if unknown:
        raise RuleBroken(_("没有这个科目：%(code)s") % {"code": min(unknown)}, code="no_account", field="lines")
    return found


def _booked_already(source: Source, key: str, sides: list[rules.Side], reverses: Entry | None) -> Entry:
    entry = queries.find_entry(source, key)
    if entry is None:
        raise WrongState(_("这张凭证已冲销"), code="reversed_already")
    booked = Line.objects.filter(entry=entry).values_list("account__code", "party_kind", "party_id", "amount")
    same_target = entry.reverses_id == (reverses.pk if reverses else None)
    if not same_target or sorted(rules.Side(*line) for line in booked) != sorted(sides):
        raise WrongState(_("这个业务键已用于另一张凭证"), code="key_reused")
    return entry


def _add_up(sides: list[rules.Side], accounts: dict[str, int], currency: str) -> None:
    """Raise the balances; rows are locked in the order of account, party."""
    values: list = []
    for side in sorted(sides, key=lambda side: (accounts[side.account], side.party_kind, side.party_id)):
        values += [accounts[side.account], side.party_kind, side.party_id, currency, side.amount]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_balance (account_id, party_kind, party_id, currency, amount) VALUES "
            + ", ".join(["(%s, %s, %s, %s, CAST(%s AS NUMERIC))"] * len(sides))
            + " ON CONFLICT (account_id, party_kind, party_id, currency) "
            "DO UPDATE SET amount = ROUND(ledger_balance.amount + excluded.amount, 2)",
            values,
        )
