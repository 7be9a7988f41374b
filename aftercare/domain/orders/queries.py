"""Every read of sales that others may use."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.orders.models import Notice, Sale, SaleLine
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source


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
    return visible(Notice, actor).select_related("branch")
