from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab


def address_of(employee) -> str:
    """The page of an employee's file."""
    return f"/employees/{employee.number}/"


def _branches(actor):
    return [(str(b.pk), b.name) for b in queries.list_branches(actor)]


EMPLOYEES = Register(
    slug="employees",
    title=pgettext_lazy("list", "员工"),
    permission=access.VIEW_EMPLOYEE,
    rows=lambda actor: queries.list_employees(actor, active=None),
    address=address_of,
    order=("number",),
    search=lambda rows, text, actor: rows.filter(
        pk__in=queries.list_employees(actor, active=None, text=text).order_by().values("pk")
    ),
    search_hint=_("工号 / 姓名 / 电话"),
    default_tab="active",
    tabs=(
        Tab("active", _("在职"), lambda rows: rows.filter(is_active=True)),
        Tab("engineers", _("工程师"), lambda rows: rows.filter(is_active=True, is_engineer=True)),
        Tab("left", _("离职"), lambda rows: rows.filter(is_active=False)),
    ),
    columns=(
        Column("name", _("姓名"), cells.link("name", address_of), order=("name",), css="lead"),
        Column("number", _("工号"), cells.text("number"), order=("number",)),
        Column("post", _("岗位"), cells.text("post")),
        Column("grade", _("技术等级"), cells.text("grade"), css="c-opt"),
        Column("branch", _("机构"), cells.text("branch.name"), export=lambda r, s: r.branch.name),
        Column(
            "department",
            _("部门"),
            cells.text("department.name"),
            css="c-opt",
            export=lambda r, s: r.department.name if r.department else "",
        ),
        Column("phone", _("电话"), cells.text("phone"), css="c-opt"),
        Column("joined_on", _("入职"), cells.day("joined_on"), css="c-end", kind="date"),
    ),
    filters=(
        Filter(
            "branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(), _branches
        ),
    ),
    create=(_("新建员工"), "/employees/new/", access.EDIT_EMPLOYEE),
)
