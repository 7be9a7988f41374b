"""What one does with a part request: let it be served sooner, tell the customer who waits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.orders import access as sales_access
from aftercare.flows import telling
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.sales import telling as shown
from aftercare.web.stock.registers import request_address

PRIORITIES = ((-3, pgettext_lazy("priority", "靠后")), (0, pgettext_lazy("priority", "普通")), (3, pgettext_lazy("priority", "优先")), (6, pgettext_lazy("priority", "紧急")), (9, pgettext_lazy("priority", "最紧急")))
ABOUT = (("waiting_part", _("等待配件")), ("delay", _("延期")), ("part_arrived", _("配件已到")))


class PriorityForm(fields.RowForm):
    """How urgent it is."""

    priority = forms.TypedChoiceField(label=_("优先级"), coerce=int, choices=PRIORITIES, help_text=_("到货时先满足级别高的，同级先满足等得久的"))

    def fit(self):
        # A number that came through the API keeps its place among the words.
        if self.row.priority not in dict(PRIORITIES):
            self.fields["priority"].choices = sorted([*PRIORITIES, (self.row.priority, str(self.row.priority))])


class TellForm(fields.RowForm):
    """What the customer was told, and how."""

    about = forms.ChoiceField(label=_("通知事项"), choices=ABOUT)
    channel = forms.ChoiceField(label=_("方式"), choices=shown.CHANNELS)
    outcome = forms.ChoiceField(label=_("结果"), choices=shown.OUTCOMES)
    told_to = fields.text(_("接听人"), 60)
    note = fields.text(_("备注"), 200)

    def start(self):
        return {"about": "part_arrived" if self.row.status == "filled" else "waiting_part"}


def priority_label(value: int) -> str:
    """A priority in words, a number without a word as it is."""
    return str(dict(PRIORITIES).get(value, value))


def may_tell(row: Any, actor: Actor) -> bool:
    """Whether he may note down here that the customer was told; sales have a move of their own for it."""
    return row.source_kind == "work.workorder" and row.status != "cancelled" and actor.may(sales_access.NOTIFY, branch_id=row.branch_id)


def notices_of(row: Any, actor: Actor) -> dict:
    """What the customer of the document is to be told and was told."""
    try:
        paper = telling.find_paper(row.source_kind, row.source_number, actor)
    except (NotFound, KeyError):
        return {}
    return shown.card(paper, actor)


def save_priority(row, cleaned, *, actor, at, version):
    """Serve it sooner or later."""
    return request_address(actions.set_priority(row, priority=cleaned["priority"], version=version, actor=actor, at=at))


def save_told(row, cleaned, *, actor, at, version):
    """Note it down."""
    if row.source_kind != "work.workorder":
        raise RuleBroken(_now("这张单据的客户通知在单据上登记"), code="told_elsewhere", field="about")
    telling.tell(telling.find_paper(row.source_kind, row.source_number, actor), about=cleaned["about"], channel=cleaned["channel"],
                 outcome=cleaned["outcome"], told_to=cleaned["told_to"], note=cleaned["note"], actor=actor, at=at)
    return request_address(row)


PRIORITY = EditPage(
    name="part_request_priority", title=_("设置优先级"), permission=access.MOVE, list_label=_("缺件申请"), list_url="/part-requests/",
    form=PriorityForm.build, save=save_priority, load=queries.get_request, sections=((_("优先级"), ("priority",)),),
)  # fmt: skip
TELL = EditPage(
    name="part_request_tell", title=_("登记客户通知"), permission=sales_access.NOTIFY, list_label=_("缺件申请"), list_url="/part-requests/",
    form=TellForm.build, save=save_told, load=queries.get_request, sections=((_("客户通知"), ("about", "channel", "outcome", "told_to", "note")),),
)  # fmt: skip
