"""Every read of units that others may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from aftercare.domain.assets import rules
from aftercare.domain.assets.models import Asset, Ownership, Placement, Reading, Swap
from aftercare.domain.journal import queries as journal
from aftercare.domain.parties import queries as parties
from aftercare.foundation import access, plans, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.search import searchable


def list_assets(actor: Actor) -> QuerySet[Asset]:
    """The units this actor may see, with product, category, owner and branch at hand."""
    return access.visible(Asset, actor).select_related("product__category", "customer", "branch")


def get_asset(number_or_id: str | int, actor: Actor) -> Asset:
    """The unit of that number (`A000017`) or id; refuses one that is not there or out of scope."""
    key = {"pk": number_or_id} if isinstance(number_or_id, int) else {"number": number_or_id}
    found = statements.find(_joined, where=access.scope(Asset, actor), **key)
    if found is None:
        raise NotFound(_("没有找到设备"), kind="assets.asset", key=str(number_or_id))
    return found


def _joined() -> QuerySet[Asset]:
    return Asset.objects.select_related("product__category", "customer__region", "branch")


def find_by_token(token: str) -> Asset | None:
    """The unit of that QR label. The token is a secret of 128 bits printed on the unit; it opens the request page."""
    if not token:
        return None
    return Asset.objects.select_related("product__category", "branch").filter(token=token).first()


def find_by_serial(text: str, actor: Actor, limit: int = 8) -> list[Asset]:
    """Units with exactly that serial number, else those that contain it (dashes left out or not); two statements."""
    key = rules.serial_key(text)
    if not key:
        return []
    rows = list_assets(actor)
    exact = list(rows.filter(serial_key=key).order_by("-id")[:limit])
    if exact or not searchable(rules.squeezed(text)):
        return exact
    return list(rows.filter(search__grams=rules.squeezed(text)).order_by("-id")[:limit])


def searched(rows: QuerySet[Asset], text: str) -> QuerySet[Asset]:
    """The rows narrowed to those whose number, serial number, product, order or invoice contains the text."""
    text = text.strip()
    if not text:
        return rows
    if not searchable(text):
        return rows.filter(serial_key__startswith=rules.serial_key(text))
    return rows.filter(search__grams=text)


def list_of_customer(customer_id: int, actor: Actor | None = None) -> QuerySet[Asset]:
    """The units a customer owns now, newest first.

    Without actor for callers who have already shown that they may see the customer.
    """
    rows = list_assets(actor) if actor else Asset.objects.select_related("product__category", "customer", "branch")
    return rows.filter(customer_id=customer_id).order_by("-id")


def find_assets(ids: Iterable[int], actor: Actor) -> dict[int, Asset]:
    """Those units by id, as far as the actor may see them; one statement."""
    return {asset.pk: asset for asset in list_assets(actor).filter(pk__in=list(ids))}


def list_components(asset: Asset) -> QuerySet[Asset]:
    """The registered components of a unit."""
    return asset.components.select_related("product__category").order_by("id")


def list_owners(asset: Asset) -> QuerySet[Ownership]:
    """The unit's owners, newest first."""
    return asset.ownerships.select_related("customer").order_by("-id")


def is_of_a_former_owner(actor: Actor, *, asset: str, at: str) -> Exists | None:
    """Condition on rows of another table: written (`at`) while somebody owned the unit (`asset`, its id) whom the actor doesn't see.

    Both are names of columns or annotations. None for an actor who sees every customer.
    """
    gone = _went_away(actor)
    return None if gone is None else Exists(gone.filter(object_id=OuterRef(asset), at__gt=OuterRef(at)))


def hidden_until(asset: Asset, actor: Actor) -> dt.datetime | None:
    """When the last of those owners gave the unit away whom this actor does not see; what was written before is not his to see."""
    if parties.sees_all(actor):
        return None
    known = asset.__dict__.setdefault("_hidden_until", {})  # a page asks several times of the unit it has in hand
    if (actor.kind, actor.id) not in known:
        known[actor.kind, actor.id] = _went_away(actor).filter(object_id=asset.pk).aggregate(last=Max("at"))["last"]
    return known[actor.kind, actor.id]


def hides_papers(asset: Asset, actor: Actor) -> bool:
    """Whether the papers of the first sale are those of an owner whom this actor does not see."""
    return hidden_until(asset, actor) is not None


