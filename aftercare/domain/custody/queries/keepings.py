"""The one ledger: every thing that is not where it belongs, customers' with us and ours with others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from aftercare.domain.custody import rules
from aftercare.domain.custody.models import Keeping
from aftercare.foundation import access
from aftercare.foundation.access import Actor

KINDS_OF_KEEPING = Keeping.Kind.choices


def list_keepings(actor: Actor, *, is_open: bool | None = None, text: str = "", **equal: Any) -> QuerySet[Keeping]:
    """Rows of the ledger; page by ("-id",). `text` is the beginning of a number or part of the thing's or the holder's name."""
    rows = access.visible(Keeping, actor).select_related("branch", "customer", "employee")
    if is_open is not None:
        rows = rows.filter(until__isnull=is_open)
    return search_keepings(rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")}), text)


def search_keepings(rows: QuerySet[Keeping], text: str) -> QuerySet[Keeping]:
    """Those of these rows."""
    text = text.strip()
    found = Q(number__istartswith=text) | Q(name__icontains=text) | Q(customer__name__icontains=text) | Q(employee__name__icontains=text)
    return rows.filter(found) if text else rows


def receipt_of_unit(product_id: int, serial_key: str) -> str:
    """The number of the receipt against which a unit of that product and serial number lies with us, or empty."""
    held = Keeping.objects.filter(item=rules.item_of_unit(product_id, serial_key), until=None, kind_of=Keeping.Kind.GOODS)
    return held.values_list("number", flat=True).first() or ""
