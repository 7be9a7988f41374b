from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.people import access, queries
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page


@page(access.VIEW_BRANCH)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A branch: what it is, its departments, its people, whom it serves, its hours this week."""
    actor = actor_of(request)
    branch = queries.get_branch(key, actor)
    people = list(queries.list_employees(actor).filter(branch=branch)[:50]) if actor.holds(access.VIEW_EMPLOYEE) else []
    context = {
        "branch": branch,
        "departments": list(queries.list_departments(actor, branch_id=branch.pk)),
        "people": people,
        "coverage": list(queries.list_coverage(actor, branch_id=branch.pk)[:100]),
        "below": list(queries.list_branches(actor).filter(parent=branch)),
        "may_edit": actor.may(access.EDIT_BRANCH, branch_id=branch.pk),
        "may_cover": actor.may(access.EDIT_REGION, branch_id=branch.pk),
        "events": timelines.events("people.branch", branch.pk, limit=20),
    }
    return render(request, "branches/branch.html", context)
