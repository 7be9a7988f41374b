"""What is being bought because of a document, as its page shows it."""

from __future__ import annotations

from typing import Any

from aftercare.domain.purchasing import access, queries
from aftercare.foundation.access import Actor
from aftercare.web.purchasing.registers import ARRIVAL_TONES, ORDER_TONES, REQUEST_TONES, order_address, request_address


def supply(kind: str, source_id: int, actor: Actor) -> list[dict[str, Any]]:
    """Rows for components/supply.html: each request line of the document with the order lines that bring it. Two statements."""
    if not actor.holds(access.VIEW_REQUEST):
        return []
    lines = queries.requests_for(kind, source_id)
    bought: dict[int, list] = {}
    if lines and actor.holds(access.VIEW):
        for row in queries.supply_of(kind, source_id):
            bought.setdefault(row.request_line_id, []).append(row)
    return [
        {
            "part": line.part, "qty": line.qty, "request": line.request, "url": request_address(line.request),
            "tone": REQUEST_TONES[line.request.status], "orders": [_order(row) for row in bought.get(line.pk, [])],
        }
        for line in lines
    ]  # fmt: skip


def _order(row: Any) -> dict[str, Any]:
    order = row.order
    is_sent = order.status == "sent"
    return {
        "number": order.number, "url": order_address(order), "supplier": order.supplier.name, "row": row,
        "label": order.get_arrival_display() if is_sent else order.get_status_display(),
        "tone": ARRIVAL_TONES[order.arrival] if is_sent else ORDER_TONES[order.status],
        "expected_on": row.expected_on or order.expected_on,
    }  # fmt: skip
