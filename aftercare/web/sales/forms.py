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
from aftercare.web.sales.registers import KINDS, address_of
from aftercare.web.stock.forms import LinesForm, _qty, _serial, given_rows


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
        ("qty", _("数量"), _qty),
        ("price", _("单价"), lambda: fields.money("", required=False)),
        ("serial", _("批次或序列号"), _serial),
    )

    @property
    def ways(self):
        """No other forms stand beside this one."""
        return []

    def start(self):
        if self.row is None:
            depot = stock.depot_of(self.actor.branch_id) if self.actor.branch_id else None
            return {"kind": "retail", "place": depot.pk if depot else None}
        told = {"memo": self.row.memo, "wanted_on": self.row.wanted_on}
        for n, line in enumerate(queries.lines_of(self.row)):
            told |= {f"part{n}": line.part_id, f"qty{n}": line.qty, f"price{n}": line.price_amount, f"serial{n}": line.serial}
        return told

    @staticmethod
    def kept_rows(row):
        return len(queries.lines_of(row))

    def fit(self):
        super().fit()
        if self.row is not None:
            for name in ("kind", "place", "customer", "outlet", "engineer", "reference"):
                del self.fields[name]
            return
        # The base takes every combobox for one of parts.
        self.fields["customer"].queryset = parties.list_customers(self.actor)
        self.fields["customer"].find = _customer_finder(self.actor)
        self.fields["place"].queryset = stock.list_places(self.actor).filter(is_active=True, kind_of__in=["depot", "outlet"])
        self.fields["outlet"].queryset = people.list_branches(self.actor).filter(kind_of="outlet")
        self.fields["engineer"].queryset = people.list_employees(self.actor).filter(is_engineer=True)


def _lines(cleaned):
    return [
        {"part": cleaned[f"part{n}"], "qty": cleaned[f"qty{n}"], "serial": cleaned[f"serial{n}"],
         **({"price_amount": cleaned[f"price{n}"]} if cleaned[f"price{n}"] is not None else {})}
        for n in range(given_rows(cleaned)) if cleaned[f"part{n}"]
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
    load=queries.get_sale, template="stock/lines.html",
    sections=((_("配件出库"), ("kind", "place", "customer", "outlet", "engineer", "reference", "wanted_on", "memo")),),
)  # fmt: skip
BACK = EditPage(
    name="sale_back", title=_("配件退货"), permission=access.TAKE_BACK, list_label=_("配件出库"), list_url="/sales/",
    form=BackForm.build, save=save_back, load=queries.get_sale,
)  # fmt: skip
