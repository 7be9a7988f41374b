from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import access, queries
from aftercare.web.pages import cells, links
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.products.registers import CATEGORY

KINDS = [("fault", _("故障现象")), ("cause", _("故障原因")), ("solution", _("解决措施")), ("colour", _("颜色")),
         ("grade", _("客户等级")), ("barrier", _("不能修复的原因"))]  # fmt: skip
ANY = _("不限")


def _kind(kind):
    return lambda rows: rows.filter(kind_of=kind)


CODES = Register(
    slug="codes",
    title=pgettext_lazy("list", "词典"),
    permission=access.VIEW,
    rows=queries.list_codes,
    address=lambda row: f"/codes/{row.pk}/edit/",
    order=("-uses", "id"),
    search=lambda rows, text, actor: (
        rows.filter(name__icontains=text) | rows.filter(initials__icontains=text) | rows.filter(code__icontains=text)
    ),
    search_hint=_("词条 / 编码 / 拼音首字母"),
    default_tab="fault",
    tabs=tuple(Tab(kind, label, _kind(kind)) for kind, label in KINDS),
    columns=(
        Column(
            "name",
            _("词条"),
            links.opens("name", lambda r: f"/codes/{r.pk}/edit/", access.EDIT),
            order=("name",),
            css="lead c-text",
        ),
        Column("code", _("编码"), cells.text("code"), order=("code",)),
        Column(
            "category",
            _("品类"),
            cells.text("category.name"),
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("is_new", _("新词条"), cells.yes("is_new"), kind="bool"),
        Column("is_active", _("启用"), cells.yes("is_active"), css="c-opt", kind="bool"),
        Column(
            "uses", _("使用次数"), cells.number("uses"), order=("uses",), first="desc", css="num c-end", kind="integer"
        ),
    ),
    filters=(
        Filter(
            "new",
            _("新词条"),
            lambda rows, v: rows.filter(is_new=v == "yes"),
            lambda actor: [("yes", _("新词条")), ("no", _("正式词条"))],
        ),
        CATEGORY,
    ),
    create=(_("新建词条"), "/codes/new/", access.EDIT),
)

WORK_TYPES = Register(
    slug="work-types",
    title=pgettext_lazy("list", "工种"),
    permission=access.VIEW,
    rows=queries.list_work_types,
    address=lambda row: f"/work-types/{row.pk}/edit/",
    order=("position", "id"),
    columns=(
        Column("name", _("工种"), links.opens("name", lambda r: f"/work-types/{r.pk}/edit/", access.EDIT), css="lead"),
        Column("code", _("编码"), cells.text("code")),
        Column("minutes", _("标准工时（分）"), cells.number("minutes"), css="num", kind="integer"),
        Column("is_repair", _("维修类"), cells.yes("is_repair"), kind="bool"),
        Column("is_active", _("启用"), cells.yes("is_active"), css="c-end", kind="bool"),
    ),
    create=(_("新建工种"), "/work-types/new/", access.EDIT),
)

SERVICE_LEVELS = Register(
    slug="service-levels",
    title=pgettext_lazy("list", "服务时限"),
    permission=access.VIEW,
    rows=queries.list_service_levels,
    address=lambda row: f"/service-levels/{row.pk}/edit/",
    order=("id",),
    columns=(
        Column(
            "work_type",
            _("工种"),
            links.opens("work_type.name", lambda r: f"/service-levels/{r.pk}/edit/", access.EDIT, nothing=ANY),
            css="lead",
            export=lambda r, s: r.work_type.name if r.work_type else "",
        ),
        Column(
            "category",
            _("品类"),
            cells.text("category.name"),
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("is_urban", _("区域"), links.either("is_urban", yes=_("城区"), no=_("郊区"), neither=ANY),
               export=lambda r, s: "" if r.is_urban is None else _t("城区") if r.is_urban else _t("郊区")),
        Column("urgent", _("加急"), cells.yes("urgent"), kind="bool"),
        Column(
            "respond_minutes", _("到达时限（工作分钟）"), cells.number("respond_minutes"), css="num", kind="integer"
        ),
        Column(
            "repair_minutes", _("修复时限（工作分钟）"), cells.number("repair_minutes"), css="num c-end", kind="integer"
        ),
    ),
    create=(_("新建时限"), "/service-levels/new/", access.EDIT),
)
