from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, actions, queries
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.prices.registers import ANY, CLASSES, CUSTOMERS, FEES


class PriceForm(fields.RowForm):
    """A line of the fee schedule; an empty condition means any."""

    fee = forms.ChoiceField(label=_("费用种类"), choices=FEES)
    amount = fields.money(_("金额"), required=False)
    percent = forms.DecimalField(label=_("按人工费（%）"), min_value=0, max_value=1000, required=False, help_text=_("只用于加价，代替金额"))
    from_km = forms.IntegerField(label=_("超过公里"), min_value=0, max_value=9999, required=False, help_text=_("只用于远程费"))
    to_km = forms.IntegerField(label=_("至公里"), min_value=1, max_value=9999, required=False)
    per_minutes = forms.IntegerField(label=_("每（分钟）"), min_value=1, max_value=600, required=False, help_text=_("只用于超时工时费：超出标准工时后每开始多少分钟"))
    from_time = forms.TimeField(label=_("自"), required=False, widget=forms.TimeInput(attrs={"type": "time"}), help_text=_("只用于夜间加价"))
    to_time = forms.TimeField(label=_("至"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    work_type = fields.row(_("工种"))
    category = fields.row(_("品类"))
    region = forms.CharField(label=_("区域"), max_length=120, required=False, help_text=_("区划代码或名称，如 330106 或 杭州市西湖区"))
    is_urban = fields.YesNoAny(_("城郊"), _("城区"), _("郊区"))
    customer_grade = fields.text(_("客户等级"), 20)
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


    def clean(self):
        given = super().clean()
        if given.get("amount") is None and given.get("percent") is None:
            self.add_error("amount", _t("请填写金额"))
        given["amount"] = given.get("amount") or money.ZERO
        return given

    def clean_region(self):
        return find_region(self.cleaned_data["region"])


def find_region(text):
    """A region by code or name as typed; None for nothing typed."""
    text = text.strip()
    if not text:
        return None
    if text.isdigit():
        return people.find_region(text) or _no_region(text)
    found = [one for one in people.search_regions(text) if text in (one.name, one.full_name)]
    return found[0] if len(found) == 1 else _no_region(text)


def _no_region(text):
    raise forms.ValidationError(_t("没有「%(text)s」这个区域，或不止一个，请填区划代码") % {"text": text}, code="unknown")


class EndForm(fields.RowForm):
    """The last day of a line, and why where nothing takes its place."""

    withdraw = fields.yes(_("停止收费：之后可以没有价格"))
    reason = fields.text(_("原因"), 200, help_text=_("停止收费时必填"))
    valid_to = fields.day(_("失效日期"), help_text=_("含当日；已有失效日期时只能提前"))


def load(key, actor):
    """That line of the schedule."""
    return fields.one(queries.list_labour_prices(actor), pk=fields.whole(key))


def save(_row, cleaned, *, actor, at, version):
    """Add a line."""
    actions.set_labour_price(actor=actor, at=at, **fields.values(cleaned))
    return "/prices/"


def save_end(row, cleaned, *, actor, at, version):
    """Let a line end where others hold, or withdraw the offer with a reason."""
    given = {"valid_to": cleaned["valid_to"], "version": version, "actor": actor, "at": at}
    if cleaned["withdraw"]:
        actions.withdraw_labour_price(row, reason=cleaned["reason"], **given)
    else:
        actions.end_labour_price(row, **given)
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
        (_("费用"), ("fee", "amount", "percent", "per_minutes", "from_km", "to_km", "from_time", "to_time")),
        (_("适用条件"), ("work_type", "category", "region", "is_urban", "customer_grade", "customer_kind", "service_class")),
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
