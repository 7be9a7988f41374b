import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.billing import access, queries
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.refusals import NotFound
from aftercare.web.bills.registers import METHODS
from aftercare.web.policy import actor_of, page

# Of each kind of loose end so many are listed; the registers show the rest.
MOST = 50


@page(access.VIEW_BILL)
def sheet(request: HttpRequest) -> HttpResponse:
    """The cash sheet of a branch on a day; `?print=1` gives the sheet to sign."""
    actor = actor_of(request)
    branches = list(people.list_branches(actor))
    if not branches:
        raise NotFound(_("没有可以查看的机构"))
    asked = request.GET.get("branch", "")
    branch = next((b for b in branches if str(b.pk) == asked or (not asked and b.pk == actor.branch_id)), branches[0])
    today = clock.local_day(clock.now(), branch.zone)
    day = _day(request.GET.get("day", "")) or today
    found = queries.cash_sheet(branch.pk, day, actor=actor)
    words = dict(METHODS)
    context = {
        "branch": branch,
        "branches": branches,
        "day": day,
        "sheet": found,
        "rows": [{"row": row, "method": words.get(row.method, row.method)} for row in found.rows],
        "held": found.total("held_amount"),
        "remitted": found.total("remitted_amount"),
        "voided": found.total("voided_amount"),
        "methods": [{"label": words.get(code, code), "amount": amount} for code, amount in found.by_method().items()],
        "previous": day - dt.timedelta(days=1),
        "next": day + dt.timedelta(days=1),
        "is_today": day == today,
        "title": _("日现金表"),
        "size": "a4",
        "back_url": f"/cash/?branch={branch.pk}&day={day}",
        "now": clock.now(),
        "may_remit": actor.may(access.REMIT, branch_id=branch.pk),
    }
    return render(request, "cash/print.html" if request.GET.get("print") else "cash/sheet.html", context)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@page(access.VIEW_BILL)
def unsettled(request: HttpRequest) -> HttpResponse:
    """What a day may not end with: money owed, held, paid too much, or collected without a final bill; finished work unbilled."""
    actor = actor_of(request)
    found = queries.unsettled(actor)
    orders = list(work.unsettled_orders(actor).order_by("pk")[: MOST * 4]) if actor.holds("work.view_order") else []
    without = queries.without_final_bill("work.workorder", [order.pk for order in orders])
    context = {
        "unpaid": list(found.unpaid.order_by("pk")[:MOST]),
        "overpaid": list(found.overpaid.order_by("pk")[:MOST]),
        "not_final": list(found.not_final.order_by("pk")[:MOST]),
        "unremitted": list(found.unremitted.order_by("pk")[:MOST]),
        "orders": [order for order in orders if order.pk in without][:MOST],
    }
    context["is_clean"] = not any(context.values())
    return render(request, "cash/unsettled.html", context)
