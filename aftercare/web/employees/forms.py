from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.custody import queries as custody
from aftercare.domain.people import access, actions, queries
from aftercare.flows import keep_things
from aftercare.foundation import clock
from aftercare.web.employees.registers import address_of
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage


class EmployeeForm(fields.RowForm):
    """An employee's file; the wage only for who may see wages."""

    number = fields.text(_("工号"), 24, required=True)
    name = fields.text(_("姓名"), 60, required=True)
    branch = fields.row(_("机构"), required=True)
    department = fields.row(_("部门"))
    post = fields.text(_("岗位"), 40)
    grade = fields.text(_("技术等级"), 20)
    is_engineer = fields.yes(_("工程师"))
    phone = fields.text(_("电话"), 30)
    joined_on = fields.day(_("入职日期"), required=False)
    wage_amount = fields.money(_("岗位工资"), required=False, initial=0)

    def start(self):
        return {"branch": self.actor.branch_id} if self.row is None else super().start()

    def fit(self):
        self.fields["branch"].queryset = queries.list_branches(self.actor)
        self.fields["department"].queryset = queries.list_departments(self.actor)
        branch_id = self.row.branch_id if self.row else self.actor.branch_id
        if not self.actor.may(access.VIEW_WAGE, branch_id=branch_id):
            del self.fields["wage_amount"]


class SkillsForm(fields.RowForm):
    """The product categories an engineer is skilled in."""

    codes = forms.MultipleChoiceField(
        label=_("品类"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"rows": 12}),
        help_text=_("「全部品类」代表任何品类"),
    )

    def start(self):
        return {"codes": ["*" if s.category_code == "" else s.category_code for s in self.row.skills.all()]}

    def fit(self):
        rows = catalog.list_categories(self.actor).filter(is_active=True).order_by("name")
        self.fields["codes"].choices = [("*", _("全部品类")), *((c.code, c.name) for c in rows)]


class CertificateForm(fields.RowForm):
    """A qualification with its last day."""

    name = fields.text(_("证书"), 80, required=True)
    number = fields.text(_("证书编号"), 60)
    category = fields.row(_("品类"), help_text=_("留空表示适用全部品类"))
    issued_on = fields.day(_("发证日期"), required=False)
    expires_on = fields.day(_("有效期至"))

    def start(self):
        return {}

    def fit(self):
        self.fields["category"].queryset = catalog.list_categories(self.actor).order_by("name")


class GrantForm(fields.RowForm):
    """A role at a branch."""

    role = fields.row(_("角色"), required=True)
    branch = fields.row(_("机构"), required=True)

    def start(self):
        return {"branch": self.row.branch_id}

    def fit(self):
        self.fields["role"].queryset = queries.list_roles(self.actor)
        self.fields["branch"].queryset = queries.list_branches(self.actor)


class AccountForm(fields.RowForm):
    """A sign-in, or a new password for it; a user name besides the number is optional."""

    username = fields.text(_("用户名"), 60, help_text=_("留空时用工号登录"))
    password = forms.CharField(
        label=_("初始密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，不能太常见"),
    )

    def start(self):
        return {}

    def fit(self):
        if find_account(self.row, self.actor):
            del self.fields["username"]
            self.fields["password"].label = _("新密码")


class LeaveForm(fields.RowForm):
    """The day somebody leaves."""

    on = fields.day(_("离职日期"))
    reason = fields.text(_("还有未还物品仍办理离职的原因"), 200)

    def fit(self):
        held = custody.list_in_hands(self.row.pk)
        if not held or custody.rule_at(self.row.branch_id).leaving == "block":
            del self.fields["reason"]
        if held:
            self.fields["on"].help_text = _t("手里还有 %(n)s 件工具或资料未还：%(items)s") % {
                "n": len(held), "items": _t("、").join(row.item for row in held[:5])}

    def start(self):
        return {"on": clock.local_day(clock.now(), self.actor.zone), "version": self.row.version}


def find_account(employee, actor):
    """The sign-in of an employee, None when he has none."""
    return queries.list_accounts(actor).filter(employee=employee).first()


def save_employee(employee, cleaned, *, actor, at, version):
    """Make or edit the file; answers its page."""
    given = fields.values(cleaned)
    if given.get("wage_amount", 0) is None:
        given["wage_amount"] = 0
    if employee is None:
        return address_of(actions.create_employee(actor=actor, at=at, **given))
    return address_of(actions.edit_employee(employee, version=version, actor=actor, at=at, **given))


def save_skills(employee, cleaned, *, actor, at, version):
    """Set all skills at once."""
    codes = ["" if code == "*" else code for code in cleaned["codes"]]
    actions.set_skills(employee, category_codes=codes, actor=actor, at=at)
    return address_of(employee)


def save_certificate(employee, cleaned, *, actor, at, version):
    """Add a certificate."""
    given = fields.values(cleaned, without=("category",))
    code = cleaned["category"].code if cleaned["category"] else ""
    actions.add_certificate(employee, category_code=code, actor=actor, at=at, **given)
    return address_of(employee)


def save_grant(employee, cleaned, *, actor, at, version):
    """Give a role."""
    actions.grant(employee, role=cleaned["role"], branch=cleaned["branch"], actor=actor, at=at)
    return address_of(employee)


def save_account(employee, cleaned, *, actor, at, version):
    """Make a sign-in, or give it a new password."""
    account = find_account(employee, actor)
    if account is None:
        actions.create_account(employee, username=cleaned["username"], password=cleaned["password"], actor=actor, at=at)
    else:
        actions.set_password(account, password=cleaned["password"], actor=actor, at=at)
    return address_of(employee)


def save_leave(employee, cleaned, *, actor, at, version):
    """Let somebody leave on a day."""
    return address_of(keep_things.leave(employee, version=version, on=cleaned["on"], reason=cleaned.get("reason", ""), actor=actor, at=at))


def _page(name, title, permission, form, save, **options):
    return EditPage(
        name=name,
        title=title,
        permission=permission,
        list_label=_("员工"),
        list_url="/employees/",
        form=form.build,
        save=save,
        load=queries.get_employee,
        **options,
    )


EMPLOYEE = _page(
    "employee",
    _("员工"),
    access.EDIT_EMPLOYEE,
    EmployeeForm,
    save_employee,
    sections=(
        (_("基本信息"), ("number", "name", "branch", "department", "phone", "joined_on")),
        (_("岗位"), ("post", "grade", "wage_amount", "is_engineer")),
    ),
)
SKILLS = _page("skills", _("技能"), access.EDIT_EMPLOYEE, SkillsForm, save_skills)
CERTIFICATE = _page("certificate", _("证书"), access.EDIT_EMPLOYEE, CertificateForm, save_certificate)
GRANT = _page("grant", _("授权"), access.EDIT_ROLE, GrantForm, save_grant)
ACCOUNT = _page("account", _("登录账号"), access.EDIT_ACCOUNT, AccountForm, save_account)
LEAVE = _page("leave", pgettext_lazy("action", "离职"), access.EDIT_EMPLOYEE, LeaveForm, save_leave)
