"""The rules of custody, of the company and of branches."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.custody import access, actions, queries
from aftercare.domain.custody.rules import Rule
from aftercare.domain.people import queries as people
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.policy import actor_of, page

LEAVING = (("block", _("不得离职")), ("warn", _("提醒，可写明原因继续")))


def _days(label: Any, least: int = 1, most: int = 730, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


class RuleForm(fields.RowForm):
    """Ladder, loans, tools; of the company or of one branch."""

    branch = fields.row(_("机构"), help_text=_("留空为全公司"))
    first_days = _days(_("第一次提醒（可取后天数）"))
    second_days = _days(_("第二次提醒（可取后天数）"))
    notice_days = _days(_("催领通知书（可取后天数）"))
    wait_days = _days(_("通知书送达后可处置（天）"), 60, help_text=_("民法典第四百五十三条：不少于六十日。使用前请法务核对"))
    loan_days = _days(_("备用机借期（天）"), most=365)
    deposit_percent = forms.IntegerField(label=_("押金占价值（%）"), min_value=0, max_value=100)
    least_deposit_amount = fields.money(_("最低押金（元）"))
    paper_days = _days(_("资料借期（天）"), most=365)
    overdue_days = _days(_("逾期后每几天催一次"), most=365)
    calibration_days = _days(_("校准到期前几天提醒"), 0, 365)
    leaving = forms.ChoiceField(label=_("离职时还有未还物品"), choices=LEAVING)

    def fit(self):
        self.fields["branch"].queryset = people.list_branches(self.actor)
        if self.row is not None:
            del self.fields["branch"]

    def start(self):
        return dataclasses.asdict(Rule()) if self.row is None else super().start()


def load(key: str, actor: Any):
    """These rules."""
    return fields.one(queries.list_rules(actor), pk=fields.whole(key))


def save(row: Any, cleaned: dict, *, actor, at, version) -> str:
    """Set the rules."""
    given = fields.values(cleaned)
    branch = given.pop("branch", None)
    branch_id = row.branch_id if row is not None else branch.pk if branch else None
    actions.set_rule(branch_id=branch_id, version=version, actor=actor, at=at, **given)
    return "/custody-rules/"


RULE = EditPage(
    name="custody_rule", title=_("保管规则"), permission=access.SET_RULES, list_label=_("保管规则"), list_url="/custody-rules/",
    form=RuleForm.build, save=save, load=load,
    sections=(
        (_("适用"), ("branch",)),
        (_("无人认领"), ("first_days", "second_days", "notice_days", "wait_days")),
        (_("备用机"), ("loan_days", "deposit_percent", "least_deposit_amount", "overdue_days")),
        (_("工具与资料"), ("paper_days", "calibration_days", "leaving")),
    ),
)  # fmt: skip


@page(access.SET_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force: the company's and those of branches; what holds where nobody set any."""
    context = {"title": _t("保管规则"), "rows": list(queries.list_rules(actor_of(request))), "usual": Rule()}
    return render(request, "custody/rules.html", context)
