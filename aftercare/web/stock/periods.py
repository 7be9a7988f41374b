"""Closing stock periods, the rules of a branch for documents, and the stock of a past day."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, spreadsheet
from aftercare.foundation.access import Actor
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.policy import actor_of, page
from aftercare.web.stock.registers import CONDITIONS, _places

SHOWN = 500
# For the value of a past day on the page so many moves are read at most (about a second); the workbook reads all.
MOST_MOVES = 100_000


class CloseForm(fields.RowForm):
    """Up to which day, for which branch."""

    branch = fields.row(_("机构"))
    closed_to = fields.day(_("结账至"), help_text=_("含当日；结账后此日及以前不能再入账"))

    def fit(self):
        branches = people.list_branches(self.actor).order_by("number")
        reach = self.actor.reach(access.CLOSE_PERIOD)
        if reach is None or not reach.everywhere:
            branches = branches.filter(pk__in=reach.branches if reach else [])
            self.fields["branch"].required = True
        else:
            self.fields["branch"].empty_label = _("全公司")
        self.fields["branch"].queryset = branches


class RuleForm(fields.RowForm):
    """The branch's rules for stock documents."""

    two_person_amount = fields.money(_("双人复核起点金额"), required=False, help_text=_("超过此金额，制单人不能自己过账；留空不要求"))
    back_days = forms.IntegerField(label=_("可补记天数"), min_value=0, max_value=366, help_text=_("单据日期在此天数内按单据日期入账，更早的记在过账当天"))


def save_close(_row, cleaned, *, actor, at, version):
    """Close a period."""
    branch = cleaned["branch"]
    actions.close_period(closed_to=cleaned["closed_to"], branch_id=branch.pk if branch else None, actor=actor, at=at)
    return "/stock/periods/"


def load_rule(key, actor):
    """The rules of that branch."""
    return queries.rule_of(people.get_branch(key, actor).pk)


def save_rule(row, cleaned, *, actor, at, version):
    """Set the rules of a branch."""
    actions.set_rule(row.branch_id, two_person_amount=cleaned["two_person_amount"], back_days=cleaned["back_days"],
                     version=version, actor=actor, at=at)
    return "/stock/periods/"


CLOSE = EditPage(
    name="stock_close", title=_("库存结账"), permission=access.CLOSE_PERIOD, list_label=_("库存期间"), list_url="/stock/periods/",
    form=CloseForm.build, save=save_close, sections=((_("库存结账"), ("branch", "closed_to")),),
)  # fmt: skip
RULE = EditPage(
    name="stock_rule", title=_("库存单据规则"), permission=access.EDIT_RULES, list_label=_("库存期间"), list_url="/stock/periods/",
    form=RuleForm.build, save=save_rule, load=load_rule, sections=((_("库存单据规则"), ("two_person_amount", "back_days")),),
)  # fmt: skip


@page(access.VIEW_STOCK)
def show(request: HttpRequest) -> HttpResponse:
    """What is closed, and the rules of each branch."""
    actor = actor_of(request)
    rules = {rule.branch_id: rule for rule in queries.list_rules(actor)}
    context = {
        "title": _now("库存期间"), "periods": list(queries.list_periods(actor)[:100]),
        "rules": [(branch, rules.get(branch.pk)) for branch in people.list_branches(actor).order_by("number")[:200]],
        "may_close": actor.holds(access.CLOSE_PERIOD), "may_rule": actor.holds(access.EDIT_RULES),
    }  # fmt: skip
    return render(request, "stock/periods.html", context)


def _asked(request: HttpRequest, actor: Actor) -> tuple[dt.date, list[int] | None, int | None]:
    today = clock.local_day(clock.now(), actor.zone)
    try:
        day = min(dt.date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        day = today - dt.timedelta(days=1)
    place, part = request.GET.get("place", ""), request.GET.get("part", "").strip()
    found = catalog.parts_by_code([part]).get(part) if part else None
    return day, [int(place)] if place.isdigit() else None, (found.pk if found else -1) if part else None


def _rows(day: dt.date, place_ids, part_id, actor: Actor, *, most: int | None = None) -> list[dict]:
    found = queries.stock_on(day, actor=actor, place_ids=place_ids, part_id=part_id)
    parts = catalog.list_parts(actor).in_bulk({row[1] for row in found})
    places = queries.list_places(actor).in_bulk({row[0] for row in found})
    words, units = dict(CONDITIONS), queries.units_on(day, found, places, actor, most=most) if actor.holds(access.VIEW_COST) else {}
    return [
        {"place": places[place], "part": parts[part], "condition": words[condition], "lot": lot, "qty": qty,
         "amount": _worth(qty, units.get((places[place].branch_id, part)), condition)}
        for place, part, condition, lot, qty in found
    ]


def _worth(qty: Decimal, unit: Decimal | None, condition: str) -> Decimal | None:
    """What goods were worth; nothing is told where the reader may not see costs, or where the condition carries no value."""
    return money.rounded(qty * unit) if unit is not None and condition in ("good", "inspection") else None


@page(access.VIEW_STOCK)
def show_day(request: HttpRequest) -> HttpResponse:
    """What lay where at the end of a past day."""
    actor = actor_of(request)
    day, place_ids, part_id = _asked(request, actor)
    rows = _rows(day, place_ids, part_id, actor, most=MOST_MOVES)
    context = {
        "title": _now("历史库存"), "day": day, "rows": rows[:SHOWN], "count": len(rows), "places": _places(actor),
        "place": request.GET.get("place", ""), "part": request.GET.get("part", ""), "query": request.GET.urlencode(),
        "may_cost": actor.holds(access.VIEW_COST) and (not rows or any(row["amount"] is not None for row in rows)), "value": sum((row["amount"] or 0 for row in rows), start=Decimal(0)),
    }  # fmt: skip
    return render(request, "stock/day.html", context)


@page(access.VIEW_STOCK)
def export_day(request: HttpRequest) -> FileResponse:
    """The same as a workbook, all rows."""
    actor = actor_of(request)
    day, place_ids, part_id = _asked(request, actor)
    columns = [spreadsheet.Column(str(title), kind) for title, kind in (
        (_("库位编码"), "text"), (_("库位"), "text"), (_("配件编码"), "text"), (_("配件"), "text"), (_("状态"), "text"),
        (_("批次或序列号"), "text"), (_("数量"), "quantity"), (_("单位"), "text"), (_("金额"), "money"))]  # fmt: skip
    values = (
        [row["place"].code, row["place"].name, row["part"].code, row["part"].name, str(row["condition"]), row["lot"], row["qty"],
         row["part"].unit, row["amount"]]
        for row in _rows(day, place_ids, part_id, actor)
    )  # fmt: skip
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, columns, values, title=f"{day}", zone_name=actor.zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"stock-{day}.xlsx")
