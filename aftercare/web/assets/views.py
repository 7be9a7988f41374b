from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.assets import access, queries
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.work import queries as orders
from aftercare.flows import sell_warranty
from aftercare.foundation import clock
from aftercare.web.assets import doings
from aftercare.web.files import shown as files
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page
from aftercare.web.rights import shown as rights
from aftercare.web.terms.views import shown

_PER_SHEET, _MOST_LABELS = 24, 240


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A unit's file: whose it is, its warranty with the reason, its service history."""
    actor = actor_of(request)
    unit = queries.get_asset(key, actor)
    today = entitlement.local_day(unit, clock.now())
    decision = entitlement.without_papers(entitlement.decide(asset_id=unit.pk, on=today), unit, actor)
    may_entry = {name: actor.may(one[1], branch_id=unit.branch_id, people=_own(unit, actor)) for name, one in doings.ON_ENTRY.items()}
    entries = list(entitlement.list_entries(actor, unit.pk).order_by("id")) if actor.holds("entitlement.view") else []
    sold = sell_warranty.bills_of(entries) if actor.holds("billing.view_bill") else {}
    for entry in entries:
        entry.bill = None if entry.is_former else sold.get(entry.pk)
    context = {
        "unit": unit,
        **shown(decision),
        "today": today,
        "sentence": entitlement.sentence(decision),
        "entries": entries,
        "may_entry": may_entry,
        "doings": doings.offered(unit, actor),
        "contract": entitlement.tell_contracts([decision.contract]).get(decision.contract.get("id"), ""),
        "contract_url": f"/contracts/{decision.contract['number']}/"
        if decision.contract and actor.holds("entitlement.view_contract") else "",
        "new_contract_url": f"/contracts/new/?customer={unit.customer.number}&unit={unit.number}"
        if unit.customer_id and not decision.contract and actor.holds("entitlement.keep_contract") else "",
        "rights": rights.of_unit(unit, actor),
        "orders": orders.list_of_asset(unit.pk, actor),
        "owners": list(queries.list_owners_for(unit, actor)),
        "attached": files.section(unit, actor),
        "placements": list(queries.list_placements(unit)),
        "readings": list(queries.list_readings(unit)[:6]),
        "parent": unit.parent if unit.parent_id else None,
        "events": timelines.events("assets.asset", unit.pk, since=queries.hidden_until(unit, actor)),
        "may_edit": actor.may(access.EDIT, branch_id=unit.branch_id),
        "facts": _facts(unit, actor),
    }
    return render(request, "assets/asset.html", context)


def _own(unit, actor) -> tuple:
    return (actor.employee_id,) if unit.branch_id == actor.branch_id else ()


def _facts(unit, actor) -> list[dict]:
    is_hidden = queries.hides_papers(unit, actor)
    shown = [
        (_("序列号"), unit.serial),
        (_("生产日期"), unit.made_on or unit.made_year),
        (_("销售日期"), unit.sold_on),
        (_("开票日期"), unit.invoiced_on),
        (_("交付日期"), unit.delivered_on),
        (_("安装日期"), unit.installed_on),
        (_("销售商"), "" if is_hidden else unit.seller),
        (_("销售单号"), "" if is_hidden else unit.order_number),
        (_("发票号"), "" if is_hidden else unit.invoice_number),
        (_("安装地点"), unit.place),
        (_("发票上的序列号"), "" if is_hidden else unit.invoice_serial),
        (_("登记日期"), unit.registered_on),
        (_("读数"), f"{unit.reading:,} · {unit.read_on}" if unit.reading is not None else None),
        (_("版本级别"), unit.revision),
        (_("颜色"), unit.colour),
    ]
    # What is empty is left out, save the first three days that every warranty question begins with.
    return [{"label": label, "value": value} for at, (label, value) in enumerate(shown) if at < 3 or value]


@page(access.VIEW)
def label(request: HttpRequest, key: str) -> HttpResponse:
    """The QR label to stick on the unit: it opens the unit's page, or the customer's request page."""
    unit = queries.get_asset(key, actor_of(request))
    address = request.build_absolute_uri(f"/u/{unit.token}/")
    context = {
        "title": _("设备标签"),
        "size": "label",
        "unit": unit,
        "address": address,
        "back_url": f"/assets/{unit.number}/",
    }
    return render(request, "assets/label.html", context)


@page(access.VIEW)
def labels(request: HttpRequest) -> HttpResponse:
    """A sheet of labels on A4: the newest units, or those of a search or a customer (`q`, `customer`)."""
    actor = actor_of(request)
    rows = queries.list_assets(actor).order_by("-id")
    if request.GET.get("customer"):
        rows = rows.filter(customer__number=request.GET["customer"][:24])
    units = list(queries.searched(rows, request.GET.get("q", ""))[:_MOST_LABELS])
    context = {
        "title": _("设备标签"), "size": "a4", "back_url": "/assets/", "note": _("A4，每页 24 张"),
        "pages": [
            [{"unit": u, "address": request.build_absolute_uri(f"/u/{u.token}/")} for u in units[start : start + _PER_SHEET]]
            for start in range(0, len(units), _PER_SHEET)
        ],
    }  # fmt: skip
    return render(request, "assets/labels.html", context)
