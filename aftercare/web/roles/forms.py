from collections.abc import Collection

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import access, actions, queries
from aftercare.foundation.access import PERMISSIONS
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.roles.registers import address_of

REACHES = [
    ("own", _("本人")),
    ("team", _("本部门")),
    ("branch", _("本机构")),
    ("below", _("本机构及下级")),
    ("all", _("全部")),
]


def rooms(held: Collection[str] = ()) -> list[dict]:
    """All permissions by room, in the order of the rooms' names; `on` tells which are among `held`."""
    found: dict[str, list[dict]] = {}
    for code, label in sorted(PERMISSIONS.items()):
        found.setdefault(code.split(".")[0], []).append(
            {"code": code, "label": label, "on": code in held or "*" in held}
        )
    return [{"room": room, "label": _room_label(room), "permissions": found[room]} for room in sorted(found)]


def _room_label(room: str):
    return apps.get_app_config(room).verbose_name if apps.is_installed(f"aftercare.domain.{room}") else room


class RoleForm(fields.RowForm):
    """A role with its permissions; the boxes are drawn by rooms."""

    code = fields.text(_("编码"), 24, required=True)
    name = fields.text(_("角色"), 60, required=True)
    reach = forms.ChoiceField(label=_("数据范围"), choices=REACHES, initial="branch")
    permissions = forms.MultipleChoiceField(label=_("权限"), required=False)

    def fit(self):
        kept = self.row.permissions if self.row else []
        self.fields["permissions"].choices = [(code, code) for code in dict.fromkeys([*PERMISSIONS, *kept, "*"])]
        if self.row:
            del self.fields["code"]

    @property
    def rooms(self):
        """The boxes as they stand now: as typed, else as stored."""
        return rooms(self["permissions"].value() or [])

    @property
    def extra(self):
        """Held codes that no box shows: `*` and names of rooms not installed."""
        return [code for code in self["permissions"].value() or [] if code not in PERMISSIONS]


def load(code, actor):
    """The role of that code."""
    return fields.one(queries.list_roles(actor), code=code)


def save(role, cleaned, *, actor, at, version):
    """Make or edit a role; answers its page."""
    if role is None:
        return address_of(actions.create_role(actor=actor, at=at, **fields.values(cleaned)))
    return address_of(actions.edit_role(role, version=version, actor=actor, at=at, **fields.values(cleaned)))


ROLE = EditPage(
    name="role",
    title=_("角色"),
    is_thing=True,
    permission=access.EDIT_ROLE,
    list_label=_("角色"),
    list_url="/roles/",
    form=RoleForm.build,
    save=save,
    load=load,
    sections=((_("基本信息"), ("code", "name", "reach")),),
    template="roles/form.html",
)
