from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.assets import actions, queries
from aftercare.domain.catalog import actions as words
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.web.assets.registers import address_of
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage, VersionedForm

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DAYS = ("made_on", "sold_on", "invoiced_on", "delivered_on", "installed_on", "registered_on")


def _day(label):
    return forms.DateField(label=label, required=False, widget=DATE)


def _text(label, length=60):
    return forms.CharField(label=label, required=False, max_length=length)


class AssetForm(VersionedForm):
    """A unit's file as it is edited."""

    product = fields.Word(_("产品"), "product", max_length=160, help_text=_("没有的产品保存时自动建立"))
    serial = _text(_("序列号"))
    customer = forms.CharField(label=_("客户编号"), required=False, max_length=24)
    branch_id = forms.TypedChoiceField(label=_("机构"), coerce=int)
    made_on = _day(_("生产日期"))
    sold_on = _day(_("销售日期"))
    invoiced_on = _day(_("开票日期"))
    delivered_on = _day(_("交付日期"))
    installed_on = _day(_("安装日期"))
    registered_on = _day(_("登记日期"))
    seller = _text(_("销售商"), 120)
    order_number = _text(_("销售单号"))
    invoice_number = _text(_("发票号"))
    invoice_serial = _text(_("发票上的序列号"))
    place = _text(_("安装地点"), 250)
    revision = _text(_("版本级别"), 40)
    colour = fields.Word(_("颜色"), "colour", max_length=40, required=False)


def build(actor, unit, data):
    """The form for a new or a known unit; product and owner of a known one are not changed here."""
    initial = {"branch_id": actor.branch_id}
    if unit is not None:
        initial = {name: getattr(unit, name, None) for name in AssetForm.base_fields}
        initial["product"] = unit.product.name
    form = AssetForm(data, initial=initial)
    form.fields["branch_id"].choices = [(b.pk, b.name) for b in people.list_branches(actor)]
    if unit is not None:
        del form.fields["customer"], form.fields["product"]
    return form


def save(unit, cleaned, *, actor, at, version):
    """Register or edit the unit; answers its page."""
    values = {
        name: value
        for name, value in cleaned.items()
        if name != "version" and (unit is not None or value not in (None, ""))
    }
    if unit is not None:
        return address_of(actions.edit_asset(unit, version=version, actor=actor, at=at, **values))
    product, _made = words.ensure_product(values.pop("product"), actor=actor, at=at)
    number = values.pop("customer", "")
    customer = parties.get_customer(number, actor) if number else None
    return address_of(actions.register_asset(product=product, customer=customer, actor=actor, at=at, **values))


EDIT = EditPage(
    name="asset",
    title=_("设备档案"),
    is_thing=True,
    permission="assets.edit_asset",
    list_label=_("设备档案"),
    list_url="/assets/",
    form=build,
    save=save,
    load=queries.get_asset,
    sections=(
        (_("设备"), ("product", "serial", "customer", "branch_id", "colour", "revision")),
        (_("日期"), DAYS),
        (_("销售与安装"), ("seller", "order_number", "invoice_number", "invoice_serial", "place")),
    ),
)