def list_owners_for(asset: Asset, actor: Actor) -> QuerySet[Ownership]:
    """The unit's owners whom this actor may see, newest first."""
    rows = list_owners(asset)
    return rows if parties.sees_all(actor) else rows.filter(customer__in=parties.list_customers(actor).order_by().values("pk"))


def _went_away(actor: Actor) -> QuerySet | None:
    """The changes of owner whose former owner the actor does not see, as facts of the journal; None where he sees every customer.

    By the journal and not by the days of ownership: a day may be told late, and two may own a unit on one day. A unit that
    nobody owned before has no former owner: its null is no number on PostgreSQL, and 0 on SQLite.
    """
    if parties.sees_all(actor):
        return None
    seen = parties.list_customers(actor).order_by().values("pk")
    facts = journal.facts_named("assets.asset", ("OwnerChanged", "OwnerReleased"))
    return facts.annotate(owner=Cast(KT("data__from_customer_id"), BigIntegerField())).filter(owner__gt=0).exclude(owner__in=seen)


@dataclass(frozen=True)
class ExchangeMade:
    """An exchange that stands: the unit given for the old one, on which day, and whose both were."""

    new_id: int
    on: dt.date
    customer_id: int | None


def find_exchange(old: Asset) -> ExchangeMade | None:
    """The exchange by which this unit came back to us and that was not undone; two statements at most."""
    names = ("UnitExchanged", "ExchangeUndone", "OwnerReleased")
    found = {fact.name: fact for fact in journal.find_facts("assets.asset", [old.pk], names)}
    made, undone, gone = (found.get(name) for name in names)
    if made is None or made.data["old_id"] != old.pk or (undone is not None and undone.pk > made.pk) or gone is None:
        return None
    return ExchangeMade(made.data["new_id"], dt.date.fromisoformat(made.data["on"]), gone.data["from_customer_id"])


def list_placements(asset: Asset) -> QuerySet[Placement]:
    """The components that sat or sit in the unit, those of today first."""
    return asset.contents.select_related("component__product").order_by("to_on", "-id")


def list_readings(asset: Asset) -> QuerySet[Reading]:
    """What the unit's counter showed, newest day first."""
    return asset.readings.order_by("-on", "-id")


def swaps_of(kind: str, source_id: int) -> list[Swap]:
    """The swaps made for a document, first one first; undone ones and reversals too."""
    return plans.rows(_swaps, kind, source_id)


def _swaps(kind: str, source_id: int) -> QuerySet[Swap]:
    rows = Swap.objects.filter(source_kind=kind, source_id=source_id)
    return rows.select_related("unit__customer", "old__product", "old__customer", "new__product", "new__customer", "reversal").order_by("id")


def standing_swaps(swaps: Iterable[Swap]) -> list[Swap]:
    """Those that were not undone."""
    return [swap for swap in swaps if swap.reverses_id is None and not hasattr(swap, "reversal")]


def with_components(ids: Iterable[int]) -> QuerySet:
    """Ids of these units and of what sits in them now, as a subquery."""
    ids = list(ids)
    return Asset.objects.filter(Q(pk__in=ids) | Q(parent_id__in=ids)).values("pk")


def load_for_decision(ids: Iterable[int]) -> list[Asset]:
    """Units with product and category for the warranty decision, whoever asks; one statement."""
    ids = list(ids)
    if len(ids) == 1:
        return statements.read(_with_product, pk=ids[0])
    return list(_with_product().filter(pk__in=ids))


def _with_product() -> QuerySet[Asset]:
    # With three categories above it, so that trees of usual depth need no statement of their own; and where its owner is.
    return Asset.objects.select_related("product__category__parent__parent__parent", "customer__region")


def find_same_serial(serial: str, makers: Iterable[str]) -> Asset | None:
    """The unit of that serial number by one of these makers, whoever may see it: for the check of uniqueness."""
    key = rules.serial_key(serial)
    if not key:
        return None
    makers = set(makers)
    return next((asset for asset in statements.read(_owned, serial_key=key) if asset.maker_key in makers), None)


def _owned() -> QuerySet[Asset]:
    return Asset.objects.select_related("product__category", "customer").order_by("id")
