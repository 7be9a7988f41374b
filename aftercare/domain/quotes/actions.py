"""Every write of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.people import queries as people
from aftercare.domain.quotes import access, facts, queries, rules
from aftercare.domain.quotes.lifecycle import QUOTE, Status
from aftercare.domain.quotes.models import Consent, Policy, Quote, QuoteLine
from aftercare.domain.quotes.rules import Line
from aftercare.foundation import clock, numbering, statements, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart, step

__all__ = ["Line", "accept", "expire", "make", "note_seen", "refuse", "renew_link", "send", "set_policy", "supersede"]

_MESSAGES = {
    "unknown_channel": gettext_lazy("没有这种答复方式"),
    "name_missing": gettext_lazy("请写明答复人"),
    "signature_missing": gettext_lazy("请客户签名"),
    "signature_too_large": gettext_lazy("签名图片太大"),
    "recording_missing": gettext_lazy("请写明录音编号"),
}


def make(
    source: Source, *, branch_id: int, lines: Sequence[Line], subject: str, unit: str = "", customer_id: int | None = None,
    employee_id: int | None = None, outlet_id: int | None = None, service_class: str = "A",
    inspection_amount: Decimal = Decimal("0.00"), is_lump: bool = False, valid_days: int = 15, tax_note: str = "",
    note: str = "", actor: Actor, at: dt.datetime,
) -> Quote:
    """Make the next round's quote of a document, as a draft with its prices frozen; the one before is superseded.

    Refuses a quote without lines (`no_lines`), a validity outside 1 to 90 days, and a race for the same round.
    """
    if not lines:
        raise RuleBroken(_("没有可报价的项目，请先写上用料或费用"), code="no_lines", field="lines")
    if not 1 <= valid_days <= 90:
        raise RuleBroken(_("有效天数应在 1 到 90 之间"), code="bad_validity", field="valid_days")
    inspection_amount = require_amount(inspection_amount, field="inspection_amount")
    total, covered = rules.totals(lines)
    with step():
        current = queries.current_of(source)
        if current is not None:
            supersede(current, reason=wording.stored(lambda: _("重新报价")), actor=actor, at=at)
        last = queries.newest_of(source)
        quote = Quote(
            number=numbering.take("BJ", clock.local_day(at, people.zone_of(branch_id))), round=(last.round if last else 0) + 1,
            source_kind=source.kind, source_id=source.id, source_number=source.number, branch_id=branch_id,
            outlet_id=outlet_id, customer_id=customer_id, employee_id=employee_id, subject=subject[:160], unit=unit[:200],
            service_class=service_class, total_amount=total, covered_amount=covered, inspection_amount=inspection_amount,
            is_lump=is_lump, tax_note=tax_note[:120], note=note[:500], valid_days=valid_days, made_by=actor.name[:80],
            created_at=at,
        )
        try:
            with apart():
                open_new(quote, actor=actor, at=at, permission=access.MAKE, people=(employee_id,), verb="quotes.quote.make",
                         fact=lambda q: facts.QuoteMade(q.pk, q.number, q.round, q.total_amount))
        except IntegrityError:
            raise WrongState(_("刚刚已有另一份报价，请刷新"), code="quoted_already") from None
        statements.insert_all([
            QuoteLine(quote=quote, position=position, kind_of=line.kind, name=line.name[:120], qty=line.qty,
                      price_amount=line.price, amount=line.amount, customer_amount=line.customer_amount, payer=line.payer)
            for position, line in enumerate(lines, 1)
        ])
    return quote


@QUOTE.move("send")
def send(quote: Quote, *, actor: Actor, at: dt.datetime) -> facts.QuoteSent:
    """Tell the customer: the link opens, and the prices hold to the end of the last day, the branch's time."""
    zone = people.zone_of(quote.branch_id)
    last_day = clock.local_day(at, zone) + dt.timedelta(days=quote.valid_days)
    until = clock.day_bounds(last_day, zone)[1]
    revise(quote, sent_at=at, valid_until=until, link_series=1, link_digest=_digest(quote, 1))
    return facts.QuoteSent(quote.pk, quote.number, quote.total_amount, until.isoformat())


@QUOTE.move("renew_link")
def renew_link(quote: Quote, *, actor: Actor, at: dt.datetime) -> facts.LinkRenewed:
    """Give the customer another link, e.g. when the one before went to a wrong number: that one opens nothing now."""
    series = quote.link_series + 1
    revise(quote, link_series=series, link_digest=_digest(quote, series))
    return facts.LinkRenewed(quote.pk, quote.number)


def _digest(quote: Quote, series: int) -> str:
    return rules.token_digest(rules.link_token(settings.SECRET_KEY.encode(), quote.number, series))


