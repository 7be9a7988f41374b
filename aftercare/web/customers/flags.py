"""Warnings on a customer: put on with a reason and an end, taken off with a reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.parties import access, actions, queries
from aftercare.web.customers.registers import address_of
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage

FLAGS = [("block", _("停止服务")), ("abuse", _("滥用保修")), ("watch", _("注意"))]


class FlagForm(fields.RowForm):
    """Which warning, why, until when."""

    kind = forms.ChoiceField(label=_("标记"), choices=FLAGS, help_text=_("停止服务的客户登记时会被拒绝，其余只是提醒"))
    reason = fields.text(_("理由"), 200, required=True)
    until_on = fields.day(_("到期日"), required=False, help_text=_("过了这一天自动失效；不填则一直有效"))

    def start(self):
        return {}


class LiftForm(fields.RowForm):
    """Why it is taken off."""

    reason = fields.text(_("解除理由"), 200, required=True)

    def start(self):
        return {}


def put_on(customer, cleaned, *, actor, at, version):
    """Flag the customer; answers his page."""
    return address_of(actions.flag_customer(customer, actor=actor, at=at, **fields.values(cleaned)))


FLAG = EditPage(
    name="customer_flag", title=_("客户标记"), permission=access.FLAG, list_label=_("客户"), list_url="/customers/",
    form=FlagForm.build, save=put_on, load=queries.get_customer, sections=((_("标记"), ("kind", "reason", "until_on")),),
)  # fmt: skip


def lift_page(flag: int) -> EditPage:
    """The form page that takes one warning off."""

    def take_off(customer, cleaned, *, actor, at, version):
        return address_of(actions.lift_flag(customer, flag_id=flag, reason=cleaned["reason"], actor=actor, at=at))

    return EditPage(
        name=f"customer_lift:{flag}", title=_("解除标记"), permission=access.FLAG, list_label=_("客户"),
        list_url="/customers/", form=LiftForm.build, save=take_off, load=queries.get_customer,
        sections=((_("解除"), ("reason",)),),
    )  # fmt: skip
