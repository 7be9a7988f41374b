"""Price enquiries: register, forms, the comparison."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from aftercare.domain.parties import queries as suppliers
from aftercare.domain.purchasing import access, actions, queries
from aftercare.domain.purchasing.lifecycle import ENQUIRY
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import RuleBroken
from aftercare.web.pages import cells, fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, ByLine, LinesForm, part_lines, qty
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.pages.registers import Column, Register, Tab
from aftercare.web.policy import actor_of, page
from aftercare.web.purchasing.registers import BRANCH
from aftercare.web.purchasing.views import document, reason
from aftercare.web.suppliers.forms import price

TONES = {"open": "info", "decided": "ok", "cancelled": "struck"}


def address_of(row) -> str:
    """The page of an enquiry."""
    return f"/enquiries/{row.number}/"


ENQUIRIES = Register(
    slug="enquiries",
    title=pgettext_lazy("list", "询价"),
    permission=access.VIEW,
    rows=queries.list_enquiries,
    address=address_of,
    search=lambda rows, text, actor: queries.search_enquiries(rows, text),
    search_hint=_("单号 / 配件 / 供应商"),
    default_tab="open",
    tabs=(
        Tab("open", _("询价中"), lambda rows: rows.filter(status="open")),
        Tab("decided", _("已定标"), lambda rows: rows.filter(status="decided")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("place", _("收货库位"), cells.text("place.name"), export=lambda r, s: r.place.name),
        Column("answer_by", _("答复期限"), cells.day("answer_by"), kind="date"),
        Column("created_by", _("制单人"), cells.text("created_by"), css="c-opt"),
        Column("created_at", _("时间"), cells.moment("created_at"), css="c-opt", kind="moment"),
        Column("decided_by", _("定标人"), cells.text("decided_by"), css="c-opt"),
        Column("reason", _("定标理由"), cells.text("reason"), css="c-text"),
    ),
    filters=(BRANCH,),
    create=(_("新建询价"), "/enquiries/new/", access.ORDER),
    empty=_("没有询价单"),
)


def _all(actor):
    return suppliers.list_suppliers(actor, active=True).order_by("name")


class EnquiryForm(LinesForm):
    """Which suppliers are asked about which parts."""

    place = fields.row(_("收货库位"), required=True)
    suppliers = forms.ModelMultipleChoiceField(None, label=_("询价供应商"), help_text=_("按住 Ctrl 可选多家"))
    answer_by = fields.day(_("答复期限"), required=False)
    remark = fields.text(_("备注"), 500)
    columns = (("qty", _("数量"), qty),)

    def places(self):
        return super().places().filter(kind_of__in=["depot", "outlet"])

    def fit(self):
        super().fit()
        self.fields["suppliers"].queryset = _all(self.actor)


class OfferForm(ByLine):
    """What one supplier answered."""

    supplier = fields.row(_("供应商"), required=True)
    lead_days = forms.IntegerField(label=_("交货期（天）"), min_value=0, max_value=999, required=False)
    valid_until = fields.day(_("报价有效期"), required=False)
    remark = fields.text(_("备注"), 200)
    told = ((_("配件"), lambda line: line.part.name), (_("编码"), lambda line: line.part.code), (_("数量"), lambda line: shown(line.qty)))
    columns = (("price_amount", _("不含税单价"), lambda: price("", required=False)),)

    def read(self, row):
        return queries.enquiry_lines_of(row)

    def fit(self):
        asked = [offer.supplier_id for offer in queries.offers_of(self.row)]
        self.fields["supplier"].queryset = suppliers.list_suppliers(self.actor).filter(pk__in=asked)


def save_enquiry(_row, cleaned, *, actor, at, version):
    """Ask."""
    return address_of(actions.create_enquiry(
        place=cleaned["place"], suppliers=cleaned["suppliers"], answer_by=cleaned["answer_by"], remark=cleaned["remark"],
        lines=part_lines(cleaned, "qty"), actor=actor, at=at))


def save_offer(row, cleaned, *, actor, at, version):
    """Write an answer down."""
    actions.answer(row, supplier=cleaned["supplier"], lead_days=cleaned["lead_days"], valid_until=cleaned["valid_until"], remark=cleaned["remark"],
                   prices={pk: given["price_amount"] for pk, given in cleaned["by_line"].items()}, actor=actor, at=at, version=version)
    return address_of(row)


def _page(name, title, form, save, heads, load=None):
    return EditPage(name=name, title=title, permission=access.ORDER, list_label=_("询价"), list_url="/enquiries/", form=form.build, save=save,
                    sections=((title, heads),), load=load, template=TEMPLATE)


NEW = _page("enquiry", _("询价单"), EnquiryForm, save_enquiry, ("place", "suppliers", "answer_by", "remark"))
OFFER = _page("enquiry_offer", _("录入报价"), OfferForm, save_offer, ("supplier", "lead_days", "valid_until", "remark"), queries.get_enquiry)
DOOR = MoveDoor(
    slug="enquiries", lifecycle=ENQUIRY, load=queries.get_enquiry, address=address_of,
    runs={"ask": actions.ask, "cancel": actions.cancel_enquiry},
    asks={"reason": reason, "supplier": lambda actor, row: fields.row(_("供应商"), _all(actor), required=True)},
    open_moves=queries.open_enquiry_moves,
)  # fmt: skip


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The offers side by side, with the form to choose."""
    actor = actor_of(request)
    row = queries.get_enquiry(key, actor)
    offers, lines, totals = queries.compare(row)
    names = {move.name for move in queries.open_enquiry_moves(row, actor)}
    context = document(row, actor, label=_t("询价"), url="/enquiries/", tones=TONES, door=DOOR, title=_t("%(place)s 询价") % {"place": row.place.name})
    for offer in offers:
        offer.total = totals[offer.pk]
    for one in lines:
        one.offers[:] = [{"row": priced, "supplier": offer.supplier, "is_cheapest": priced is not None and priced is one.cheapest}
                         for priced, offer in zip(one.offers, offers, strict=True)]
    context |= {"offers": offers, "lines": lines, "may_answer": "answer" in names,
                "may_choose": "choose" in names and any(one.cheapest for one in lines)}
    return render(request, "purchasing/enquiry.html", context)


@page(access.ORDER)
@require_POST
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Choose, with a reason; on to the orders that were made."""

    def act(*, actor: Actor, at) -> str:
        row = queries.get_enquiry(key, actor)
        choices = {}
        for line in queries.enquiry_lines_of(row):
            picked = request.POST.get(f"choice-{line.pk}", "")
            if picked.isdigit():
                choices[line.pk] = int(picked)
        if not choices:
            raise RuleBroken(_t("请选择中标的供应商"), code="nothing_chosen")
        actions.choose(row, choices=choices, reason=request.POST.get("reason", ""), actor=actor, at=at)
        return "/purchase-orders/?tab=draft"

    return perform(request, f"enquiries.choose:{key}", act, done=_t("已定标，生成订单草稿"))
