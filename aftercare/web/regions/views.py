from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.people import access, actions, queries
from aftercare.web.pages import fields, timelines
from aftercare.web.policy import actor_of, page
from aftercare.web.regions.forms import address_of


@page(access.VIEW_BRANCH)
def browse(request: HttpRequest) -> HttpResponse:
    """The provinces, or what a search finds, and every region that somebody serves."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()
    regions = queries.search_regions(text, limit=100) if text else list(queries.list_regions())
    typed = list(queries.list_new_regions()[:100]) if not text else []
    context = {"regions": regions, "text": text, "typed": typed, "may_edit": actor.holds(access.EDIT_REGION), "coverage": list(queries.list_coverage(actor)[:200])}
    return render(request, "regions/browse.html", context)


@page(access.VIEW_BRANCH)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A region: what lies above and below it, whether it is urban, who serves it."""
    actor = actor_of(request)
    region = queries.get_region(key)
    above = [r for r in map(queries.find_region, reversed(queries.region_chain(key)[1:])) if r]
    context = {
        "region": region,
        "above": above,
        "below": list(queries.list_regions(parent_code=key)),
        "coverage": list(queries.list_coverage(actor).filter(region=region)),
        "serving": queries.branches_for_region(key),
        "may_edit": actor.holds(access.EDIT_REGION),
        "events": timelines.events("people.region", region.pk, limit=20),
    }
    return render(request, "regions/region.html", context)


def switch(key: str, *, actor, at) -> str:
    """Urban becomes suburban and the other way round."""
    region = queries.get_region(key)
    actions.edit_region(region, version=region.version, is_urban=not region.is_urban, actor=actor, at=at)
    return address_of(region)


def uncover(key: str, coverage: int, *, actor, at) -> str:
    """Somebody serves the region no more."""
    region = queries.get_region(key)
    actions.remove_coverage(fields.one(queries.list_coverage(actor), pk=coverage, region=region), actor=actor, at=at)
    return address_of(region)


def confirm(key: str, *, actor, at) -> str:
    """A typed region is right as it is."""
    actions.confirm_region(queries.get_region(key), actor=actor, at=at)
    return "/regions/"
