from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import access as parties_access
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties import queries as suppliers
from aftercare.domain.purchasing import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import find_part
from aftercare.web.suppliers.registers import RIGHTS


def _days(label, **options):
    return forms.IntegerField(label=label, min_value=0, max_value=999, **options)


def _percent(label, **options):
    return forms.DecimalField(label=label, min_value=0, max_value=100, max_digits=5, decimal_places=2, **options)


def price(label, **options):
    """The price of one unit, to four places."""
    return forms.DecimalField(label=label, min_value=0, max_digits=15, decimal_places=4, **options)


def amount(label, **options):
    """A quantity, not negative."""
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=3, **options)


class SupplierForm(fields.RowForm):
    """A supplier and his terms."""

    name = fields.text(_("供应商"), 120, required=True)
    contact = fields.text(_("联系人"), 60)
    phone = fields.text(_("电话"), 30)
    address = fields.text(_("地址"), 250)
    tax_number = fields.text(_("纳税人识别号"), 30)
    currency = fields.text(_("币种"), 3, required=True, initial="CNY")
    tax_percent = _percent(_("税率（%）"), initial=13)
    lead_days = _days(_("交货期（天）"), initial=7)
    payment_days = _days(_("付款期（天）"), initial=30)
    is_active = fields.yes(_("启用"), initial=True)
    remark = fields.text(_("备注"), 500, rows=2)

    def start(self):
        return super().start() if self.row else {}


class PriceForm(fields.RowForm):
    """A supplier's price of a part."""

    supplier = fields.row(_("供应商"), required=True)
    part = fields.Combo(_("配件"), "part")
    supplier_code = fields.text(_("供方编码"), 60)
    price_amount = price(_("不含税单价"))
    pack_qty = amount(_("包装数量"), initial=1)
    min_qty = amount(_("最小订量"), initial=0)
    lead_days = _days(_("交货期（天）"), required=False)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)

    def fit(self):
        if self.row:
            del self.fields["supplier"], self.fields["part"]
            return
        self.fields["supplier"].queryset = suppliers.list_suppliers(self.actor, active=True).order_by("name")
        self.fields["part"].queryset = catalog.list_parts(self.actor)
        self.fields["part"].find = find_part(self.actor)


class LevelForm(fields.RowForm):
    """A level of approval."""

    name = fields.text(_("级别"), 40, required=True)
    up_to_amount = fields.money(_("金额上限"), required=False, help_text=_("留空表示不限"))
    right = forms.ChoiceField(label=_("审批权限"), choices=RIGHTS)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)


class ToleranceForm(fields.RowForm):
    """How far receipts and invoices may differ."""

    supplier = fields.row(_("供应商"), help_text=_("留空表示没有自己规则的全部供应商"))
    over_percent = _percent(_("超收允差（%）"), initial=0)
    price_percent = _percent(_("单价允差（%）"), initial=0)
    price_amount = fields.money(_("每行金额允差"), initial=0)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)

    def fit(self):
        if self.row:
            del self.fields["supplier"]
        else:
            self.fields["supplier"].queryset = suppliers.list_suppliers(self.actor, active=True).order_by("name")


def save_supplier(row, cleaned, *, actor, at, version):
    """Open or change a supplier."""
    given = fields.values(cleaned)
    if row is None:
        row = parties.create_supplier(actor=actor, at=at, **given)
    else:
        parties.edit_supplier(row, version=version, actor=actor, at=at, **given)
    return f"/suppliers/{row.number}/"


def _save(create, edit, address, names=()):
    def save(row, cleaned, *, actor, at, version):
        given = fields.values(cleaned)
        for name in names:
            if name in given:
                one = given.pop(name)
                given[f"{name}_id"] = one.pk if one else None
        if row is None:
            create(actor=actor, at=at, **given)
        else:
            edit(row, version=version, actor=actor, at=at, **given)
        return address

    return save


def _loads(get):
    return lambda key, actor: get(fields.whole(key), actor)


SUPPLIER = EditPage(
    name="supplier", title=_("供应商"), is_thing=True, permission=parties_access.EDIT_SUPPLIER, list_label=_("供应商"), list_url="/suppliers/",
    form=SupplierForm.build, save=save_supplier, load=lambda key, actor: suppliers.get_supplier(key, actor),
)  # fmt: skip
PRICE = EditPage(
    name="supplier_price", title=_("供应价"), is_thing=True, permission=access.EDIT_PRICE, list_label=_("供应价"), list_url="/supplier-prices/",
    form=PriceForm.build, save=_save(actions.create_price, actions.edit_price, "/supplier-prices/", ("supplier", "part")),
    load=_loads(queries.get_price),
)  # fmt: skip
LEVEL = EditPage(
    name="approval_level", title=_("采购审批级别"), is_thing=True, permission=access.EDIT_RULES, list_label=_("采购审批级别"), list_url="/approval-levels/",
    form=LevelForm.build, save=_save(actions.create_level, actions.edit_level, "/approval-levels/"), load=_loads(queries.get_level),
)  # fmt: skip
TOLERANCE = EditPage(
    name="tolerance", title=_("收货与发票允差"), is_thing=True, permission=access.EDIT_RULES, list_label=_("收货与发票允差"), list_url="/tolerances/",
    form=ToleranceForm.build, save=_save(actions.create_tolerance, actions.edit_tolerance, "/tolerances/", ("supplier",)),
    load=_loads(queries.get_tolerance),
)  # fmt: skip
