from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, actions, queries
from aftercare.foundation import clock
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.prices.registers import ANY, CLASSES, CUSTOMERS, FEES


class PriceForm(fields.RowForm):
    """A line of the fee schedule; an empty condition means any."""

    fee = forms.ChoiceField(label=_("费用种类"), choices=FEES)
    amount = fields.money(_("金额"))
    work_type = fields.row(_("工种"))
    category = fields.row(_("品类"))
    is_urban = fields.YesNoAny(_("区域"), _("城区"), _("郊区"))
    customer_kind = forms.ChoiceField(label=_("客户类型"), choices=[("", ANY), *CUSTOMERS], required=False)
    service_class = forms.ChoiceField(label=_("服务类别"), choices=[("", ANY), *CLASSES], required=False)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False, help_text=_("含当日；留空表示一直有效"))
    end_previous = fields.yes(_("让原来的标准到前一天为止"), initial=True)

    def start(self):
        return {"valid_from": clock.local_day(clock.now(), self.actor.zone), "end_previous": True}

    def fit(self):
        self.fields["work_type"].queryset = queries.list_work_types(self.actor)
        self.fields["category"].queryset = queries.list_categories(self.actor).order_by("name")


class EndForm(fields.RowForm):
    """The last day of a line."""

    valid_to = fields.day(_("失效日期"), help_text=_("含当日；已有失效日期时只能提前"))


def load(key, actor):
    """That line of the schedule."""
    return fields.one(queries.list_labour_prices(actor), pk=fields.whole(key))


def save(_row, cleaned, *, actor, at, version):
    """Add a line."""
    actions.set_labour_price(actor=actor, at=at, **fields.values(cleaned))
    return "/prices/"


def save_end(row, cleaned, *, actor, at, version):
    """Let a line end."""
    actions.end_labour_price(row, valid_to=cleaned["valid_to"], version=version, actor=actor, at=at)
    return "/prices/"


PRICE = EditPage(
    name="labour_price",
    title=_("收费标准"),
    is_thing=True,
    permission=access.EDIT_PRICE,
    list_label=_("收费标准"),
    list_url="/prices/",
    form=PriceForm.build,
    save=save,
    sections=(
        (_("费用"), ("fee", "amount")),
        (_("适用条件"), ("work_type", "category", "is_urban", "customer_kind", "service_class")),
        (_("有效期"), ("valid_from", "valid_to", "end_previous")),
    ),
)
END = EditPage(
    name="labour_price_end",
    title=_("结束收费标准"),
    permission=access.EDIT_PRICE,
    list_label=_("收费标准"),
    list_url="/prices/",
    form=EndForm.build,
    save=save_end,
    load=load,
)
