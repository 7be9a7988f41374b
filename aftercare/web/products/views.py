from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.catalog import access, queries
from aftercare.web.policy import actor_of, page


@page(access.VIEW)
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of categories, each under its parent."""
    actor = actor_of(request)
    below: dict[int | None, list] = {}
    for row in queries.list_categories(actor).order_by("name"):
        below.setdefault(row.parent_id, []).append(row)
    context = {"rows": list(_walk(below, None, 0)), "may_edit": actor.holds(access.EDIT)}
    return render(request, "products/categories.html", context)


def _walk(below: dict, parent: int | None, depth: int):
    for row in below.get(parent, []):
        yield {"row": row, "indent": "　" * depth}
        yield from _walk(below, row.pk, depth + 1)
