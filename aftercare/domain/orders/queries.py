"""Every read of sales that others may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.orders.models import Duty, Notice, Sale, SaleLine
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

ABOUT = Notice.About.choices
CHANNELS = Notice.Channel.choices


def list_sales(actor: Actor) -> QuerySet[Sale]:
    """The sales the actor may see."""
    return visible(Sale, actor).select_related("branch", "customer", "outlet", "engineer")


def get_sale(key: int | str, actor: Actor) -> Sale:
    """The sale of that id or number; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_sales(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到配件出库单"), kind="orders.sale")
    return found


def lines_of(sale: Sale) -> list[SaleLine]:
    """The lines of a sale, in order."""
    return list(SaleLine.objects.filter(sale=sale).select_related("part").order_by("pk"))


def sales_with(part_id: int, actor: Actor) -> QuerySet[Sale]:
    """Sales that have that part, newest first."""
    return list_sales(actor).filter(lines__part_id=part_id).order_by("-pk").distinct()


def notices_of(source: Source) -> list[Notice]:
    """What the customer of a document was told, newest first."""
    return list(Notice.objects.filter(source_kind=source.kind, source_id=source.id).order_by("-pk"))


def list_notices(actor: Actor) -> QuerySet[Notice]:
    """Notices the actor may see."""
    return visible(Notice, actor).select_related("branch", "customer")


def list_duties(actor: Actor) -> QuerySet[Duty]:
    """What customers are to be told and have not been; page by ("since", "id")."""
    return visible(Duty, actor).filter(ended_at=None).select_related("branch", "customer")


def count_duties(actor: Actor) -> int:
    """How many of them there are."""
    return visible(Duty, actor).filter(ended_at=None).count()


def get_duty(key: int, actor: Actor) -> Duty:
    """One of them; refuses what is not seen or over."""
    found = list_duties(actor).filter(pk=key).first()
    if found is None:
        raise NotFound(_("这件事已通知过，或不再需要通知"), kind="orders.duty")
    return found


def duties_of(source: Source) -> list[Duty]:
    """What the customer of a document is to be told now, oldest first."""
    return list(Duty.objects.filter(source_kind=source.kind, source_id=source.id, ended_at=None).order_by("since", "pk"))


def told_of_many(kind: str, ids: Iterable[int]) -> dict[int, int]:
    """How often the customers of many documents were told of anything, by document id. One statement."""
    rows = Notice.objects.filter(source_kind=kind, source_id__in=list(ids))
    return dict(rows.values_list("source_id").annotate(n=Count("pk")))


def untold_of_many(kind: str, ids: Iterable[int]) -> dict[int, list[str]]:
    """What the customers of many documents are to be told, in words, by document id. One statement."""
    told: dict[int, list[str]] = {}
    for one in Duty.objects.filter(source_kind=kind, source_id__in=list(ids), ended_at=None).order_by("since"):
        told.setdefault(one.source_id, []).append(one.get_about_display())
    return told


def open_duties(kind: str, after: int = 0, limit: int = 500) -> list[Duty]:
    """What customers of documents of that kind are to be told, by id: whether it is still so is for the round to say."""
    return list(Duty.objects.filter(source_kind=kind, ended_at=None, pk__gt=after).order_by("pk")[:limit])


def ever_due(kind: str, ids: Iterable[int]) -> set[tuple[int, str]]:
    """Which documents had a duty or notice of which sort ever."""
    ids = list(ids)
    rows = Duty.objects.filter(source_kind=kind, source_id__in=ids).values_list("source_id", "about")
    return set(rows) | set(Notice.objects.filter(source_kind=kind, source_id__in=ids).values_list("source_id", "about"))


def duties_since(kind: str, about: str, ids: Iterable[int]) -> set[tuple[int, dt.datetime]]:
    """Of which documents it was told or is to be told since when."""
    return set(Duty.objects.filter(source_kind=kind, about=about, source_id__in=list(ids)).values_list("source_id", "since"))


def sales_late(at: dt.date) -> QuerySet[Sale]:
    """Orders of customers for parts that were wanted before that day and have not come."""
    return Sale.objects.filter(Q(status="ordered"), wanted_on__lt=at)
