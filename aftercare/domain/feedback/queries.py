"""Reads of this room: the queue of calls to make, answers, satisfaction."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.feedback import rules
from aftercare.domain.feedback.models import Callback
from aftercare.domain.parties import queries as parties
from aftercare.foundation import access, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

# What a page of the queue is ordered by.
QUEUE_ORDER = ("due_at", "id")


def list_callbacks(actor: Actor) -> QuerySet[Callback]:
    """All call-backs as far as the actor may see them."""
    return access.visible(Callback, actor).select_related("customer", "engineer", "branch")


def list_queue(actor: Actor, *, due_until: dt.datetime | None = None) -> QuerySet[Callback]:
    """Calls still to be made, most urgent first; what the actor did himself is not for him to ask about."""
    open_ones = list_callbacks(actor).filter(status=Callback.Status.OPEN)
    if actor.employee_id is not None:
        open_ones = open_ones.exclude(engineer_id=actor.employee_id)
    if due_until is not None:
        open_ones = open_ones.filter(due_at__lt=due_until)
    return open_ones.order_by(*QUEUE_ORDER)


def get_callback(number: str, actor: Actor) -> Callback:
    """One call-back by its number; refuses when there is none to be seen."""
    found = list_callbacks(actor).filter(number=number).first()
    if found is None:
        raise NotFound(_("没有找到"))
    return found


def find_callback(source: Source, *, cycle: int = 1) -> Callback | None:
    """The call-back of that closure cycle of a document."""
    return statements.find(Callback.objects.all, source_kind=source.kind, source_id=source.id, cycle=cycle)


def list_callbacks_of(source: Source) -> QuerySet[Callback]:
    """All call-backs of a document, for whoever may see the document."""
    return Callback.objects.filter(source_kind=source.kind, source_id=source.id).order_by("cycle")


def scores_of(callback: Callback) -> dict[str, int | None]:
    """The level of each aspect; None before the answer."""
    return {aspect: getattr(callback, aspect) for aspect in rules.ASPECTS}


def is_dissatisfied(callback: Callback) -> bool:
    """True when the answer called any aspect bad."""
    return rules.is_dissatisfied({k: v for k, v in scores_of(callback).items() if v is not None})


def calculate_satisfaction(
    actor: Actor, *, since: dt.datetime, until: dt.datetime, branch_id: int | None = None, engineer_id: int | None = None,
) -> rules.Satisfaction:
    """Figures of the call-backs finished in [since, until), in one statement for each kind of end."""
    rows = access.visible(Callback, actor)
    if branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    if engineer_id is not None:
        rows = rows.filter(engineer_id=engineer_id)
    answered = rows.filter(status=Callback.Status.ANSWERED, answered_at__gte=since, answered_at__lt=until)
    grouped = answered.order_by().values_list(*rules.ASPECTS).annotate(n=Count("id"))
    unreached = rows.filter(status=Callback.Status.UNREACHED, due_at__gte=since, due_at__lt=until).count()
    return rules.summarise(((tuple(row[:4]), row[4]) for row in grouped), unreached)


def searched(rows: QuerySet[Callback], text: str, actor: Actor) -> QuerySet[Callback]:
    """The rows narrowed to a call-back's or document's number, else to customers of that name or telephone."""
    number = text.strip().upper()
    if number[:2].isalpha() and number[2:].isdigit():
        return rows.filter(Q(number__startswith=number) | Q(source_number__startswith=number))
    return rows.filter(customer_id__in=[one.pk for one in parties.identify(text, actor, 20).customers])
