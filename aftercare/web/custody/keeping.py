"""Forms of the registers of our own things, and of a calibration."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.custody import access, actions, queries
from aftercare.domain.people import queries as people
from aftercare.flows import attachments, keep_things
from aftercare.foundation import clock
from aftercare.web.custody.things import loaner_url, paper_url, tool_url
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", "、").replace(",", "、").split("、")]


class _Of(fields.RowForm):
    """What belongs to a branch."""

    def fit(self):
        self.fields["branch"].queryset = people.list_branches(self.actor)

    def start(self):
        found = super().start()
        return found | ({"branch": self.actor.branch_id} if self.row is None else {})


class LoanerForm(_Of):
    """A loaner; its deposit left empty follows the rule."""

    product = fields.Combo(_("产品"), "product")
    serial = fields.text(_("序列号"), 60, required=True)
    branch = fields.row(_("机构"), required=True)
    place = fields.text(_("存放位置"), 60)
    value_amount = fields.money(_("价值（元）"), initial=0)
    deposit_amount = fields.money(_("押金（元）"), required=False, help_text=_("留空按保管规则由价值计算"))
    state = fields.text(_("成色"), 200)
    accessories = fields.text(_("随机附件"), 500, help_text=_("用顿号分开"))
    note = fields.text(_("备注"), 500, rows=2)

    def fit(self):
        super().fit()
        self.fields["product"].queryset = catalog.list_products(self.actor)
        self.fields["product"].find = lambda text: catalog.list_products(self.actor).filter(name=text).first()
        if self.row is not None:
            del self.fields["product"]

    def start(self):
        found = super().start()
        if self.row is not None:
            found["accessories"] = "、".join(self.row.accessories)
        return found


def save_loaner(row, cleaned, *, actor, at, version):
    """Register or change a loaner."""
    given = fields.values(cleaned)
    given["accessories"] = _words(given["accessories"])
    if row is None:
        branch = given.pop("branch")
        return loaner_url(actions.create_loaner(branch_id=branch.pk, actor=actor, at=at, **given))
    return loaner_url(actions.edit_loaner(row, version=version, actor=actor, at=at, **given))


class ToolForm(_Of):
    """A tool; with months it is an instrument that needs a valid calibration."""

    name = fields.text(_("名称"), 80, required=True)
    kind_of = forms.ChoiceField(label=_("种类"), choices=queries.KINDS_OF_TOOL)
    model = fields.text(_("型号"), 60)
    serial = fields.text(_("出厂编号"), 60)
    branch = fields.row(_("机构"), required=True)
    place = fields.text(_("存放位置"), 60)
    purchased_on = fields.day(_("购置日期"), required=False)
    value_amount = fields.money(_("购置价（元）"), initial=0)
    calibration_months = forms.IntegerField(label=_("校准周期（月）"), min_value=1, max_value=120, required=False, help_text=_("留空为不需校准"))
    calibrated_to = fields.day(_("现有校准有效期至"), required=False)
    note = fields.text(_("备注"), 500, rows=2)

    def fit(self):
        super().fit()
        if self.row is not None:
            del self.fields["calibrated_to"]


def save_tool(row, cleaned, *, actor, at, version):
    """Register or change a tool."""
    given = fields.values(cleaned)
    if row is None:
        branch = given.pop("branch")
        return tool_url(actions.create_tool(branch_id=branch.pk, actor=actor, at=at, **given))
    return tool_url(actions.edit_tool(row, version=version, actor=actor, at=at, **given))


class PaperForm(_Of):
    """A paper under the company's own number."""

    number = fields.text(_("资料编号"), 40, required=True)
    title = fields.text(_("资料名称"), 160, required=True)
    kind_of = forms.ChoiceField(label=_("种类"), choices=queries.KINDS_OF_PAPER)
    secrecy = forms.ChoiceField(label=_("密级"), choices=queries.SECRECY)
    edition = fields.text(_("版本号"), 40)
    branch = fields.row(_("机构"), required=True)
    place = fields.text(_("存放位置"), 60)
    note = fields.text(_("备注"), 500, rows=2)

    def fit(self):
        super().fit()
        if self.row is not None:
            del self.fields["branch"]


def save_paper(row, cleaned, *, actor, at, version):
    """Register or change a paper."""
    given = fields.values(cleaned)
    if row is None:
        branch = given.pop("branch")
        return paper_url(actions.create_paper(branch_id=branch.pk, actor=actor, at=at, **given))
    return paper_url(actions.edit_paper(row, version=version, actor=actor, at=at, **given))


class CalibrationForm(fields.RowForm):
    """One calibration, with its certificate among the tool's files."""

    done_on = fields.day(_("校准日期"))
    is_fit = fields.yes(_("校准合格"), initial=True)
    valid_to = fields.day(_("有效期至"), required=False, help_text=_("留空按校准周期推算"))
    done_by = fields.text(_("校准单位"), 80)
    certificate = fields.text(_("证书编号"), 60)
    certificate_file = forms.ChoiceField(label=_("证书附件"), required=False, help_text=_("先在工具页面上传证书，再在这里选它"))
    note = fields.text(_("备注"), 200)

    def start(self):
        return {"done_on": clock.local_day(clock.now(), self.actor.zone), "is_fit": True, "version": self.row.version}

    def fit(self):
        known = [(file.number, file.caption or file.name) for file in attachments.list_of(self.row, actor=self.actor)]
        self.fields["certificate_file"].choices = [("", "—"), *known]


def save_calibration(row, cleaned, *, actor, at, version):
    """Write it down."""
    return tool_url(keep_things.calibrate(row, version=version, actor=actor, at=at, **fields.values(cleaned)))


def _page(name, title, form, save, label, url, load=None, **options):
    return EditPage(name=name, title=title, permission=access.KEEP, list_label=label, list_url=url, form=form.build, save=save, load=load,
                    **options)


LOANER = _page(
    "loaner", _("备用机"), LoanerForm, save_loaner, _("备用机"), "/loaners/", queries.get_loaner, is_thing=True,
    sections=((_("这台设备"), ("product", "serial", "branch", "place", "state", "accessories")),
              (_("价值与押金"), ("value_amount", "deposit_amount", "note"))),
)  # fmt: skip
TOOL = _page(
    "tool", _("工具仪器"), ToolForm, save_tool, _("工具仪器"), "/tools/", queries.get_tool, is_thing=True,
    sections=((_("这件工具"), ("name", "kind_of", "model", "serial", "branch", "place")),
              (_("购置与校准"), ("purchased_on", "value_amount", "calibration_months", "calibrated_to", "note"))),
)  # fmt: skip
PAPER = _page("paper", _("资料"), PaperForm, save_paper, _("借阅资料"), "/papers/", queries.get_paper, is_thing=True)
CALIBRATE = _page("calibrate", _("登记校准"), CalibrationForm, save_calibration, _("工具仪器"), "/tools/", queries.get_tool)
