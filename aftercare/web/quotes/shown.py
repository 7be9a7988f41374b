"""What pages of orders show of their quotes."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.utils.translation import gettext as _t

from aftercare.domain.quotes import access, queries
from aftercare.flows import consent, lending
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.web.quotes.registers import TONES, address_of

_PNG = "data:image/png;base64,"
_OPEN = {"working", "repaired", "done", "inspected", "rework", "waiting_part", "accepted", "scheduled", "en_route", "hard", "quoting"}


def card(order: Any, actor: Actor, charges: Any = None) -> dict | None:
    """The rounds of an order's quotes with their answers, what may be done, and what consent lacks; None where nothing is to say.

    `charges` are those of the order, written or foreseen, as its page has read them already.
    """
    may_make = order.status not in ("audited", "settled", "closed", "cancelled") and _may(order, actor, access.MAKE)
    rows = queries.list_of_source(Source.of(order)) if order.quote else []
    answers = queries.answers_of(rows)
    lack = _lack(order, charges) if charges is not None and order.status in _OPEN else ""
    if not rows and not lack and not may_make:
        return None
    return {
        "rows": [
            {"quote": row, "tone": TONES[row.status], "url": address_of(row), "answer": answers.get(row.pk)} for row in rows
        ],
        "waiting": next((row for row in rows if row.status == "sent"), None),
        "new_url": f"/orders/{order.number}/quote/" if may_make else "",
        "may_record": _may(order, actor, access.RECORD), "lack": lack,
    }


def _may(order: Any, actor: Actor, permission: str) -> bool:
    return lending.for_quote(order, actor).may(permission, branch_id=order.branch_id, people=(order.engineer_id,))


def _lack(order: Any, charges: Any) -> str:
    refusal = consent.lack(order, charges, starting=consent.policy_at(order) != "off")
    return str(refusal.message) if refusal is not None and refusal.code != "consent_waiting" else ""


def read_signature(text: str) -> bytes | None:
    """The picture of a signature from a form's data URL; refuses what is no PNG."""
    if not text:
        return None
    try:
        picture = base64.b64decode(text.removeprefix(_PNG), validate=True)
    except (binascii.Error, ValueError):
        picture = b""
    if not picture.startswith(b"\x89PNG"):
        raise RuleBroken(_t("签名图片无法读取，请重签"), code="bad_signature", field="signature")
    return picture
