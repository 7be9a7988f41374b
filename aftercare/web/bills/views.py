from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.billing import access, actions, queries
from aftercare.domain.billing.lifecycle import BILL, COLLECTION
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.web.bills.registers import BILL_TONES, METHODS, MONEY_TONES, bill_address, receipt_address
from aftercare.web.pages import fields, sources, timelines
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


def _reason(actor, row):
    return forms.CharField(label=_("原因"), max_length=200)


def load_bill(key, actor):
    """That bill."""
    return queries.get_bill(fields.whole(key), actor)


def load_receipt(key, actor):
    """That receipt, by number."""
    return queries.get_collection(str(key), actor)


BILL_DOOR = MoveDoor(
    slug="bills",
    lifecycle=BILL,
    load=load_bill,
    address=bill_address,
    runs={"finalise": actions.finalise, "reverse_final": actions.reverse_final},
    asks={"reason": _reason},
)
RECEIPT_DOOR = MoveDoor(
    slug="collections",
    lifecycle=COLLECTION,
    load=load_receipt,
    address=receipt_address,
    runs={"remit": lambda row, **given: actions.remit([row], **given), "void": actions.void},
    asks={"reason": _reason},
)


@page(access.VIEW_BILL)
def show_bill(request: HttpRequest, key: str) -> HttpResponse:
    """A bill: its charges, who pays them, what was collected."""
    actor = actor_of(request)
    bill = load_bill(key, actor)
    source = Source(bill.source_kind, bill.source_id, bill.source_number)
    charges = queries.charges_of(source)
    context = {
        "bill": bill,
        "title": bill.customer.name if bill.customer else bill.source_number,
        "number": bill.source_number,
        "list_label": _now("账单"),
        "list_url": "/bills/",
        "sub": bill.branch.name,
        "status": {"label": bill.get_status_display(), "tone": BILL_TONES[bill.status]},
        "moves": BILL_DOOR.buttons(bill, actor),
        "charges": charges,
        "borne": queries.borne_by(charges),
        "collections": queries.collections_of(source),
        "source_url": sources.address_of(bill.source_kind, bill.source_number),
        "may_collect": bill.status == "final"
        and bill.open_amount > 0
        and actor.may(access.COLLECT, branch_id=bill.branch_id, people=bill.people_shown()),
        "events": timelines.events("billing.bill", bill.pk, zone_name=actor.zone),
    }
    return render(request, "bills/bill.html", context)


@page(access.VIEW_BILL)
def show_receipt(request: HttpRequest, key: str) -> HttpResponse:
    """A receipt: what was paid, by whom, where the money is."""
    actor = actor_of(request)
    row = load_receipt(key, actor)
    context = {
        "row": row,
        "title": f"¥{row.amount:,.2f} {row.get_method_display()}",
        "number": row.number,
        "list_label": _now("收款"),
        "list_url": "/collections/",
        "status": {"label": row.get_status_display(), "tone": MONEY_TONES[row.status]},
        "moves": RECEIPT_DOOR.buttons(row, actor),
        "source_url": sources.address_of(row.bill.source_kind, row.bill.source_number),
        "events": timelines.events("billing.collection", row.pk, zone_name=actor.zone),
    }
    return render(request, "bills/receipt.html", context)


@page(access.REMIT)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Take over the cash of the receipts picked: all of them or none."""
    keys = [int(pk) for pk in request.POST.getlist("pk") if pk.isdigit()]
    if request.POST.get("action") != "remit" or not keys:
        raise RuleBroken(_now("请先选择收款"), code="nothing_picked")

    def act(*, actor, at) -> str:
        rows = list(queries.list_collections(actor).filter(pk__in=keys).order_by("pk"))
        if len(rows) != len(set(keys)):
            raise RuleBroken(_now("有的收款已看不到，请刷新"), code="not_found")
        actions.remit(rows, actor=actor, at=at)
        return "/collections/"

    return perform(request, "collections.bulk", act, done=_now("已交款 %(n)s 笔") % {"n": len(keys)})


class CollectForm(fields.RowForm):
    """Money from the customer for a bill."""

    amount = fields.money(_("金额"))
    method = forms.ChoiceField(label=_("方式"), choices=METHODS)
    at_desk = fields.yes(_("在柜台收取（直接入柜台，不必另行交款）"), initial=True)

    def start(self):
        return {"amount": self.row.open_amount, "at_desk": True}


def _collect(bill, cleaned, *, actor, at, version):
    # Who takes the money on this page holds it until he hands it over.
    actions.collect(bill, collected_by_id=actor.employee_id, actor=actor, at=at, **fields.values(cleaned))
    return bill_address(bill)


COLLECT = EditPage(
    name="bill_collect",
    title=_("收款"),
    permission=access.COLLECT,
    list_label=_("账单"),
    list_url="/bills/",
    form=CollectForm.build,
    save=_collect,
    load=load_bill,
    done=_("已收款"),
)
