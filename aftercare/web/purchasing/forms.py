from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import queries as suppliers
from aftercare.domain.purchasing import access, actions, queries
from aftercare.foundation.quantity import shown
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, ByLine, LinesForm, find_part, part_lines, qty
from aftercare.web.purchasing.registers import order_address, receipt_address, request_address
from aftercare.web.suppliers.forms import price

# Fields of wrong parts and of how many came.
WRONG = {"wrong_part": "wrong_qty", "wrong_part2": "wrong_qty2", "wrong_part3": "wrong_qty3"}
REMEDIES = [("replace", _("补货")), ("credit", _("退款"))]


def _price():
    return price("", required=False)


def _day():
    return fields.day("", required=False)


def _text():
    return fields.text("", 200)


def _hidden():
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


def _suppliers(form, name="supplier"):
    if name in form.fields:
        form.fields[name].queryset = suppliers.list_suppliers(form.actor, active=True).order_by("name")


class RequestForm(LinesForm):
    """A request to buy."""

    place = fields.row(_("收货库位"), required=True)
    supplier = fields.row(_("建议供应商"))
    needed_on = fields.day(_("需要日期"), required=False)
    remark = fields.text(_("备注"), 500, rows=2)
    columns = (("qty", _("数量"), qty), ("price_amount", _("预计单价"), _price), ("line_id", "", _hidden))

    def filled(self, row):
        return queries.request_lines_of(row)

    def value_of(self, line, name):
        return line.pk if name == "line_id" else super().value_of(line, name)

    def places(self):
        return super().places().filter(kind_of__in=["depot", "outlet"])

    def fit(self):
        super().fit()
        _suppliers(self)
        if self.row:
            del self.fields["place"], self.fields["supplier"]


class OrderForm(LinesForm):
    """An order to a supplier."""

    supplier = fields.row(_("供应商"), required=True)
    place = fields.row(_("收货库位"), required=True)
    expected_on = fields.day(_("预计到货"), required=False, help_text=_("留空按供应商交货期"))
    exchange_rate = forms.DecimalField(label=_("汇率"), min_value=0, max_digits=12, decimal_places=6, required=False,
                                       help_text=_("人民币订单为 1"))
    remark = fields.text(_("备注"), 500, rows=2)
    columns = (
        ("qty", _("数量"), qty),
        ("price_amount", _("不含税单价"), _price),
        ("tax_percent", _("税率（%）"), lambda: forms.DecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False)),
        ("expected_on", _("预计到货"), _day),
        ("request_line_id", "", _hidden),
    )

    def filled(self, row):
        return queries.lines_of(row)

    def places(self):
        return super().places().filter(kind_of__in=["depot", "outlet"])

    def fit(self):
        super().fit()
        _suppliers(self)
        if self.row:
            del self.fields["place"], self.fields["supplier"]


class CutForm(ByLine):
    """Approve with less."""

    reason = fields.text(_("审批意见"), 200)
    told = ((_("配件"), lambda line: line.part.name), (_("编码"), lambda line: line.part.code), (_("申请数量"), lambda line: shown(line.qty)),
            (_("预计单价"), lambda line: shown(line.price_amount)))  # fmt: skip
    columns = (("qty", _("批准数量"), qty),)

    def read(self, row):
        return queries.request_lines_of(row)

    def first(self, line):
        return {"qty": shown(line.qty)}


