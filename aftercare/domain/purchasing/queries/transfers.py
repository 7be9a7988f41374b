"""Transfers between own stores, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.domain.purchasing.lifecycle import TRANSFER, TransferStatus
from aftercare.domain.purchasing.models import Transfer, TransferLine, TransferLot
from aftercare.foundation import quantity
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

ZERO = Decimal(0)
# Whose side each move is on.
_SENDER = frozenset({"approve", "reject", "ship", "settle"})


def list_transfers(actor: Actor) -> QuerySet[Transfer]:
    """Transfers the actor may see, with both places."""
    return visible(Transfer, actor).select_related("from_place", "to_place", "branch", "from_branch")


def get_transfer(key: int | str, actor: Actor) -> Transfer:
    """The transfer of that id or number; refuses one that is not seen."""
    found = list_transfers(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到调拨单"), kind="purchasing.transfer", key=str(key))
    return found


def transfer_lines_of(transfer: Transfer) -> list[TransferLine]:
    """What is asked for."""
    return list(TransferLine.objects.filter(transfer=transfer).select_related("part").order_by("id"))


def transfer_lots_of(transfer: Transfer) -> list[TransferLot]:
    """What was sent, and what became of it."""
    return list(TransferLot.objects.filter(line__transfer=transfer).select_related("line", "line__part").order_by("id"))


def open_transfer_moves(transfer: Transfer, actor: Actor) -> list:
    """The moves the actor may make now, each only for its own side of the way."""
    found = []
    for move in TRANSFER.open_moves(transfer, actor):
        branch = transfer.from_branch_id if move.name in _SENDER else transfer.branch_id
        if actor.may(move.permission, branch_id=branch):
            found.append(move)
    return found


def superior_depot(place):
    """The nearest depot above a place: its superior branch's or that of a service centre of it; None at the top."""
    return next(iter(stock.depots_of(people.supplying_branches(place.branch_id))), None)


def list_senders(actor: Actor, branch_id: int) -> QuerySet:
    """The places that a branch may ask for goods: those the actor sees, and the depots that supply the branch."""
    return stock.list_senders(actor, people.supplying_branches(branch_id))


def in_transit(place_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What is on its way to these places, or asked for from another store, by (place, part). Two statements."""
    found: dict[tuple[int, int], Decimal] = {}
    for (place_id, part_id), qty in [*_under_way(place_ids, part_ids), *_waiting("to_place_id", place_ids, part_ids)]:
        found[place_id, part_id] = found.get((place_id, part_id), ZERO) + qty
    return found


def to_send(place_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What these places were asked for and have not sent, by (place, part). One statement."""
    return dict(_waiting("from_place_id", place_ids, part_ids))


def _under_way(place_ids, part_ids):
    rows = TransferLot.objects.filter(
        line__transfer__status=TransferStatus.SHIPPED, line__transfer__to_place_id__in=list(place_ids),
        line__part_id__in=list(part_ids), transit_qty__gt=0,
    ).order_by().values_list("line__transfer__to_place_id", "line__part_id")
    return [((place, part), total) for place, part, total in rows.annotate(total=quantity.summed("transit_qty"))]


def _waiting(column, place_ids, part_ids):
    rows = TransferLine.objects.filter(
        **{f"transfer__{column}__in": list(place_ids)}, part_id__in=list(part_ids),
        transfer__status__in=[TransferStatus.REQUESTED, TransferStatus.APPROVED],
    ).annotate(wanted=Coalesce("approved_qty", F("qty"))).order_by().values_list(f"transfer__{column}", "part_id")
    return [((place, part), total) for place, part, total in rows.annotate(total=quantity.summed("wanted"))]


def search_transfers(rows: QuerySet[Transfer], text: str) -> QuerySet[Transfer]:
    """Transfers by number, place or part."""
    lines = TransferLine.objects.filter(Q(part__code__iexact=text) | Q(part__name__icontains=text)).values("transfer_id")
    return rows.filter(
        Q(number__istartswith=text) | Q(from_place__name__icontains=text) | Q(to_place__name__icontains=text) | Q(pk__in=lines)
    )
