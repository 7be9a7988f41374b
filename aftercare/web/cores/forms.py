"""Forms of old parts: rules, refurbishing, a new shipment, the factory's answer."""
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.cores import access, actions, queries, rules
from aftercare.domain.inventory import queries as stock
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.quantity import shown
from aftercare.web.cores.registers import address_of, shipment_address
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, ByLine, find_part

BLOCKING = [("none", _("不影响")), ("warn", _("提醒")), ("block", _("不能锁定"))]


class RuleForm(fields.RowForm):
    """A rule of old parts; an empty condition means any."""

    part = fields.Combo(_("配件"), "part", required=False)
    category_id = fields.row(_("品类"), help_text=_("按所修产品的品类"))
    branch_id = fields.row(_("机构"), help_text=_("含下级机构"))
    is_returned = fields.yes(_("要返还"))
    is_paid_too = fields.yes(_("客户付费的也要返还"))
    days = forms.IntegerField(label=_("期限（工作日）"), min_value=1, max_value=rules.MAX_DAYS)
    charge_amount = fields.money(_("逾期每件扣款"))
    is_charge_lifted = fields.yes(_("补交后冲回扣款"))
    blocking = forms.ChoiceField(label=_("逾期时月结算"), choices=BLOCKING)
    credit_amount = fields.money(_("厂家每件应结"), required=False)
    valid_from = fields.day(_("生效日期"))
    valid_to = fields.day(_("失效日期"), required=False)

    def start(self):
        if self.row:
            return super().start()
        return {"is_returned": True, "days": rules.DEFAULT_DAYS, "charge_amount": Decimal("0.00"), "is_charge_lifted": True,
                "valid_from": clock.local_day(clock.now(), self.actor.zone)}

    def fit(self):
        if self.row:
            for name in ("part", "category_id", "branch_id"):
                del self.fields[name]
            return
        self.fields["part"].queryset, self.fields["part"].find = catalog.list_parts(self.actor), find_part(self.actor)
        self.fields["part"].help_text = _now("留空适用于所有标记「旧件返还」的配件")
        self.fields["category_id"].queryset = catalog.list_categories(self.actor).order_by("name")
        self.fields["branch_id"].queryset = people.list_branches(self.actor)


def save_rule(rule, cleaned, *, actor, at, version):
    """Make or edit a rule."""
    given = fields.values(cleaned, without=("part", "category_id", "branch_id"))
    if rule is None:
        conditions = {
            "part_id": cleaned["part"] and cleaned["part"].pk, "category_id": cleaned["category_id"] and cleaned["category_id"].pk,
            "branch_id": cleaned["branch_id"] and cleaned["branch_id"].pk,
        }
        actions.create_rule(actor=actor, at=at, **conditions, **given)
    else:
        actions.edit_rule(rule, version=version, actor=actor, at=at, **given)
    return "/core-rules/"


RULE = EditPage(
    name="core_rule", title=_("旧件返还规则"), is_thing=True, permission=access.EDIT_RULES, list_label=_("旧件返还规则"),
    list_url="/core-rules/", form=RuleForm.build, save=save_rule, load=queries.get_rule,
    sections=(
        (_("适用范围"), ("part", "category_id", "branch_id", "valid_from", "valid_to")),
        (_("返还"), ("days", "credit_amount", "is_returned", "is_paid_too")),
        (_("逾期"), ("charge_amount", "blocking", "is_charge_lifted")),
    ),
)  # fmt: skip


