from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Register


def address_of(role) -> str:
    """The page of a role."""
    return f"/roles/{role.code}/"


def _size(row, shown=None) -> str:
    return _now("全部") if row.permissions == ["*"] else str(len(row.permissions))


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
    ),
    create=(_("新建角色"), "/roles/new/", access.EDIT_ROLE),
)
