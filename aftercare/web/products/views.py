from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.catalog import access, queries
from aftercare.web.policy import actor_of, page


@page(access.VIEW)
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of categories, each under its parent, with what lies in it and below."""
    actor = actor_of(request)
    rows = [{"row": row, "indent": "　" * row.depth} for row in queries.category_tree(actor)]
    context = {"rows": rows, "may_edit": actor.holds(access.EDIT),
               "may_merge": actor.holds(access.MERGE)}  # fmt: skip
    return render(request, "products/categories.html", context)
