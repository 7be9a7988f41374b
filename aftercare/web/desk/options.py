"""What comboboxes offer while one types."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.web.policy import actor_of, page


@page()
def suggest(request: HttpRequest, kind: str) -> JsonResponse:
    """Rows for the text typed so far; an unknown kind is answered as not found."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    own = {"region": _regions, "customer": _customers, "engineer": _engineers, "supplier": _suppliers, "employee": _employees}.get(kind)
    rows = own(text, actor) if own else _words(kind, text, actor)
    return JsonResponse({"rows": rows})


def _words(kind: str, text: str, actor: Actor) -> list[dict]:
    rows = []
    for found in catalog.suggest(kind, text, actor, limit=10):
        row = {"id": found.id or "", "label": found.name, "hint": found.hint or found.code}
        if kind == "part":
            row["fill"] = {"code": found.code}
        rows.append(row)
    return rows


def _regions(text: str, actor: Actor) -> list[dict]:
    return [
        {"id": region.code, "label": region.name, "hint": region.parent.name if region.parent_id else ""}
        for region in people.search_regions(text, limit=12)
    ]


def _customers(text: str, actor: Actor) -> list[dict]:
    return [
        {"id": found.number, "label": found.name, "hint": parties.shown_phone(found, actor)}
        for found in parties.identify(text, actor).customers
    ]


def _suppliers(text: str, actor: Actor) -> list[dict]:
    return [{"id": found.number, "label": found.name, "hint": found.number} for found in parties.suggest_suppliers(text, actor)]


def _engineers(text: str, actor: Actor) -> list[dict]:
    rows = people.list_employees(actor, text=text).filter(is_engineer=True)[:12]
    return [{"id": one.pk, "label": one.name, "hint": one.number} for one in rows]


def _employees(text: str, actor: Actor) -> list[dict]:
    rows = people.list_employees(actor, text=text)[:12] if actor.holds("people.view_employee") else []
    return [{"id": one.pk, "label": one.name, "hint": one.number} for one in rows]
