"""Labels of parts, bins and places, customers' things, and the two commands of a scanner."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from aftercare.domain.catalog import access as catalog_access
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.custody import access as custody_access
from aftercare.domain.custody import queries as custodies
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access as supply_access
from aftercare.domain.purchasing import queries as supply
from aftercare.flows.scan_loop import BAD, DONE, UNDO
from aftercare.foundation import clock
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound
from aftercare.web.labels import sheets
from aftercare.web.labels.sheets import Label, Wanted
from aftercare.web.policy import actor_of, page

MOST_ROWS = 200


def _ids(request: HttpRequest) -> list[int]:
    return [int(text) for text in request.GET.getlist("pk")[:MOST_ROWS] if text.isdigit()]


@page(catalog_access.VIEW)
def parts(request: HttpRequest) -> HttpResponse:
    """Labels of chosen parts: name, code, unit, and the home bin in one's own depot."""
    actor = actor_of(request)
    ids = _ids(request)
    rows = list(catalog.list_parts(actor).filter(pk__in=ids).order_by("code"))
    depot = stock.depot_of(actor.branch_id) if actor.branch_id else None
    homes = stock.home_bins(ids, depot.pk) if depot else {}
    wanted = [Wanted(f"{row.pk}", part_label(row, homes[row.pk].name if row.pk in homes else "")) for row in rows]
    return sheets.answer(request, wanted, title=_("配件标签"), back_url=f"/parts/{ids[0]}/" if len(ids) == 1 else "/parts/")


def part_label(part, where: str = "", lot: str = "", expires_on=None) -> Label:
    """A part's label; with a lot or serial number that is what is scanned of a serial part."""
    small = [part.code if lot and part.is_serial else "", lot if lot and not part.is_serial else "", where]
    if expires_on:
        small.append(_("有效期至 %(day)s") % {"day": expires_on.isoformat()})
    return Label(part.name, lot if lot and part.is_serial else part.code, tuple(text for text in small if text))


@page(supply_access.VIEW)
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Labels of what came with a delivery: one for each piece that is the company's, with its lot or serial number."""
    actor = actor_of(request)
    row = supply.get_receipt(key, actor)
    lines = [line for line in supply.receipt_lines_of(row) if line.kind_of == "ordered" and line.qty > line.rejected_qty]
    homes = stock.home_bins({line.part_id for line in lines}, row.place_id)
    wanted = [
        Wanted(f"{line.pk}", part_label(line.part, homes[line.part_id].name if line.part_id in homes else "", line.lot, line.expires_on),
               1 if line.part.is_serial else max(int(line.qty - line.rejected_qty), 1))
        for line in lines
    ]
    return sheets.answer(request, wanted, title=_("到货标签 %(number)s") % {"number": row.number}, back_url=f"/receipts/{row.number}/")


@page(stock_access.VIEW_STOCK)
def places(request: HttpRequest) -> HttpResponse:
    """Labels of chosen places, or of a depot (`depot`) and all its bins in the order in which they are walked."""
    actor = actor_of(request)
    if request.GET.get("depot", "").isdigit():
        depot = stock.get_place(int(request.GET["depot"]), actor)
        rows, back = [depot, *stock.list_bins(depot.pk, actor).filter(is_active=True)[:MOST_ROWS]], f"/places/{depot.pk}/"
    else:
        ids = _ids(request)
        rows = list(stock.list_places(actor).select_related("parent").filter(pk__in=ids))
        back = f"/places/{ids[0]}/" if len(ids) == 1 else "/places/"
    wanted = [Wanted(f"{row.pk}", Label(row.name, row.code, (row.parent.name if row.parent_id else row.get_kind_of_display(),))) for row in rows]
    return sheets.answer(request, wanted, title=_("库位标签"), back_url=back)


@page(custody_access.VIEW)
def custody(request: HttpRequest) -> HttpResponse:
    """Tags to hang on customers' things: receipt number, thing, whose, for which order, since when."""
    actor = actor_of(request)
    ids = _ids(request)
    rows = list(custodies.list_custodies(actor).filter(pk__in=ids).order_by("pk"))
    wanted = [
        Wanted(f"{row.pk}", Label(
            # The day first: what is long is cut at its end.
            row.item, row.number, tuple(filter(None, (f"{clock.local_day(row.received_at, actor.zone):%m-%d} {row.customer.name}",
                                                      row.source_number, row.place))), mark=_("客户商品"),
        ))
        for row in rows
    ]  # fmt: skip
    back = f"/custody/{rows[0].number}/" if len(rows) == 1 else "/custody/"
    return sheets.answer(request, wanted, title=_("收条吊牌"), back_url=back)


@page(custody_access.VIEW_THINGS)
def things(request: HttpRequest) -> HttpResponse:
    """Labels of tools, papers and loaners, by their numbers (`n`)."""
    actor, wanted, back = actor_of(request), [], "/scan/"
    for number in request.GET.getlist("n")[:MOST_ROWS]:
        row, slug = _thing(number, actor)
        back = f"/{slug}/{row.number}/"
        small = [getattr(row, "serial", ""), row.branch.name]
        wanted.append(Wanted(row.number, Label(str(getattr(row, "title", "") or getattr(row, "name", "") or row.product.name), row.number,
                                               tuple(text for text in small if text), mark=THINGS[slug])))
    return sheets.answer(request, wanted, title=_("工具、资料与备用机标签"), back_url=back)


THINGS = {"tools": gettext_lazy("工具仪器"), "papers": gettext_lazy("借阅资料"), "loaners": gettext_lazy("备用机")}


def _thing(number: str, actor):
    for get, slug in ((custodies.get_tool, "tools"), (custodies.get_loaner, "loaners"), (custodies.get_paper, "papers")):
        try:
            return get(number, actor), slug
        except NotFound:
            continue
    raise NotFound(_("没有找到这件工具、资料或备用机"), kind="custody.thing")


@page()
def commands(request: HttpRequest) -> HttpResponse:
    """The commands of a scanner, to stick beside the shelf: take back, finish, damaged, and quantities."""
    wanted = [Wanted("undo", Label(_("撤销上一扫"), UNDO)), Wanted("done", Label(_("提交"), DONE)),
              Wanted("bad", Label(_("下一扫记为破损或不合格"), BAD))]
    wanted += [Wanted(f"q{n}", Label(_("数量 %(n)s") % {"n": shown(n)}, f"*{n}")) for n in (2, 3, 4, 5, 10, 20, 50, 100)]
    return sheets.answer(request, wanted, title=_("扫码命令"), back_url="/scan/")


# Registers whose rows have labels: their slug, and the page of labels.
BULK = {"parts": "/labels/parts/", "cores": "/cores/tags/", "places": "/labels/places/", "custody": "/labels/custody/"}


@page()
@require_POST
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """On from the rows picked in a list to their labels."""
    if slug not in BULK:
        raise NotFound("")
    picked = [pk for pk in request.POST.getlist("pk") if pk.isdigit()][:MOST_ROWS]
    query = "&".join(f"pk={pk}" for pk in picked)
    return HttpResponseRedirect(f"{BULK[slug]}?{query}" if picked else f"/{slug}/", status=303)
