from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from aftercare.domain.people import access, actions, queries
from aftercare.foundation.access import PERMISSIONS
from aftercare.web.pages import timelines
from aftercare.web.pages.posting import perform
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
        "offered": [(code, PERMISSIONS.get(code, code)) for code in role.offered],
        "events": timelines.events("people.role", role.pk, limit=20),
    }
    return render(request, "roles/role.html", context)


@page(access.EDIT_ROLE)
@require_POST
def answer_offers(request: HttpRequest, key: str) -> HttpResponse:
    """Grant or decline the ticked permissions that are new in this version."""
    is_grant = request.POST.get("answer") == "grant"
    answer = actions.grant_offered if is_grant else actions.decline_offered

    def act(*, actor, at) -> str:
        role = forms.load(key, actor)
        answer(role, permissions=request.POST.getlist("permissions"), version=role.version, actor=actor, at=at)
        return f"/roles/{role.code}/"

    return perform(request, f"role.offers:{key}", act, done=_t("已授予") if is_grant else _t("已拒绝，不再提示"))


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
