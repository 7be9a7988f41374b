from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.journal import access, queries
from aftercare.domain.people import queries as people
from aftercare.web.pages import fields, sources, timelines
from aftercare.web.policy import actor_of, page


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One entry of the log: who, when, from where, and every field before and after."""
    actor = actor_of(request)
    fact = fields.one(queries.list_facts(actor), pk=fields.whole(key))
    branch = people.list_branches(actor, active=None).filter(pk=fact.branch_id).first() if fact.branch_id else None
    context = {
        "fact": fact,
        "who": timelines.who(fact),
        "words": timelines.say(fact.verb, fact.kind),
        "thing": timelines.name_of(fact.kind) or fact.kind,
        "thing_url": sources.address_of(fact.kind, fact.number),
        "branch": branch,
        "changes": [
            {"name": name, "before": pair[0], "after": pair[1]}
            for name, pair in fact.changes.items()
            if isinstance(pair, list) and len(pair) == 2
        ],
    }
    return render(request, "journal/fact.html", context)
