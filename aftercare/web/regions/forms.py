from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage


def address_of(region) -> str:
    """The page of a region."""
    return f"/regions/{region.code}/"


class CoverageForm(fields.RowForm):
    """A branch, or one of its engineers, serves the region."""

    branch = fields.row(_("机构"), required=True)
    employee = fields.row(_("工程师"), help_text=_("留空表示整个机构"))
    priority = forms.IntegerField(label=_("优先级"), min_value=1, max_value=99, initial=1, help_text=_("数字小的先派"))

    def start(self):
        return {"branch": self.actor.branch_id, "priority": 1}

    def fit(self):
        self.fields["branch"].queryset = queries.list_branches(self.actor)
        self.fields["employee"].queryset = queries.list_employees(self.actor).filter(is_engineer=True)


class OwnRegionForm(fields.RowForm):
    """A region of one's own under a division, e.g. a development zone."""

    code = fields.text(_("区划代码"), 12, required=True)
    name = fields.text(_("区域"), 60, required=True)
    is_urban = fields.yes(_("城区"), initial=True)

    def start(self):
        return {"is_urban": True}


def _load(code, actor):
    actor.require_anywhere(access.VIEW_BRANCH)
    return queries.get_region(code)


def save_coverage(region, cleaned, *, actor, at, version):
    """Let somebody serve the region."""
    actions.set_coverage(region=region, actor=actor, at=at, **fields.values(cleaned))
    return address_of(region)


def save_own(region, cleaned, *, actor, at, version):
    """Make a region under this one."""
    return address_of(actions.create_region(parent=region, actor=actor, at=at, **fields.values(cleaned)))


COVERAGE = EditPage(
    name="coverage",
    title=_("服务范围"),
    permission=access.EDIT_REGION,
    list_label=_("服务区域"),
    list_url="/regions/",
    form=CoverageForm.build,
    save=save_coverage,
    load=_load,
)
OWN = EditPage(
    name="region",
    title=_("自设区域"),
    permission=access.EDIT_REGION,
    list_label=_("服务区域"),
    list_url="/regions/",
    form=OwnRegionForm.build,
    save=save_own,
    load=_load,
)