class RefurbishForm(fields.RowForm):
    """What the old piece became."""

    part = fields.Combo(_("翻新成"), "part", required=False, help_text=_("留空仍是原配件"))
    unit_cost = fields.money(_("每件翻新成本（元）"), help_text=_("旧件本身不计成本，翻新花了多少就值多少"))
    condition = forms.ChoiceField(label=_("入库状态"), choices=[("good", _("良品")), ("inspection", _("待检"))])
    place = fields.row(_("入库库位"), help_text=_("留空放在原库位"))
    serial = fields.text(_("序列号"), 60, help_text=_("按序列号管理的配件；留空沿用旧件序列号"))
    reason = fields.text(_("说明"), 200, rows=2)

    def start(self):
        return {"unit_cost": Decimal("0.00")}

    def fit(self):
        self.fields["part"].queryset, self.fields["part"].find = catalog.list_parts(self.actor), find_part(self.actor)
        places = stock.list_places(self.actor).filter(is_active=True, branch_id=self.row.branch_id if self.row else None)
        self.fields["place"].queryset = places.exclude(kind_of__in=["van", "transit", "quarantine"])


def save_refurbish(core, cleaned, *, actor, at, version):
    """Make it good again."""
    actions.refurbish(core, actor=actor, at=at, version=version, **fields.values(cleaned))
    return address_of(core)


REFURBISH = EditPage(
    name="core_refurbish", title=_("翻新入库"), permission=access.PROCESS, list_label=_("旧件返还"), list_url="/cores/",
    form=RefurbishForm.build, save=save_refurbish, load=queries.get_core,
)


class ShipmentForm(fields.RowForm):
    """A shipment to the factory."""

    branch = fields.row(_("寄出机构"), required=True)
    supplier = fields.row(_("厂家"))
    receiver = fields.text(_("收件人"), 200, help_text=_("姓名、电话、地址"))
    remark = fields.text(_("备注"), 500, rows=2)

    def start(self):
        return {"branch": self.actor.branch_id} if self.row is None else super().start()

    def fit(self):
        self.fields["supplier"].queryset = parties.list_suppliers(self.actor).order_by("name")
        if self.row is not None:
            del self.fields["branch"]
            return
        self.fields["branch"].queryset = people.list_branches(self.actor)


def save_shipment(shipment, cleaned, *, actor, at, version):
    """Begin a shipment, or change it."""
    given = fields.values(cleaned, without=("branch",))
    if shipment is None:
        return shipment_address(actions.open_shipment(branch_id=cleaned["branch"].pk, actor=actor, at=at, **given))
    return shipment_address(actions.revise_shipment(shipment, version=version, actor=actor, at=at, **given))


SHIPMENT = EditPage(
    name="core_shipment", title=_("旧件寄厂单"), is_thing=True, permission=access.SHIP, list_label=_("旧件寄厂"),
    list_url="/core-shipments/", form=ShipmentForm.build, save=save_shipment, load=queries.get_shipment,
)


class AnswerForm(ByLine):
    """What the factory credits for each piece; what is left empty waits on."""

    told = (
        (_("标签号"), lambda core: core.number),
        (_("配件"), lambda core: core.part.name),
        (_("数量"), lambda core: shown(core.qty)),
        (_("应结"), lambda core: "" if core.credit_expected_amount is None else f"{core.credit_expected_amount * core.qty:.2f}"),
    )
    columns = (
        ("amount", _("厂家结算（元）；拒收填 0"), lambda: fields.money("", required=False)),
        ("reason", _("少结或拒收的原因"), lambda: fields.text("", 200)),
    )

    def read(self, row):
        return [core for core in queries.pieces_of(row) if core.status == "shipped"]

    def first(self, line):
        return {"amount": None if line.credit_expected_amount is None else f"{line.credit_expected_amount * line.qty:.2f}"}


def save_answer(shipment, cleaned, *, actor, at, version):
    """Write down the factory's answer."""
    pieces = {core.pk: core for core in queries.pieces_of(shipment)}
    answers = [(pieces[pk], given["amount"], given["reason"]) for pk, given in cleaned["by_line"].items() if given["amount"] is not None]
    return shipment_address(actions.answer(shipment, answers=answers, actor=actor, at=at))


ANSWER = EditPage(
    name="core_answer", title=_("登记厂家结算"), permission=access.CREDIT, list_label=_("旧件寄厂"), list_url="/core-shipments/",
    form=AnswerForm.build, save=save_answer, load=queries.get_shipment, template=TEMPLATE,
)
