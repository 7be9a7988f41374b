from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.settlement import access, queries
from aftercare.web.pages import cells, links
from aftercare.web.pages.registers import Column, Register
from aftercare.web.prices.registers import VALID_ON
from aftercare.web.products.registers import CATEGORY

MODES = [("", _("不限")), ("on_site", _("上门")), ("bench", _("送修")), ("outside", _("外协")), ("remote", _("远程"))]
CAUSES = [("overdue", _("超时")), ("repeat", _("返修"))]
ANY = _("不限")

RATES = Register(
    slug="rates",
    title=pgettext_lazy("list", "提成标准"),
    permission=access.VIEW_RATE,
    rows=queries.list_rates,
    address=lambda row: f"/rates/{row.pk}/edit/",
    order=("-valid_from", "-id"),
    columns=(
        Column(
            "work_type",
            _("工种"),
            links.opens("work_type.name", lambda r: f"/rates/{r.pk}/edit/", access.MANAGE_RATES, nothing=ANY),
            css="lead",
            export=lambda r, s: r.work_type.name if r.work_type else "",
        ),
        Column(
            "category",
            _("品类"),
            cells.text("category.name"),
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("mode", _("方式"), lambda r, s: dict(MODES).get(r.mode, r.mode), export=lambda r, s: dict(MODES).get(r.mode, r.mode)),
        Column("grade", _("技术等级"), cells.text("grade")),
        Column("amount", _("每单金额"), cells.money("amount"), css="num", kind="money"),
        Column("labour_percent", _("人工费比例（%）"), cells.number("labour_percent"), css="num", kind="quantity"),
        Column("part_percent", _("配件费比例（%）"), cells.number("part_percent"), css="num", kind="quantity"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), order=("valid_from",), first="desc", kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(CATEGORY, VALID_ON),
    create=(_("新建标准"), "/rates/new/", access.MANAGE_RATES),
)

DEDUCTIONS = Register(
    slug="deductions",
    title=pgettext_lazy("list", "扣费规则"),
    permission=access.VIEW_RATE,
    rows=queries.list_deductions,
    address=lambda row: f"/deductions/{row.pk}/edit/",
    order=("cause", "over_minutes", "-valid_from"),
    columns=(
        Column(
            "cause",
            _("原因"),
            links.opens("get_cause_display", lambda r: f"/deductions/{r.pk}/edit/", access.MANAGE_RATES),
            css="lead",
            export=lambda r, s: r.get_cause_display(),
        ),
        Column("over_minutes", _("超过（工作分钟）"), cells.number("over_minutes"), css="num", kind="integer"),
        Column("amount", _("扣款"), cells.money("amount"), css="num", kind="money"),
        Column("percent", _("扣提成比例（%）"), cells.number("percent"), css="num", kind="quantity"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(VALID_ON,),
    create=(_("新建规则"), "/deductions/new/", access.MANAGE_RATES),
)
