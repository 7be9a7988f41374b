from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access, queries
from aftercare.foundation.access import PERMISSIONS
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Register, Tab


def address_of(role) -> str:
    """The page of a role."""
    return f"/roles/{role.code}/"


def _size(row, shown=None) -> str:
    return _now("全部") if row.permissions == ["*"] else str(len(row.permissions))


def _template(row, shown=None) -> str:
    return _now("按模板") if row.template else _now("自建")


def _labels(codes) -> list[str]:
    return [str(PERMISSIONS.get(code, code)) for code in codes]


def _offered(row, shown) -> str:
    if not row.offered:
        return ""
    return _now("本版本新增 %(count)s 项：%(names)s") % {"count": len(row.offered), "names": "、".join(_labels(row.offered))}


ROLES = Register(
    slug="roles",
    title=pgettext_lazy("list", "角色"),
    permission=access.VIEW_ROLE,
    rows=queries.list_roles,
    address=address_of,
    order=("code",),
    columns=(
        Column("name", _("角色"), cells.link("name", address_of), css="lead"),
        Column("code", _("编码"), cells.text("code")),
        Column("reach", _("数据范围"), cells.choice("reach"), export=lambda r, s: r.get_reach_display()),
        Column("permissions", _("权限数"), _size, css="num c-end", export=_size),
        Column("template", _("角色模板"), _template, export=_template),
        Column("offered", _("新权限"), _offered, export=lambda r, s: "、".join(_labels(r.offered))),
    ),
    tabs=(
        Tab("", _("全部"), lambda rows: rows),
        Tab("new", _("有新权限待处理"), lambda rows: rows.exclude(offered=[])),
    ),
    create=(_("新建角色"), "/roles/new/", access.EDIT_ROLE),
)
