"""Forms of sales: a new one, and what comes back of one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory import queries as stock
from aftercare.domain.orders import access, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.flows import sell_parts
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, LinesForm, qty, rows_of
from aftercare.web.sales.registers import KINDS, address_of


def _customer_finder(actor):
    # The list gives numbers; without script the text itself comes.
    return lambda text: (
        parties.list_customers(actor).filter(number=text).first() or next(iter(parties.identify(text, actor, 1).customers), None)
    )


class SaleForm(LinesForm):
    """Parts for somebody; a price left empty is the one of the schedule."""

    kind = forms.ChoiceField(label=_("出库类型"), choices=KINDS)
    place = fields.row(_("出库库位"), required=True)
    customer = fields.Combo(_("客户"), "customer", required=False, help_text=_("零售可不填；预订、换件、经销商必填"))
    outlet = fields.row(_("网点"), help_text=_("网点供货时填"))
    engineer = fields.row(_("工程师"), help_text=_("工程师领用时填"))
    reference = fields.text(_("相关单据或序列号"), 60)
    wanted_on = fields.day(_("期望到货"), required=False)
    memo = fields.text(_("说明"), 200)
    columns = (
        ("qty", _("数量"), qty),
        ("price", _("单价"), lambda: fields.money("", required=False)),
        ("serial", _("批次或序列号"), lambda: fields.text("", 60)),
    )

    def heads(self):
        if self.row is None:
            depot = stock.depot_of(self.actor.branch_id) if self.actor.branch_id else None
            return {"kind": "retail", "place": depot.pk if depot else None}
        return {"memo": self.row.memo, "wanted_on": self.row.wanted_on}

    def filled(self, row):
        return queries.lines_of(row)

    def value_of(self, line, name):
        return line.price_amount if name == "price" else getattr(line, name)

    def places(self):
        return super().places().filter(kind_of__in=["depot", "outlet"])

    def fit(self):
        super().fit()
        if self.row is not None:
            for name in ("kind", "place", "customer", "outlet", "engineer", "reference"):
                del self.fields[name]
            return
        self.fields["customer"].queryset = parties.list_customers(self.actor)
        self.fields["customer"].find = _customer_finder(self.actor)
        self.fields["outlet"].queryset = people.list_supplied_outlets(self.actor, self.actor.branch_id)
        self.fields["engineer"].queryset = people.list_employees(self.actor).filter(is_engineer=True)


def _lines(cleaned):
    return [
        {"part": line["part"], "qty": line["qty"], "serial": line["serial"],
         **({"price_amount": line["price"]} if line["price"] is not None else {})}
        for line in rows_of(cleaned, "qty", "price", "serial")
    ]


def save(row, cleaned, *, actor, at, version):
    """Make or change a sale."""
    told = {"memo": cleaned["memo"], "wanted_on": cleaned["wanted_on"]}
    if row is not None:
        return address_of(sell_parts.rewrite(row, lines=_lines(cleaned), version=version, actor=actor, at=at, **told))
    party = {f"{name}_id": cleaned[name].pk if cleaned[name] else None for name in ("customer", "outlet", "engineer")}
    return address_of(sell_parts.open_sale(
        place=cleaned["place"], kind=cleaned["kind"], reference=cleaned["reference"], lines=_lines(cleaned), actor=actor, at=at,
        **party, **told,
    ))


class BackForm(fields.RowForm):
    """How many of each line come back."""

    reason = fields.text(_("原因"), 200, required=True)
    is_as_new = fields.yes(_("包装完好，直接回良品"), help_text=_("不勾选则先待检"))

    def __init__(self, data=None, *, actor, row=None):
        self.base_fields = {
            **{f"qty{line.pk}": forms.DecimalField(
                label=f"{line.part.name} ({(line.qty - line.returned_qty).normalize():f})", min_value=0,
                max_value=line.qty - line.returned_qty, max_digits=14, decimal_places=3, required=False,
            ) for line in queries.lines_of(row) if line.qty > line.returned_qty},
            **type(self).base_fields,
        }  # fmt: skip
        super().__init__(data, actor=actor, row=row)

    def start(self):
        return {}


def save_back(row, cleaned, *, actor, at, version):
    """Take sold parts back."""
    lines = {int(name[3:]): qty for name, qty in cleaned.items() if name.startswith("qty") and qty}
    sell_parts.take_back(row, lines=lines, reason=cleaned["reason"], is_as_new=cleaned["is_as_new"], version=version, actor=actor, at=at)
    return address_of(row)


SALE = EditPage(
    name="sale", title=_("配件出库"), permission=access.SELL, list_label=_("配件出库"), list_url="/sales/", form=SaleForm.build, save=save,
    load=queries.get_sale, template=TEMPLATE,
    sections=((_("配件出库"), ("kind", "place", "customer", "outlet", "engineer", "reference", "wanted_on", "memo")),),
)  # fmt: skip
BACK = EditPage(
    name="sale_back", title=_("配件退货"), permission=access.TAKE_BACK, list_label=_("配件出库"), list_url="/sales/",
    form=BackForm.build, save=save_back, load=queries.get_sale,
)  # fmt: skip