@QUOTE.move("accept")
def accept(
    quote: Quote, *, channel: str, name: str, evidence: Mapping | None = None, picture: bytes | None = None, actor: Actor,
    at: dt.datetime,
) -> facts.ConsentGiven:
    """The customer agrees. Refuses without the channel's evidence, and after the last day (`quote_expired`).

    A signature needs its picture (PNG), a recorded call its `reference`; who agreed is named in each case.
    """
    _require_in_time(quote, at)
    evidence = {key: str(value)[:200] for key, value in (evidence or {}).items() if value}
    wrong = rules.require_evidence(channel, name, evidence, picture)
    if wrong:
        raise RuleBroken(_MESSAGES[wrong[0]], code=wrong[0], field=wrong[1])
    _answer(quote, True, channel, name, "", evidence, picture, actor, at)
    return facts.ConsentGiven(quote.pk, quote.number, quote.total_amount, channel, name.strip()[:80])


@QUOTE.move("refuse")
def refuse(
    quote: Quote, *, channel: str, name: str, reason: str, evidence: Mapping | None = None, actor: Actor, at: dt.datetime
) -> facts.ConsentRefused:
    """The customer does not agree. His reason is kept; no evidence is asked for."""
    if channel not in rules.CHANNELS:
        raise RuleBroken(_MESSAGES["unknown_channel"], code="unknown_channel", field="channel")
    if not name.strip():
        raise RuleBroken(_MESSAGES["name_missing"], code="name_missing", field="name")
    evidence = {key: str(value)[:200] for key, value in (evidence or {}).items() if value}
    _answer(quote, False, channel, name, reason, evidence, None, actor, at)
    return facts.ConsentRefused(quote.pk, quote.number, channel, name.strip()[:80], reason[:200])


def _require_in_time(quote: Quote, at: dt.datetime) -> None:
    if quote.valid_until is not None and at >= quote.valid_until:
        raise RuleBroken(_("报价已过有效期，请重新报价"), code="quote_expired")


def _answer(quote, agreed, channel, name, reason, evidence, picture, actor: Actor, at: dt.datetime) -> None:
    statements.insert(Consent(
        quote=quote, agreed=agreed, channel=channel, name=name.strip()[:80], reason=reason.strip()[:200], evidence=evidence,
        picture=picture, at=at, recorded_by=actor.name[:80],
    ))
    revise(quote, answered_at=at)


@QUOTE.move("expire")
def expire(quote: Quote, *, actor: Actor, at: dt.datetime) -> facts.QuoteExpired:
    """Nobody answered; refuses before the last day is over (`not_expired`)."""
    if quote.valid_until is None or at < quote.valid_until:
        raise RuleBroken(_("报价还在有效期内"), code="not_expired")
    return facts.QuoteExpired(quote.pk, quote.number)


@QUOTE.move("supersede")
def supersede(quote: Quote, *, reason: str, actor: Actor, at: dt.datetime) -> facts.QuoteSuperseded:
    """It counts no more, and what was agreed by it neither. A reason must be given."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    return facts.QuoteSuperseded(quote.pk, quote.number, reason[:200])


def note_seen(quote: Quote, *, at: dt.datetime) -> None:
    """Keep when the customer first opened his page; no fact of the company's, so nothing is recorded."""
    Quote.objects.filter(pk=quote.pk, seen_at=None).update(seen_at=at)


def set_policy(
    *, branch_id: int | None = None, free_limit_amount: Decimal | None = None, valid_days: int = 15,
    inspection_amount: Decimal | None = None, tax_note: str = "", at_start: str = "off", version: int | None = None, actor: Actor,
    at: dt.datetime,
) -> Policy:
    """Set the rules of the company (`branch_id` None) or of a branch. Amounts in CNY; None: no limit, by the schedule.

    `at_start`: whether paid work may begin (arrive, start) before the customer agreed: off, warn or refuse.
    """
    actor.require_anywhere(access.SET_POLICY)
    for field, amount in (("free_limit_amount", free_limit_amount), ("inspection_amount", inspection_amount)):
        if amount is not None:
            require_amount(amount, field=field)
    if not 1 <= valid_days <= 90:
        raise RuleBroken(_("有效天数应在 1 到 90 之间"), code="bad_validity", field="valid_days")
    if at_start not in Policy.AtStart.values:
        raise RuleBroken(_("未经同意就开工：只能选允许、提醒或拒绝"), code="unknown_policy", field="at_start")
    values = {"free_limit_amount": free_limit_amount, "valid_days": valid_days, "inspection_amount": inspection_amount,
              "tax_note": tax_note[:120], "at_start": at_start}
    fact = facts.PolicySet(branch_id, "" if free_limit_amount is None else str(free_limit_amount), at_start)
    with step():
        numbering.take("QUOTE-POLICY")  # two who set it at once take their turns
        known = Policy.objects.filter(branch_id=branch_id).first()
        if known is not None:
            return revise(known, actor=actor, at=at, permission=access.SET_POLICY, version=version, fact=fact,
                          verb="quotes.policy.set", **values)
        return open_new(Policy(branch_id=branch_id, **values), actor=actor, at=at, permission=access.SET_POLICY,
                        verb="quotes.policy.set", fact=fact)


# Which states a door may show as waiting.
WAITING = (Status.DRAFT, Status.SENT)