class ReceiveForm(ByLine):
    """What a supplier brought."""

    delivery_note = fields.text(_("送货单号"), 60)
    keep_excess = fields.yes(_("超出部分暂存隔离库待退"))
    remark = fields.text(_("备注"), 500)
    wrong_part = fields.Combo(_("错货：送来但未订购的配件"), "part", required=False)
    wrong_qty = forms.DecimalField(label=_("错货数量"), min_value=0, max_digits=14, decimal_places=3, required=False)
    wrong_part2 = fields.Combo(_("错货（二）"), "part", required=False)
    wrong_qty2 = forms.DecimalField(label=_("错货数量（二）"), min_value=0, max_digits=14, decimal_places=3, required=False)
    wrong_part3 = fields.Combo(_("错货（三）"), "part", required=False, help_text=_("更多错货请用扫码收货"))
    wrong_qty3 = forms.DecimalField(label=_("错货数量（三）"), min_value=0, max_digits=14, decimal_places=3, required=False)
    told = ((_("配件"), lambda line: line.part.name), (_("编码"), lambda line: line.part.code), (_("未到数量"), lambda line: shown(line.open_qty)))
    columns = (
        ("qty", _("实收数量"), qty),
        ("noted_qty", _("送货单数量"), qty),
        ("lot", _("批次；按序列号管理的每行扫一个"), lambda: forms.CharField(widget=forms.Textarea(attrs={"rows": 1}), max_length=8000, required=False)),
        ("expires_on", _("有效期至"), _day),
    )

    def read(self, row):
        return [line for line in queries.lines_of(row) if line.open_qty or line.ceiling_qty > line.kept_qty]

    def fit(self):
        for name in WRONG:
            self.fields[name].queryset, self.fields[name].find = catalog.list_parts(self.actor), find_part(self.actor)

    def clean(self):
        cleaned = super().clean()
        for name, qty_name in WRONG.items():
            if bool(cleaned.get(name)) != bool(cleaned.get(qty_name)) and not self.errors.get(name) and not self.errors.get(qty_name):
                self.add_error(qty_name if cleaned.get(name) else name, _("错货要填配件和数量"))
        return cleaned


class InspectForm(ByLine):
    """How each line is judged."""

    told = ((_("配件"), lambda line: line.part.name), (_("批次或序列号"), lambda line: line.lot), (_("实收数量"), lambda line: shown(line.qty)))
    columns = (
        ("rejected_qty", _("不合格数量"), qty),
        ("reason", _("不合格原因"), _text),
        ("remedy", pgettext_lazy("goods", "处理"), lambda: forms.ChoiceField(choices=REMEDIES, required=False)),
    )

    def read(self, row):
        return [line for line in queries.receipt_lines_of(row) if line.kind_of == "ordered"]


class AmendForm(ByLine):
    """Changes of a sent order."""

    reason = fields.text(_("变更原因"), 200, required=True)
    added_part = fields.Combo(_("增加配件"), "part", required=False)
    added_qty = forms.DecimalField(label=_("增加数量"), min_value=0, max_digits=14, decimal_places=3, required=False)
    added_price = price(_("不含税单价"), required=False)
    told = ((_("配件"), lambda line: line.part.name), (_("编码"), lambda line: line.part.code), (_("已收数量"), lambda line: shown(line.kept_qty)))
    columns = (("qty", _("数量"), qty), ("price_amount", _("不含税单价"), _price), ("expected_on", _("预计到货"), _day))

    def read(self, row):
        return queries.lines_of(row)

    def first(self, line):
        return {"qty": shown(line.qty), "price_amount": shown(line.price_amount), "expected_on": line.expected_on}

    def fit(self):
        self.fields["added_part"].queryset = catalog.list_parts(self.actor)
        self.fields["added_part"].find = find_part(self.actor)


def save_request(row, cleaned, *, actor, at, version):
    """Ask, or change what was asked."""
    lines = part_lines(cleaned, "qty", "price_amount", "line_id")
    given = {"needed_on": cleaned["needed_on"], "remark": cleaned["remark"], "lines": lines, "actor": actor, "at": at}
    if row is None:
        row = actions.create_request(place=cleaned["place"], supplier=cleaned["supplier"], **given)
    else:
        # Lines that answer a document keep it, as long as their part stays.
        known = {line.pk: line for line in queries.request_lines_of(row)}
        for line in lines:
            old = known.get(line["line_id"])
            if old is not None and old.source_kind and old.part_id == line["part_id"]:
                line |= {"shortage_id": old.shortage_id, "source": queries.source_of(old)}
        row = actions.edit_request(row, version=version, **given)
    return request_address(row)


def save_order(row, cleaned, *, actor, at, version):
    """Write an order or change a draft."""
    lines = part_lines(cleaned, "qty", "price_amount", "tax_percent", "expected_on", "request_line_id")
    given = {"remark": cleaned["remark"], "lines": lines, "actor": actor, "at": at}
    if cleaned["exchange_rate"]:
        given["exchange_rate"] = cleaned["exchange_rate"]
    if row is None:
        row = actions.create_order(supplier=cleaned["supplier"], place=cleaned["place"], expected_on=cleaned["expected_on"], **given)
    else:
        row = actions.edit_order(row, version=version, expected_on=cleaned["expected_on"] or row.expected_on, **given)
    return order_address(row)


