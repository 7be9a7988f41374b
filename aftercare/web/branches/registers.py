from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access, queries
from aftercare.web.markup import format_html
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab

KINDS = [
    ("head_office", _("总部")),
    ("branch", _("分公司")),
    ("service_centre", _("服务中心")),
    ("outlet", _("特约网点")),
]


def address_of(branch) -> str:
    """The page of a branch."""
    return f"/branches/{branch.number}/"


def _name(row, shown) -> str:
    # The order is that of the tree, so the depth is all that is missing to show it.
    depth = max(row.path.count("/") - 2, 0)
    return format_html('{}<a class="lead" href="{}">{}</a>', "　" * depth, address_of(row), row.name)


BRANCHES = Register(
    slug="branches",
    title=pgettext_lazy("list", "机构"),
    permission=access.VIEW_BRANCH,
    rows=lambda actor: queries.list_branches(actor, active=None),
    address=address_of,
    order=("path",),
    search=lambda rows, text, actor: rows.filter(name__icontains=text) | rows.filter(number__icontains=text),
    search_hint=_("名称 / 编号"),
    default_tab="active",
    tabs=(
        Tab("active", _("启用"), lambda rows: rows.filter(is_active=True)),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("name", _("机构"), _name, css="lead"),
        Column("number", _("编号"), cells.text("number")),
        Column("kind_of", _("类型"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column(
            "parent",
            _("上级"),
            cells.text("parent.name"),
            css="c-opt",
            export=lambda r, s: r.parent.name if r.parent else "",
        ),
        Column("phone", _("电话"), cells.text("phone")),
        Column("address", _("地址"), cells.text("address"), css="c-wide c-opt"),
        Column("zone", _("时区"), cells.text("zone"), css="c-opt c-end"),
    ),
    filters=(Filter("kind", _("类型"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS),),
    create=(_("新建机构"), "/branches/new/", access.EDIT_BRANCH),
)

DEPARTMENTS = Register(
    slug="departments",
    title=pgettext_lazy("list", "部门"),
    permission=access.VIEW_BRANCH,
    rows=queries.list_departments,
    address=lambda row: f"/departments/{row.pk}/edit/",
    order=("branch__path", "name"),
    search=lambda rows, text, actor: rows.filter(name__icontains=text),
    search_hint=_("部门"),
    columns=(
        Column("name", _("部门"), cells.link("name", lambda row: f"/departments/{row.pk}/edit/"), css="lead"),
        Column("branch", _("机构"), cells.text("branch.name"), export=lambda r, s: r.branch.name),
        Column(
            "parent",
            _("上级"),
            cells.text("parent.name"),
            css="c-end",
            export=lambda r, s: r.parent.name if r.parent else "",
        ),
    ),
    create=(_("新建部门"), "/departments/new/", access.EDIT_BRANCH),
)
