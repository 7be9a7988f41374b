from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, actions, queries
from aftercare.web.dictionary.registers import KINDS
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.products.forms import lines


class CodeForm(fields.RowForm):
    """A dictionary entry."""

    kind_of = forms.ChoiceField(label=_("词典"), choices=KINDS)
    name = fields.text(_("词条"), 160, required=True)
    code = fields.text(_("编码"), 40)
    category_id = fields.row(_("品类"), help_text=_("留空表示适用全部品类"))
    aliases = fields.text(_("别名"), 1000, rows=3, help_text=_("一行一个"))
    is_active = fields.yes(_("启用"))
    is_new = fields.yes(_("新词条"), help_text=_("去掉勾选即确认为正式词条"))

    @property
    def also(self):
        """What else may be done with the entry."""
        return [{"url": f"/codes/{self.row.pk}/merge/", "label": _("合并到另一词条")}] if self.row and self.actor.holds(access.MERGE) else []

    def start(self):
        return super().start() | {"aliases": "\n".join(self.row.aliases)} if self.row else {}

    def fit(self):
        self.fields["category_id"].queryset = queries.list_categories(self.actor).filter(merged_into=None).order_by("name")
        for name in ("kind_of",) if self.row else ("aliases", "is_active", "is_new"):
            del self.fields[name]


class WorkTypeForm(fields.RowForm):
    """A kind of job with its usual time."""

    name = fields.text(_("工种"), 60, required=True)
    code = fields.text(_("编码"), 20, help_text=_("留空自动编号"))
    minutes = forms.IntegerField(label=_("标准工时（分）"), min_value=1, max_value=6000, initial=60)
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=999, initial=0)
    is_repair = fields.yes(_("维修类"), initial=True)
    is_active = fields.yes(_("启用"))

    def start(self):
        return super().start() if self.row else {"minutes": 60, "position": 0, "is_repair": True}

    def fit(self):
        if not self.row:
            del self.fields["is_active"]


class LevelForm(fields.RowForm):
    """Limits in working minutes; an empty condition means any."""

    work_type = fields.row(_("工种"))
    category = fields.row(_("品类"))
    is_urban = fields.YesNoAny(_("区域"), _("城区"), _("郊区"))
    urgent = fields.yes(_("加急"))
    respond_minutes = forms.IntegerField(label=_("到达时限（工作分钟）"), min_value=1, max_value=525_600)
    repair_minutes = forms.IntegerField(label=_("修复时限（工作分钟）"), min_value=1, max_value=525_600)

    def fit(self):
        if self.row:
            for name in ("work_type", "category", "is_urban", "urgent"):
                del self.fields[name]
        else:
            self.fields["work_type"].queryset = queries.list_work_types(self.actor)
            self.fields["category"].queryset = queries.list_categories(self.actor).order_by("name")


def load_code(key, actor):
    """That entry."""
    return queries.get_code(fields.whole(key), actor)


def load_work_type(key, actor):
    """That work type."""
    return queries.get_work_type(fields.whole(key), actor)


def load_level(key, actor):
    """That line of the limits."""
    return fields.one(queries.list_service_levels(actor), pk=fields.whole(key))


def save_code(code, cleaned, *, actor, at, version):
    """Make or edit an entry."""
    given = fields.values(cleaned)
    category = given.pop("category_id")
    if code is None:
        kind, name = given.pop("kind_of"), given.pop("name")
        fields.require_new(queries.find_code(kind, name))
        actions.ensure_code(kind, name, category=category, actor=actor, at=at, **given)
        return f"/codes/?tab={kind}"
    given["aliases"] = lines(given["aliases"])
    actions.edit_code(code, version=version, category_id=category.pk if category else None, actor=actor, at=at, **given)
    return f"/codes/?tab={code.kind_of}"


def save_work_type(work_type, cleaned, *, actor, at, version):
    """Make or edit a work type."""
    given = fields.values(cleaned)
    if work_type is None:
        fields.require_new(queries.find_work_type(given["name"]))
        actions.ensure_work_type(given.pop("name"), actor=actor, at=at, **given)
    else:
        given["code"] = given["code"] or work_type.code
        actions.edit_work_type(work_type, version=version, actor=actor, at=at, **given)
    return "/work-types/"


def save_level(level, cleaned, *, actor, at, version):
    """Set limits, or change those of a line."""
    given = fields.values(cleaned)
    if level is None:
        actions.set_service_level(actor=actor, at=at, **given)
    else:
        actions.edit_service_level(level, version=version, actor=actor, at=at, **given)
    return "/service-levels/"


def _page(name, title, form, save, load, address):
    return EditPage(
        name=name,
        title=title,
        permission=access.EDIT,
        list_label=title,
        list_url=address,
        form=form.build,
        save=save,
        load=load,
    )


CODE = _page("code", _("词典"), CodeForm, save_code, load_code, "/codes/")
WORK_TYPE = _page("work_type", _("工种"), WorkTypeForm, save_work_type, load_work_type, "/work-types/")
LEVEL = _page("service_level", _("服务时限"), LevelForm, save_level, load_level, "/service-levels/")