def save_cut(row, cleaned, *, actor, at, version):
    """Approve with cuts."""
    cuts = {pk: given["qty"] if given["qty"] is not None else 0 for pk, given in cleaned["by_line"].items()}
    actions.approve(row, reason=cleaned["reason"], cuts=cuts, actor=actor, at=at, version=version)
    return request_address(row)


def _arrived(line, given) -> list[dict]:
    if not line.part.is_serial:
        return [{"line_id": line.pk, **given}] if given["qty"] else []
    serials = [text.strip() for text in given["lot"].splitlines() if text.strip()]
    if serials and (not given["qty"] or given["qty"] == len(serials)):
        return [{"line_id": line.pk, "qty": 1, "lot": serial, "expires_on": given["expires_on"]} for serial in serials]
    return [{"line_id": line.pk, "qty": given["qty"] or 1}] if given["qty"] or serials else []


def save_receive(row, cleaned, *, actor, at, version):
    """Book what came."""
    by_id = {line.pk: line for line in queries.lines_of(row)}
    lines = [one for pk, given in cleaned["by_line"].items() for one in _arrived(by_id[pk], given)]
    lines += [{"part_id": cleaned[name].pk, "qty": cleaned[qty_name]} for name, qty_name in WRONG.items() if cleaned[name]]
    order = actions.receive(row, lines=lines, delivery_note=cleaned["delivery_note"], keep_excess=cleaned["keep_excess"],
                            remark=cleaned["remark"], actor=actor, at=at, version=version)
    return receipt_address(order.receipt_made)


def save_inspect(row, cleaned, *, actor, at, version):
    """Judge what came."""
    verdicts = [{"line_id": pk, **given} for pk, given in cleaned["by_line"].items() if given["rejected_qty"]]
    actions.inspect(row, verdicts=verdicts, actor=actor, at=at, version=version)
    return receipt_address(row)


def save_amend(row, cleaned, *, actor, at, version):
    """Change a sent order."""
    before = {line.pk: line for line in queries.lines_of(row)}
    changes = {
        pk: {name: value for name, value in given.items() if value is not None and value != getattr(before[pk], name)}
        for pk, given in cleaned["by_line"].items()
    }
    added = []
    if cleaned["added_part"]:
        added = [{"part_id": cleaned["added_part"].pk, "qty": cleaned["added_qty"] or 0, "price_amount": cleaned["added_price"]}]
    actions.amend(row, reason=cleaned["reason"], changes={pk: change for pk, change in changes.items() if change}, added=added,
                  actor=actor, at=at, version=version)
    return order_address(row)


def _edit(name, title, permission, label, url, form, save, heads, load=None, section=None):
    return EditPage(name=name, title=title, permission=permission, list_label=label, list_url=url, form=form.build, save=save,
                    sections=((section or title, heads),) if heads else (), load=load, template=TEMPLATE,
                    is_thing=name in ("purchase_request", "purchase_order"))


REQUEST = _edit("purchase_request", _("采购申请"), access.REQUEST, _("采购申请"), "/purchase-requests/", RequestForm, save_request,
                ("place", "supplier", "needed_on", "remark"), queries.get_request)
CUT = _edit("purchase_request_cut", _("核减批准"), access.APPROVE, _("采购申请"), "/purchase-requests/", CutForm, save_cut, ("reason",),
            queries.get_request)
ORDER = _edit("purchase_order", _("采购订单"), access.ORDER, _("采购订单"), "/purchase-orders/", OrderForm, save_order,
              ("supplier", "place", "expected_on", "exchange_rate", "remark"), queries.get_order)
AMEND = _edit("purchase_order_amend", _("变更订单"), access.ORDER, _("采购订单"), "/purchase-orders/", AmendForm, save_amend,
              ("reason", "added_part", "added_qty", "added_price"), queries.get_order)
RECEIVE = _edit("purchase_order_receive", _("采购收货"), access.RECEIVE, _("采购订单"), "/purchase-orders/", ReceiveForm, save_receive,
                ("delivery_note", "remark", "wrong_part", "wrong_qty", "wrong_part2", "wrong_qty2", "wrong_part3", "wrong_qty3", "keep_excess"), queries.get_order)
INSPECT = _edit("receipt_inspect", _("到货验收"), access.INSPECT, _("到货单"), "/receipts/", InspectForm, save_inspect, (),
                queries.get_receipt)
