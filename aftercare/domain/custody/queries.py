"""Every read of custody that others may use."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.custody.lifecycle import CUSTODY, Status
from aftercare.domain.custody.models import Custody
from aftercare.foundation import access
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

CUSTODY_FILTERS = ("status", "branch", "number", "held_longer_than_days")


def list_custodies(actor: Actor, *, at: dt.datetime | None = None, **filters) -> QuerySet[Custody]:
    """Things in our hands, with what a list shows; page by ("-id",).

    Filters (empty values are ignored): status, branch (id), number (its beginning), held_longer_than_days (needs `at`).
    """
    rows = access.visible(Custody, actor).select_related("customer", "asset", "asset__product", "branch")
    for name, value in filters.items():
        if name not in CUSTODY_FILTERS:
            raise LookupError(name)
        if value in (None, ""):
            continue
        if name == "number":
            rows = rows.filter(number__gte=value.upper(), number__lt=value.upper() + "~")
        elif name == "held_longer_than_days":
            rows = rows.filter(status=Status.HELD, received_at__lt=at - dt.timedelta(days=int(value)))
        else:
            rows = rows.filter(**{"branch_id" if name == "branch" else name: value})
    return rows


def get_custody(key: str | int, actor: Actor) -> Custody:
    """The custody of that receipt number or id; NotFound when it is not there or not to be seen."""
    rows = access.visible(Custody, actor).select_related("customer", "asset", "asset__product", "branch")
    found = rows.filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到收条"), kind="custody.custody")
    return found


def find_held_for(source: Source) -> Custody | None:
    """The thing we hold because of that document, if we hold one."""
    return Custody.objects.filter(source_kind=source.kind, source_id=source.id, status=Status.HELD).first()


def list_of_source(source: Source) -> list[Custody]:
    """Every receipt written for that document, newest first."""
    rows = Custody.objects.filter(source_kind=source.kind, source_id=source.id).select_related("customer", "asset", "branch")
    return list(rows.order_by("-id"))


def find_held_of_asset(asset_id: int) -> Custody | None:
    """The open custody of that unit, if we hold it."""
    return Custody.objects.filter(asset_id=asset_id, status=Status.HELD).first()


def open_moves(custody: Custody, actor: Actor) -> list:
    """The moves this actor may make now."""
    return CUSTODY.open_moves(custody, actor)


def find_held_for_many(kind: str, ids: list[int]) -> dict[int, Custody]:
    """What we hold for many documents of one kind, by document id. One statement."""
    rows = Custody.objects.filter(source_kind=kind, source_id__in=ids, status=Status.HELD)
    return {custody.source_id: custody for custody in rows.select_related("customer", "asset")}
