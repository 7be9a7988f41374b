"""Every read of quotes that others may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.quotes import rules
from aftercare.domain.quotes.lifecycle import CURRENT, QUOTE, Status
from aftercare.domain.quotes.models import Consent, Policy, Quote, QuoteLine
from aftercare.foundation import access, kept
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

CHANNELS = Consent.Channel.choices
STATUSES = Status.choices
AT_START = Policy.AtStart.choices
SOON = dt.timedelta(days=2)


class Rules(NamedTuple):
    """The rules in force at a branch. `free_limit` None: no limit; `inspection` None: by the fee schedule.

    `at_start`: whether paid work may begin before the customer agreed (off: it may, warn, refuse).
    """

    free_limit: Decimal | None = None
    valid_days: int = 15
    inspection: Decimal | None = None
    tax_note: str = ""
    at_start: str = "off"


def list_quotes(actor: Actor, *, status: Iterable[str] = (), branch: str = "", source: str = "") -> QuerySet[Quote]:
    """The quotes this actor may see; page by ("-id",)."""
    rows = access.visible(Quote, actor).select_related("customer", "branch", "employee")
    if status:
        rows = rows.filter(status__in=list(status))
    if branch:
        rows = rows.filter(branch__number=branch)
    return rows.filter(source_number=source) if source else rows


def expiring(rows: QuerySet[Quote], at: dt.datetime) -> QuerySet[Quote]:
    """Of these the ones that wait for an answer and end within two days."""
    return rows.filter(status=Status.SENT, valid_until__lte=at + SOON)


def get_quote(key: int | str, actor: Actor) -> Quote:
    """A quote by number or id; refuses one that is not seen."""
    found = list_quotes(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到报价单"), kind="quotes.quote")
    return found


def lines_of(quote: Quote) -> list[QuoteLine]:
    """The lines in order."""
    return list(QuoteLine.objects.filter(quote=quote).order_by("position"))


def consent_of(quote: Quote) -> Consent | None:
    """The customer's answer, once he gave it."""
    return Consent.objects.filter(quote=quote).first()


def current_of(source: Source) -> Quote | None:
    """The quote of a document that counts: draft, sent or agreed to."""
    return Quote.objects.filter(source_kind=source.kind, source_id=source.id, status__in=CURRENT).first()


def newest_of(source: Source) -> Quote | None:
    """The last quote made for a document, whatever became of it."""
    return Quote.objects.filter(source_kind=source.kind, source_id=source.id).order_by("-round").first()


def list_of_source(source: Source) -> list[Quote]:
    """All rounds of a document, newest first."""
    return list(Quote.objects.filter(source_kind=source.kind, source_id=source.id).order_by("-round"))


def answers_of(quotes: Iterable[Quote]) -> dict[int, Consent]:
    """The customers' answers by quote id, without pictures. One statement."""
    ids = [quote.pk for quote in quotes]
    return {row.quote_id: row for row in Consent.objects.filter(quote_id__in=ids).defer("picture")} if ids else {}


def find_by_token(token: str) -> Quote | None:
    """The quote of that link, superseded ones too, so that an old link can say what became of it."""
    if not token or len(token) > 60:
        return None
    rows = Quote.objects.select_related("branch")
    return rows.filter(link_digest=rules.token_digest(token)).order_by("-id").first()


def link_of(quote: Quote) -> str:
    """The path of the customer's page; empty while there is none. It is worked out anew each time, never stored."""
    if quote.status != Status.SENT or not quote.link_digest:
        return ""
    return f"/portal/quotes/{rules.link_token(settings.SECRET_KEY.encode(), quote.number, quote.link_series)}"


def list_overdue(at: dt.datetime, limit: int = 500) -> list[Quote]:
    """Quotes that nobody answered in time, oldest first."""
    return list(Quote.objects.filter(status=Status.SENT, valid_until__lte=at).order_by("valid_until")[:limit])


def list_policies(actor: Actor) -> QuerySet[Policy]:
    """The company's rules and those of branches."""
    return access.visible(Policy, actor).select_related("branch").order_by("branch_id")


def rules_at(branch_id: int) -> Rules:
    """The rules in force at a branch: its own, else the company's, else none. No statement: kept with the settings."""
    rows = kept.setting("quotes.policies", lambda: {row.branch_id: row for row in Policy.objects.all()})
    row = rows.get(branch_id) or rows.get(None)
    if row is None:
        return Rules()
    return Rules(row.free_limit_amount, row.valid_days, row.inspection_amount, row.tax_note, row.at_start)


def open_moves(quote: Quote, actor: Actor) -> list:
    """The moves this actor may make now by hand; time makes the expiry."""
    return [move for move in QUOTE.open_moves(quote, actor) if move.name != "expire"]
