from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, actions, queries
from aftercare.foundation import clock
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.parts.registers import address_of
from aftercare.web.prices.registers import ANY, CUSTOMERS


class PartForm(fields.RowForm):
    """A part; its price only for who may set prices."""

    name = fields.text(_("配件"), 120, required=True)
    code = fields.text(_("配件编码"), 60, help_text=_("留空自动编号"))
    unit = fields.text(_("单位"), 10, required=True, initial="个")
    category_id = fields.row(_("适用品类"))
    price_amount = fields.money(_("单价"), initial=0, required=False)
    gtin = fields.text(_("商品条码"), 14)
    warranty_months = forms.IntegerField(label=_("配件保修月数"), min_value=0, max_value=240, initial=3)
    is_serial = fields.yes(_("按序列号管理"))
    is_lot = fields.yes(_("按批次管理"))
    is_returnable = fields.yes(_("旧件返还"))
    is_active = fields.yes(_("启用"))

    def start(self):
        return super().start() if self.row else {"unit": "个", "warranty_months": 3, "price_amount": 0}

    def fit(self):
        self.fields["category_id"].queryset = queries.list_categories(self.actor).order_by("name")
        if not self.actor.holds(access.EDIT_PRICE):
            del self.fields["price_amount"]
        if not self.row:
            del self.fields["is_active"]


class PriceForm(fields.RowForm):
    """A dated price of a part."""

    amount = fields.money(_("金额"))
    customer_kind = forms.ChoiceField(label=_("客户类型"), choices=[("", ANY), *CUSTOMERS], required=False)
    customer_grade = fields.text(_("客户等级"), 20)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False, help_text=_("含当日；留空表示一直有效"))
    end_previous = fields.yes(_("让原来的价格到前一天为止"), initial=True)

    def start(self):
        return {"valid_from": clock.local_day(clock.now(), self.actor.zone), "end_previous": True}


def load(key, actor):
    """That part."""
    return queries.get_part(fields.whole(key), actor)


def save(part, cleaned, *, actor, at, version):
    """Make or edit a part; answers its page."""
    given = fields.values(cleaned)
    category = given.pop("category_id")
    if given.get("price_amount", 0) is None:
        given["price_amount"] = 0
    if part is None:
        return address_of(actions.create_part(category=category, actor=actor, at=at, **given))
    given["code"] = given["code"] or part.code
    return address_of(
        actions.edit_part(
            part, version=version, category_id=category.pk if category else None, actor=actor, at=at, **given
        )
    )


def save_price(part, cleaned, *, actor, at, version):
    """Set a price from a day on."""
    actions.set_part_price(part, actor=actor, at=at, **fields.values(cleaned))
    return address_of(part)


PART = EditPage(
    name="part",
    title=_("配件"),
    is_thing=True,
    permission=access.EDIT,
    list_label=_("配件"),
    list_url="/parts/",
    form=PartForm.build,
    save=save,
    load=load,
    sections=(
        (_("基本信息"), ("name", "code", "unit", "category_id", "gtin", "is_active")),
        (_("价格与管理"), ("price_amount", "warranty_months", "is_serial", "is_lot", "is_returnable")),
    ),
)
PRICE = EditPage(
    name="part_price",
    title=_("配件价格"),
    permission=access.EDIT_PRICE,
    list_label=_("配件"),
    list_url="/parts/",
    form=PriceForm.build,
    save=save_price,
    load=load,
)
