"""One order with what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.work.lifecycle import ORDER
from aftercare.domain.work.models import Material, RepairCard, Signature, Visit, WorkOrder
from aftercare.foundation import access, plans, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.rows import find_one

# What a page or an answer of one order shows of other rows, in one statement; the rest is read when asked for.
_SHOWN = {
    "customer": ("number", "name", "phone", "grade", "kind_of", "address", "note", "tags"),
    "product": ("name", "code", "brand", "category_id"),
    "category": ("name", "code", "parent_id", "needs_certificate"),
    "asset": ("number", "serial", "product_id", "branch_id", "sold_on", "installed_on", "place", "token"),
    "engineer": ("number", "name", "phone", "grade", "branch_id", "is_engineer", "is_active"),
    "region": ("code", "name", "is_urban"),
    "branch": ("number", "name", "kind_of", "zone", "phone", "address"),
    "outlet": ("number", "name", "kind_of", "phone"),
    "work_type": ("code", "name", "is_repair", "minutes"),
    "fault": ("name", "code"), "cause": ("name", "code"), "solution": ("name", "code"),
    "repeat_of": ("number", "finished_at", "status"),
    "created_by": ("number", "name"), "inspected_by": ("number", "name"), "audited_by": ("number", "name"),
}
_OWN = tuple(f.name for f in WorkOrder._meta.concrete_fields if f.name not in ("search", "is_open"))
_COLUMNS = (*_OWN, *(f"{name}__{column}" for name, columns in _SHOWN.items() for column in columns))


def get_order(key: str | int, actor: Actor, *, joined: bool = True) -> WorkOrder:
    """The order of that number or id; NotFound when it is not there or not to be seen.

    `joined=False` reads the bare row: enough for a move.
    """
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = statements.find(_joined if joined else _bare, where=access.scope(WorkOrder, actor), **named)
    if found is None:
        raise NotFound(_("没有找到服务单"), kind="work.workorder")
    return found


def _bare() -> QuerySet[WorkOrder]:
    return WorkOrder.objects.defer("search")


def _joined() -> QuerySet[WorkOrder]:
    return WorkOrder.objects.select_related(*_SHOWN).only(*_COLUMNS)


class PriceTraits(NamedTuple):
    """What the fee schedule asks of an order's place and owner."""

    urban: bool | None
    kind: str
    grade: str
    region_code: str
    # Usual minutes of its work type.
    standard: int


def price_traits(order: WorkOrder) -> PriceTraits:
    """Urban or not, kind and grade of the customer, the region's code, the work type's usual time. At most one statement."""
    fields = WorkOrder._meta
    if all(fields.get_field(name).is_cached(order) or not getattr(order, f"{name}_id") for name in ("region", "customer", "work_type")):
        region, customer = (order.region if order.region_id else None), (order.customer if order.customer_id else None)
        if (region is None or "code" in region.__dict__) and (customer is None or "grade" in customer.__dict__):
            return PriceTraits(region.is_urban if region else None, customer.kind_of if customer else "",
                               customer.grade if customer else "", region.code if region else "", order.work_type.minutes)
    urban, kind, grade, code, standard = plans.rows(_traits, order.pk)[0]
    return PriceTraits(urban, kind or "", grade or "", code or "", standard)


def _traits(order_id: int) -> QuerySet:
    columns = ("region__is_urban", "customer__kind_of", "customer__grade", "region__code", "work_type__minutes")
    return WorkOrder.objects.filter(pk=order_id).values_list(*columns)


def with_names(order: WorkOrder) -> WorkOrder:
    """The order joined with what the commission asks: work type, category, engineer, the repair it repeats."""
    return statements.find(_named, pk=order.pk)


def _named() -> QuerySet[WorkOrder]:
    rows = WorkOrder.objects.select_related("work_type", "category", "engineer", "repeat_of")
    return rows.defer("search", "detail", "repeat_of__search", "repeat_of__detail")


def get_orders(ids: Iterable[int], actor: Actor) -> dict[int, WorkOrder]:
    """Orders by id, as far as the actor sees, joined with what a list shows."""
    rows = access.visible(WorkOrder, actor).select_related("customer", "product", "asset", "engineer", "region", "branch")
    return {order.pk: order for order in rows.filter(pk__in=list(ids))}


def find_by_external_id(external_id: str) -> WorkOrder | None:
    """The order that came in under that foreign number, for imports that are run again."""
    return find_one(WorkOrder.objects.filter(external_id=external_id)) if external_id else None


def materials_of(order: WorkOrder) -> QuerySet[Material]:
    """Its part lines in the order they were written, with part and place."""
    return _materials().filter(order_id=order.pk)


def read_materials(order: WorkOrder) -> list[Material]:
    """The same lines as a list, by a kept statement."""
    return statements.read(_materials, order_id=order.pk)


def _materials() -> QuerySet[Material]:
    return Material.objects.select_related("part", "place").order_by("id")


def visits_of(order: WorkOrder) -> QuerySet[Visit]:
    """Its trips, first one first."""
    return Visit.objects.filter(order_id=order.pk).select_related("engineer").order_by("sequence")


def card_of(order: WorkOrder) -> RepairCard | None:
    """Its repair card, if one was begun."""
    card = find_one(RepairCard.objects.filter(order_id=order.pk))
    if card is not None:
        card.order = order
    return card


def signature_of(order: WorkOrder) -> Signature | None:
    """The customer's newest signature."""
    return statements.find(_signatures, order_id=order.pk)


def _signatures() -> QuerySet[Signature]:
    return Signature.objects.order_by("-id")


def open_moves(order: WorkOrder, actor: Actor) -> list:
    """The moves this actor may make now that also fit the way of service: what buttons and the API show."""
    bench = order.mode == WorkOrder.Mode.BENCH
    hidden = {"set_out", "arrive"} if bench else {"start", "finish_repair"}
    if order.mode in (WorkOrder.Mode.OUTSIDE, WorkOrder.Mode.REMOTE):
        hidden = set()
    return [move for move in ORDER.open_moves(order, actor) if move.name not in hidden]
