"""Every read of contacts that others may use."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.cases import rules
from aftercare.domain.cases.lifecycle import CONTACT, UNDONE, Status
from aftercare.domain.cases.models import Contact
from aftercare.foundation import access, clock, search
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

# Names of the filters that a list accepts; anything else is refused by the doors.
CONTACT_FILTERS = (
    "status", "undone", "kind", "channel", "outcome", "branch", "urgent", "mine", "created_from", "created_to", "text",
)
KINDS = Contact.Kind.choices
CHANNELS = Contact.Channel.choices
OUTCOMES = Contact.Outcome.choices
_COLUMNS = {"status": "status", "kind": "kind_of", "channel": "channel", "outcome": "outcome", "branch": "branch_id",
            "urgent": "urgent"}


def list_contacts(actor: Actor, **filters) -> QuerySet[Contact]:
    """Contacts the actor may see, with what a list shows; page by ("-created_at", "-id").

    Filters (empty values are ignored): status, undone (true), kind, channel, outcome, branch (id), urgent (bool),
    mine (true), created_from / created_to (local days, inclusive), text (number, phone, name, words).
    """
    rows = access.visible(Contact, actor).select_related("customer", "asset", "asset__product", "branch", "handler")
    if filters.pop("mine", None):
        rows = rows.filter(handler_id=actor.employee_id)
    return narrow_contacts(rows, zone=actor.zone, **filters)


def narrow_contacts(rows: QuerySet[Contact], *, zone: str, **filters) -> QuerySet[Contact]:
    """Rows already limited to what may be seen, narrowed by the filters of `list_contacts` (all but `mine`)."""
    for name, value in filters.items():
        if name not in CONTACT_FILTERS or name == "mine":
            raise LookupError(name)
        if value not in (None, ""):
            rows = _narrow(rows, zone, name, value)
    return rows


def _narrow(rows: QuerySet[Contact], zone: str, name: str, value) -> QuerySet[Contact]:
    if name in _COLUMNS:
        many = isinstance(value, (list, tuple, set, frozenset))
        return rows.filter(**{f"{_COLUMNS[name]}__in" if many else _COLUMNS[name]: value})
    if name == "undone":
        return rows.filter(status__in=sorted(UNDONE)) if value else rows
    if name == "created_from":
        return rows.filter(created_at__gte=clock.day_bounds(value, zone)[0])
    if name == "created_to":
        return rows.filter(created_at__lt=clock.day_bounds(value, zone)[1])
    return _search(rows, str(value).strip())


def _search(rows: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    number = text.upper()
    if number.startswith("LD") and number[2:].isdigit():
        # A range, so that the unique index is used on both databases.
        return rows.filter(number__gte=number, number__lt=number + "~")
    return rows.filter(search__grams=text) if search.searchable(text) else rows.none()


def get_contact(key: str | int, actor: Actor) -> Contact:
    """The contact of that number or id; refuses with NotFound when it is not there or not to be seen."""
    rows = access.visible(Contact, actor).select_related("customer", "asset", "asset__product", "branch")
    found = rows.filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到来电登记"), kind="cases.contact")
    return found


def find_by_external_id(external_id: str) -> Contact | None:
    """The contact that came in under that foreign number, for imports that are run again."""
    return Contact.objects.filter(external_id=external_id).first() if external_id else None


def find_external_ids(external_ids: list[str]) -> set[str]:
    """Which of these foreign numbers have a contact already; one statement."""
    rows = Contact.objects.filter(external_id__in=external_ids) if external_ids else Contact.objects.none()
    return set(rows.values_list("external_id", flat=True))


def list_of_customer(customer_id: int, *, limit: int = 20) -> list[Contact]:
    """Newest contacts of a customer; the caller may see the customer."""
    return list(Contact.objects.filter(customer_id=customer_id).select_related("asset").order_by("-id")[:limit])


def list_complaints_about(kind: str, object_id: int) -> list[Contact]:
    """Complaints about that document."""
    return list(Contact.objects.filter(about_kind=kind, about_id=object_id, kind_of=Contact.Kind.COMPLAINT))


def count_undone(actor: Actor) -> dict[str, int]:
    """How many contacts are new and open, as far as the actor sees."""
    rows = access.visible(Contact, actor).filter(status__in=sorted(UNDONE))
    found = dict(rows.values_list("status").annotate(n=Count("pk")))
    return {status: found.get(status, 0) for status in (Status.NEW, Status.OPEN)}


def outcome_rates(actor: Actor, *, since: dt.datetime, until: dt.datetime) -> dict[str, float]:
    """Share of each outcome among contacts closed in that time; `solved` is the solved-by-phone rate."""
    rows = access.visible(Contact, actor).filter(closed_at__gte=since, closed_at__lt=until, status=Status.DONE)
    return rules.calculate_rates(rows.values_list("outcome").annotate(n=Count("pk")).order_by())


def open_moves(contact: Contact, actor: Actor) -> list:
    """The moves this actor may make now."""
    return CONTACT.open_moves(contact, actor)
