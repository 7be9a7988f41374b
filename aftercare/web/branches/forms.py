from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import access, actions, queries
from aftercare.web.branches.registers import KINDS, address_of
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage


class BranchForm(fields.RowForm):
    """A branch; its number stays once it is given."""

    number = fields.text(_("机构编号"), 24, required=True)
    name = fields.text(_("机构"), 80, required=True)
    kind_of = forms.ChoiceField(label=_("类型"), choices=KINDS, initial="branch")
    parent = fields.row(_("上级"))
    phone = fields.text(_("电话"), 30)
    address = fields.text(_("地址"), 250)
    zone = fields.text(_("时区"), 40, required=True, initial="Asia/Shanghai")
    calendar = fields.row(_("工作日历"), help_text=_("留空时沿用上级的日历"))
    is_active = fields.yes(_("启用"), initial=True)

    def start(self):
        return (
            {"kind_of": "branch", "zone": self.actor.zone, "is_active": True} if self.row is None else super().start()
        )

    def fit(self):
        rows = queries.list_branches(self.actor)
        self.fields["parent"].queryset = rows.exclude(pk=self.row.pk) if self.row else rows
        self.fields["calendar"].queryset = queries.list_calendars(self.actor)
        del self.fields["number" if self.row else "is_active"]


class DepartmentForm(fields.RowForm):
    """A department; branch and parent stay as they were made."""

    name = fields.text(_("部门"), 60, required=True)
    branch = fields.row(_("机构"), required=True)
    parent = fields.row(_("上级部门"))

    def fit(self):
        if self.row:
            del self.fields["branch"], self.fields["parent"]
        else:
            self.fields["branch"].queryset = queries.list_branches(self.actor)
            self.fields["parent"].queryset = queries.list_departments(self.actor)


def load_department(key, actor):
    """A department of the branches reached."""
    return fields.one(queries.list_departments(actor), pk=fields.whole(key))


def save_branch(branch, cleaned, *, actor, at, version):
    """Make or edit a branch; answers its page."""
    if branch is None:
        return address_of(actions.create_branch(actor=actor, at=at, **fields.values(cleaned)))
    return address_of(actions.edit_branch(branch, version=version, actor=actor, at=at, **fields.values(cleaned)))


def save_department(department, cleaned, *, actor, at, version):
    """Make or rename a department; answers its branch's page."""
    if department is None:
        return address_of(actions.create_department(actor=actor, at=at, **fields.values(cleaned)).branch)
    made = actions.edit_department(department, version=version, name=cleaned["name"], actor=actor, at=at)
    return address_of(made.branch)


BRANCH = EditPage(
    name="branch",
    title=_("机构"),
    is_thing=True,
    permission=access.EDIT_BRANCH,
    list_label=_("机构"),
    list_url="/branches/",
    form=BranchForm.build,
    save=save_branch,
    load=queries.get_branch,
    sections=(
        (_("基本信息"), ("number", "name", "kind_of", "parent", "is_active")),
        (_("联系方式"), ("phone", "address")),
        (_("时间"), ("zone", "calendar")),
    ),
)
DEPARTMENT = EditPage(
    name="department",
    title=_("部门"),
    permission=access.EDIT_BRANCH,
    list_label=_("部门"),
    list_url="/departments/",
    form=DepartmentForm.build,
    save=save_department,
    load=load_department,
)
