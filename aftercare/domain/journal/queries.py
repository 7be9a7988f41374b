"""Reads of the journal: timelines, the log, the operator's page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from aftercare.domain.journal.models import Delivery, Fact, Mention, Schedule, Seal
from aftercare.foundation import access, statements
from aftercare.foundation.access import Actor


def list_facts(actor: Actor) -> QuerySet[Fact]:
    """The log as far as the actor may see it."""
    return access.visible(Fact, actor)


def timeline(kind: str, object_id: int, *, limit: int = 50) -> list[Fact]:
    """Newest facts about a thing and about others that mention it.

    The caller has already shown that he may see the thing, so its own story is not cut again by branch.
    """
    about = {"kind": kind, "object_id": object_id}
    found = {fact.pk: fact for fact in statements.read(_own, limit=limit, **about)}
    found |= {mention.fact_id: mention.fact for mention in statements.read(_mentioning, limit=limit, **about)}
    newest = sorted(found, reverse=True)[:limit]
    return sorted((found[pk] for pk in newest), key=lambda f: (f.at, f.pk), reverse=True)


def _own() -> QuerySet[Fact]:
    return Fact.objects.order_by("-id")


def _mentioning() -> QuerySet[Mention]:
    return Mention.objects.select_related("fact").order_by("-fact_id")


def find_facts(kind: str, object_ids: Iterable[int], names: Iterable[str]) -> QuerySet[Fact]:
    """Facts of these names about these things, oldest first."""
    return Fact.objects.filter(kind=kind, object_id__in=list(object_ids), name__in=list(names)).order_by("id")


def facts_named(kind: str, names: Iterable[str]) -> QuerySet[Fact]:
    """Facts of these names about things of that kind, for subqueries of rooms that know what to compare them with."""
    return Fact.objects.filter(kind=kind, name__in=list(names)).order_by()


def list_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """All deliveries, for operators."""
    return access.visible(Delivery, actor).select_related("fact")


def count_deliveries() -> dict[str, int]:
    """How many deliveries wait, run and are dead (done ones are not counted)."""
    states = ("waiting", "running", "dead")
    return {state: Delivery.objects.filter(Q(state=state)).count() for state in states}


def list_own_deliveries(actor: Actor, reaction: str) -> QuerySet[Delivery]:
    """Deliveries of this reaction to facts that the actor himself brought about, newest first."""
    own = Delivery.objects.filter(reaction=reaction, fact__actor_kind=actor.kind, fact__actor_id=actor.id)
    return own.select_related("fact").order_by("-id")


def find_delivery(fact_id: int, reaction: str) -> Delivery | None:
    """The delivery of this reaction to that fact."""
    return Delivery.objects.filter(fact_id=fact_id, reaction=reaction).select_related("fact").first()


def list_schedules() -> QuerySet[Schedule]:
    """The periodic jobs and when they are due."""
    return Schedule.objects.order_by("name")


def newest_seal() -> Seal | None:
    """The head of the hash chain."""
    return Seal.objects.order_by("-id").first()
