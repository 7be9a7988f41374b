"""Permissions and row scope of this room."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor, by_branch, for_holders, permission, scope_of

VIEW_BRANCH = permission("people.view_branch", _("查看机构、部门、区域和日历"))
EDIT_BRANCH = permission("people.edit_branch", _("编辑机构和部门"))
EDIT_REGION = permission("people.edit_region", _("编辑服务区域和服务范围"))
ADD_REGION = permission("people.add_region", _("登记时新建区域"))
EDIT_CALENDAR = permission("people.edit_calendar", _("编辑工作日历和节假日"))
VIEW_EMPLOYEE = permission("people.view_employee", _("查看员工"))
VIEW_WAGE = permission("people.view_wage", _("查看岗位工资"))
EDIT_EMPLOYEE = permission("people.edit_employee", _("编辑员工、技能和证书"))
VIEW_ROLE = permission("people.view_role", _("查看角色和授权"))
EDIT_ROLE = permission("people.edit_role", _("编辑角色和授权"))
EDIT_ACCOUNT = permission("people.edit_account", _("管理登录账号和密码"))
MAKE_TOKEN = permission("people.make_token", _("创建接口令牌"))


def _own_branch(actor: Actor, permission: str) -> Q:
    # Whoever may look at branches at all also sees his own, even where his grants reach single people only.
    if permission == VIEW_BRANCH and actor.branch_id and actor.holds(permission):
        return Q(pk=actor.branch_id)
    return Q(pk__in=[])


@scope_of("people.Branch", view=VIEW_BRANCH)
def branches(actor: Actor, permission: str) -> Q:
    """The branches reached, and one's own."""
    found = by_branch(actor, permission, branch="id")
    return found | _own_branch(actor, permission) if found else found


@scope_of("people.Department", view=VIEW_BRANCH)
def departments(actor: Actor, permission: str) -> Q:
    """The departments of the branches reached."""
    return by_branch(actor, permission)


@scope_of("people.Employee", view=VIEW_EMPLOYEE)
def employees(actor: Actor, permission: str) -> Q:
    """The people of the branches reached, and single people reached (oneself, one's team)."""
    return by_branch(actor, permission, people=("id",))


@scope_of("people.Account", view=VIEW_EMPLOYEE)
def accounts(actor: Actor, permission: str) -> Q:
    """The sign-ins of the people reached."""
    return by_branch(actor, permission, branch="employee__branch_id", people=("employee_id",))


@scope_of("people.Token", view=MAKE_TOKEN)
def tokens(actor: Actor, permission: str) -> Q:
    """One's own tokens; those of others for who manages their accounts."""
    own = Q(employee_id=actor.employee_id) if permission == MAKE_TOKEN and actor.holds(MAKE_TOKEN) else Q(pk__in=[])
    managed = by_branch(actor, EDIT_ACCOUNT, branch="employee__branch_id", people=("employee_id",))
    return own | managed if managed else managed


@scope_of("people.Region", view=VIEW_BRANCH)
def regions(actor: Actor, permission: str) -> Q:
    """A shared register."""
    return for_holders(actor, permission)


@scope_of("people.Calendar", view=VIEW_BRANCH)
def calendars(actor: Actor, permission: str) -> Q:
    """A shared register."""
    return for_holders(actor, permission)


@scope_of("people.Role", view=VIEW_ROLE)
def roles(actor: Actor, permission: str) -> Q:
    """A shared register."""
    return for_holders(actor, permission)
