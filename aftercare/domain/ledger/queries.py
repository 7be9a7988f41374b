"""Every read of the books that others may use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.ledger.models import Account, Balance, Entry, Line, Period
from aftercare.foundation import kept, money
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source


def balance(account: str, party: tuple[str, int] | None = None, *, currency: str = money.CURRENCY) -> Decimal:
    """What stands on the account, of that party (kind, id) or, without, of all parties together."""
    rows = Balance.objects.filter(account__code=account, currency=currency)
    if party is not None:
        rows = rows.filter(party_kind=party[0], party_id=party[1])
    return money.rounded(rows.aggregate(total=money.summed("amount"))["total"] or money.ZERO, currency)


def open_amounts(party: tuple[str, int], *, currency: str = money.CURRENCY) -> dict[str, Decimal]:
    """What stands on each account for that party, accounts at zero left out."""
    rows = Balance.objects.filter(party_kind=party[0], party_id=party[1], currency=currency).exclude(amount=0)
    return dict(rows.order_by("account__code").values_list("account__code", "amount"))


def balances_by_party(account: str, *, currency: str = money.CURRENCY) -> dict[tuple[str, int], Decimal]:
    """What stands on the account by party (kind, id), parties at zero left out."""
    rows = Balance.objects.filter(account__code=account, currency=currency).exclude(amount=0)
    return {(kind, pk): amount for kind, pk, amount in rows.values_list("party_kind", "party_id", "amount")}


def list_entries(actor: Actor) -> QuerySet[Entry]:
    """The bookings the actor may see."""
    return visible(Entry, actor).select_related("branch")


def get_entry(entry_id: int, actor: Actor) -> Entry:
    """One booking; refuses one that is not seen."""
    found = list_entries(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotFound(_("没有找到凭证"), kind="ledger.entry")
    return found


def entries_of(source: Source) -> list[Entry]:
    """All bookings of a document with their lines, oldest first. Two statements."""
    return list(
        Entry.objects.filter(source_kind=source.kind, source_id=source.id)
        .prefetch_related("lines__account").order_by("pk")
    )


def find_entry(source: Source, key: str) -> Entry | None:
    """The booking of a document under that key."""
    return Entry.objects.filter(source_kind=source.kind, source_id=source.id, key=key).first()


def list_lines(actor: Actor, *, account: str | None = None, party: tuple[str, int] | None = None) -> QuerySet[Line]:
    """Lines the actor may see, of an account or of a party."""
    rows = visible(Line, actor).select_related("entry", "account")
    if account is not None:
        rows = rows.filter(account__code=account)
    if party is not None:
        rows = rows.filter(party_kind=party[0], party_id=party[1])
    return rows


def sums_by_account(actor: Actor, *, first: dt.date, last: dt.date) -> dict[str, Decimal]:
    """What was booked on each account from the first to the last day, in the branches the actor may see."""
    rows = visible(Line, actor).filter(entry__day__gte=first, entry__day__lte=last)
    return dict(rows.order_by().values("account__code").annotate(total=money.summed("amount")).values_list("account__code", "total"))


def list_accounts(actor: Actor) -> QuerySet[Account]:
    """The chart of accounts."""
    return visible(Account, actor).order_by("code")


def closed_to(branch_id: int) -> dt.date | None:
    """The last closed day of the branch, by its own closing or by one of the whole company."""
    rows = Period.objects.filter(Q(branch_id=branch_id) | Q(branch=None))
    return kept.setting(("ledger.closed_to", branch_id), lambda: rows.aggregate(last=Max("closed_to"))["last"])
