from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.people import access, queries
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page
from aftercare.web.roles import forms


@page(access.VIEW_ROLE)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A role: what it allows by rooms, how far, and who holds it where."""
    actor = actor_of(request)
    role = forms.load(key, actor)
    rooms = [r | {"held": [p for p in r["permissions"] if p["on"]]} for r in forms.rooms(role.permissions)]
    reach = actor.reach(access.EDIT_ROLE)
    context = {
        "role": role,
        "rooms": rooms,
        "grants": list(queries.list_grants(actor, role_id=role.pk)[:200]),
        "may_edit": bool(reach and reach.everywhere),
        "events": timelines.events("people.role", role.pk, limit=20),
    }
    return render(request, "roles/role.html", context)


@page(access.VIEW_ROLE)
def table(request: HttpRequest) -> HttpResponse:
    """All permissions by rooms against all roles."""
    roles = list(queries.list_roles(actor_of(request)))
    held = [set(role.permissions) for role in roles]
    rooms = forms.rooms()
    for room in rooms:
        for permission in room["permissions"]:
            permission["marks"] = ["*" in own or permission["code"] in own for own in held]
    return render(request, "roles/table.html", {"roles": roles, "rooms": rooms})
