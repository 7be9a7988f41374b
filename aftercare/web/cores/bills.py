"""An outlet's bill for overdue old parts: every line explained, collected, disputed, waived; and what stands on no bill yet."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.cores import access, actions, queries
from aftercare.domain.cores.lifecycle import BILL
from aftercare.foundation.money import in_capitals
from aftercare.web.cores.registers import BILL_TONES, bill_address
from aftercare.web.pages import sources, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page

METHODS = (("transfer", _("转账")), ("cash", _("现金")), ("offset", _("抵扣往来款")))


def _reason(actor, row):
    return forms.CharField(label=_("原因"), max_length=200)


DOOR = MoveDoor(
    slug="core-bills", lifecycle=BILL, load=queries.get_bill, address=bill_address,
    runs={
        "collect": actions.collect, "dispute": actions.dispute, "answer_dispute": actions.answer_dispute, "waive_bill": actions.waive_bill,
        "reopen_bill": actions.reopen_bill,
    },
    asks={
        "reason": _reason, "method": lambda actor, row: forms.ChoiceField(label=_("收款方式"), choices=METHODS),
        "reference": lambda actor, row: forms.CharField(label=_("收款凭证号"), max_length=60, required=False),
    },
    open_moves=queries.open_bill_moves,
)  # fmt: skip


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A bill: what for, how much, and where it stands."""
    actor = actor_of(request)
    row = queries.get_bill(key, actor)
    buttons = DOOR.buttons(row, actor)
    context = {
        "row": row, "title": row.outlet.name, "number": row.number, "list_label": _t("网点旧件扣款"), "list_url": "/core-bills/",
        "status": {"label": row.get_status_display(), "tone": BILL_TONES[row.status]}, "sub": f"{row.month:%Y-%m} · {row.branch.name}",
        "moves": [b for b in buttons if not b["primary"]] + [b for b in buttons if b["primary"]], "lines": _lines(row),
        "capitals": in_capitals(row.amount) if row.amount > 0 else "", "method": dict(METHODS).get(row.method, row.method),
        "unbilled": _unbilled(row, actor), "events": timelines.events("cores.corebill", row.pk, zone_name=actor.zone),
    }
    return render(request, "cores/bill.html", context)


def _lines(bill) -> list[dict]:
    return [
        {"at": one.charge.at, "core": one.charge.core, "text": queries.explain(one.charge), "amount": one.amount,
         "engineer": one.charge.core.employee.name if one.charge.core.employee_id else "",
         "order_url": sources.address_of(one.charge.core.source_kind, one.charge.core.source_number), "is_back": one.charge.reverses_id}
        for one in queries.lines_of_bill(bill)
    ]


def _unbilled(bill, actor) -> dict | None:
    rows = list(queries.unbilled_charges(actor).filter(outlet_id=bill.outlet_id))
    return {"n": len(rows), "amount": sum(one.amount for one in rows)} if rows else None
