from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from aftercare.domain.people import actions as people
from aftercare.foundation import clock
from aftercare.web import toasts
from aftercare.web.pages.registers import REGISTERS
from aftercare.web.policy import actor_of, page


@page()
@require_POST
def save(request: HttpRequest, register: str) -> HttpResponse:
    """Keep the present filters of a list under a name; the same name replaces the older view."""
    if register not in REGISTERS:
        raise Http404
    view = people.save_view(
        register=register,
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        actor=actor_of(request),
        at=clock.now(),
    )
    toasts.add(request, view.name)
    return redirect(f"{REGISTERS[register].home}?{view.query}")


@page()
@require_POST
def choose_columns(request: HttpRequest, register: str) -> HttpResponse:
    """Keep which columns of a list one sees; `usual` takes the choice back."""
    found = REGISTERS.get(register)
    if found is None:
        raise Http404
    keys = [c.key for c in found.chosen_columns(request.POST.getlist("columns"))]
    if "usual" in request.POST or keys == [c.key for c in found.usual_columns()]:
        keys = []
    people.choose_columns(register=register, keys=keys, actor=actor_of(request), at=clock.now())
    query = request.POST.get("query", "").lstrip("?")
    return redirect(f"{found.home}?{query}" if query else found.home)


@page()
@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Forget one's own saved view."""
    register = people.drop_view(key, actor=actor_of(request), at=clock.now())
    return redirect(REGISTERS[register].home if register in REGISTERS else "/")
