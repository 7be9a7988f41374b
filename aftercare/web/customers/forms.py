from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.parties import actions, queries
from aftercare.domain.people import queries as people
from aftercare.flows import finding
from aftercare.web.customers.registers import KINDS, address_of
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage, VersionedForm


class CustomerForm(VersionedForm):
    """A customer's file as it is edited; fields are those of the action."""

    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类型"), choices=KINDS)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    grade = forms.CharField(label=_("等级"), max_length=20, required=False)
    branch_id = forms.TypedChoiceField(label=_("机构"), coerce=int)
    region = fields.Word(_("区域"), "region", max_length=120, required=False, help_text=_("区县名或区划代码，没有的自动新建"))
    address = forms.CharField(label=_("地址"), max_length=250, required=False)
    credit_limit_amount = forms.DecimalField(
        label=_("信用额度"), min_value=0, decimal_places=2, initial=0, required=False
    )
    credit_days = forms.IntegerField(label=_("账期（天）"), min_value=0, max_value=365, initial=0, required=False)
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


def build(actor, customer, data):
    """The form for a new or a known customer."""
    initial = {"branch_id": actor.branch_id, "kind": "person"}
    if customer is not None:
        initial = {name: getattr(customer, name, None) for name in CustomerForm.base_fields}
        initial |= {"kind": customer.kind_of, "region": customer.region.full_name or customer.region.name if customer.region else ""}
    form = CustomerForm(data, initial=initial)
    form.fields["branch_id"].choices = [(b.pk, b.name) for b in people.list_branches(actor)]
    return form


def save(customer, cleaned, *, actor, at, version):
    """Open or edit the file; answers its page."""
    values = {k: v for k, v in cleaned.items() if k not in ("version", "region") and v is not None}
    branch_id = values.get("branch_id") or actor.branch_id
    values["region_code"] = finding.ensure_region(cleaned.get("region", ""), branch_id=branch_id, actor=actor, at=at)
    if customer is None:
        return address_of(actions.create_customer(actor=actor, at=at, **values))
    return address_of(actions.edit_customer(customer, version=version, actor=actor, at=at, **values))


EDIT = EditPage(
    name="customer",
    title=_("客户"),
    is_thing=True,
    permission="parties.edit_customer",
    list_label=_("客户"),
    list_url="/customers/",
    form=build,
    save=save,
    load=queries.get_customer,
    sections=(
        (_("基本信息"), ("name", "kind", "phone", "grade", "branch_id")),
        (_("地址"), ("region", "address")),
        (_("信用与备注"), ("credit_limit_amount", "credit_days", "note")),
    ),
)
