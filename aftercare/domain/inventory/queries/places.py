"""Where things can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory.models import Home, Place
from aftercare.foundation import plans, transactions
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

ZERO = Decimal(0)


def list_places(actor: Actor) -> QuerySet[Place]:
    """The places the actor may see."""
    return visible(Place, actor).select_related("branch", "employee").order_by("code")


def get_place(key: int | str, actor: Actor) -> Place:
    """The place of that id or code; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"code": key}
    found = visible(Place, actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到库位"), kind="inventory.place")
    return found


def require_places(
    ids: Iterable[int | None], *, branch_ids: Iterable[int | None], employee_id: int | None = None, actor: Actor, field: str = "place_id"
) -> None:
    """Refuse places that are not shelves of these branches, the van of that employee, or seen by the actor. One statement, none for none."""
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return
    near = Q(branch_id__in=[pk for pk in branch_ids if pk]) | Q(pk__in=visible(Place, actor).values("pk"))
    near |= Q(employee_id=employee_id) if employee_id else Q(pk=None)
    shelves = Place.objects.filter(near, pk__in=wanted).exclude(kind_of__in=[*Place.OUTSIDE, Place.Kind.TRANSIT])
    if shelves.count() != len(wanted):
        raise NotFound(_("没有找到库位"), kind="inventory.place", field=field)


def depot_of(branch_id: int) -> Place | None:
    """The part store of the branch."""
    return Place.objects.filter(kind_of=Place.Kind.DEPOT, branch_id=branch_id, is_active=True).order_by("pk").first()


def depots_of(branch_ids: Sequence[int]) -> list[Place]:
    """The part stores of these branches, in their order. One statement."""
    rows = Place.objects.filter(kind_of=Place.Kind.DEPOT, branch_id__in=branch_ids, is_active=True).order_by("pk")
    return sorted(rows, key=lambda place: branch_ids.index(place.branch_id))


def list_senders(actor: Actor, branch_ids: Iterable[int]) -> QuerySet[Place]:
    """The active places that goods may be asked of: those the actor sees, and the part stores of these branches, seen or not."""
    seen = visible(Place, actor).values("pk")
    near = Q(kind_of=Place.Kind.DEPOT, branch_id__in=list(branch_ids))
    return Place.objects.filter(Q(pk__in=seen) | near, is_active=True).select_related("branch").order_by("code")


def van_of(employee_id: int) -> Place | None:
    """The van store of the engineer."""
    return Place.objects.filter(kind_of=Place.Kind.VAN, employee_id=employee_id).first()


def places_for(*, branch_id: int, employee_id: int | None = None) -> list[Place]:
    """Where an engineer of the branch takes parts from: his van, then the depot or outlet store. One statement."""
    return list(transactions.remember(("inventory.places", branch_id, employee_id), lambda: _read_places(branch_id, employee_id)))


def _read_places(branch_id: int, employee_id: int | None) -> list[Place]:
    rows = plans.rows(_stores_and_van, branch_id, employee_id or -1)
    return sorted(rows, key=lambda place: (place.kind_of != Place.Kind.VAN, place.pk))


def _stores_and_van(branch_id: int, employee_id: int) -> QuerySet[Place]:
    stores = Q(branch_id=branch_id, kind_of__in=[Place.Kind.DEPOT, Place.Kind.OUTLET])
    return Place.objects.filter(stores | Q(employee_id=employee_id, kind_of=Place.Kind.VAN), is_active=True)


def list_bins(depot_id: int, actor: Actor) -> QuerySet[Place]:
    """The bins of a depot, in the order in which they are walked."""
    return visible(Place, actor).filter(parent_id=depot_id).order_by("position", "code")


def get_bin(depot: Place, code: str, actor: Actor) -> Place:
    """The bin of that code in the depot; refuses one that is elsewhere."""
    found = list_bins(depot.pk, actor).filter(code=code.strip()).first()
    if found is None:
        raise NotFound(_("这个库里没有货位「%(code)s」") % {"code": code}, kind="inventory.place")
    return found


def home_bins(part_ids: Iterable[int], depot_id: int) -> dict[int, Place]:
    """The home bin of each of these parts in the depot; parts without one are absent."""
    rows = Home.objects.filter(depot_id=depot_id, part_id__in=list(part_ids)).select_related("bin")
    return {row.part_id: row.bin for row in rows}


def bins_of(place_ids: Iterable[int]) -> dict[int, int]:
    """The depot of each bin of these depots, by the bin's id."""
    return dict(Place.objects.filter(parent_id__in=list(place_ids)).values_list("pk", "parent_id"))


def homes_in(depot_id: int) -> list[Home]:
    """Which parts are at home in which bin of a depot, or in the bin itself."""
    rows = Home.objects.filter(Q(depot_id=depot_id) | Q(bin_id=depot_id)).select_related("bin", "part")
    return list(rows.order_by("bin__position", "part__code")[:500])
