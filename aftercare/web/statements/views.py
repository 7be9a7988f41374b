import tempfile

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.cores import queries as cores
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import access, actions, queries
from aftercare.domain.settlement.lifecycle import STATEMENT
from aftercare.flows import old_parts
from aftercare.foundation import clock, spreadsheet
from aftercare.web.pages import fields, sources, timelines
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page
from aftercare.web.statements.registers import TONES, address_of

DOOR = MoveDoor(
    slug="statements",
    lifecycle=STATEMENT,
    load=queries.get_statement,
    address=address_of,
    runs={
        "refresh": actions.refresh_statement,
        "appeal": actions.appeal,
        "resolve": actions.resolve_appeal,
        "lock": old_parts.lock_statement,
    },
    asks={
        "reason": lambda actor, row: forms.CharField(
            label=_("事由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
        )
    },
)


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A statement: totals, every line with how it came about, and whether it all works out again."""
    actor = actor_of(request)
    row = queries.get_statement(key, actor)
    lines = [
        {"row": line, "steps": queries.explain(line), "url": sources.address_of(line.source_kind, line.source_number)}
        for line in queries.list_lines(row)
    ]
    late = old_parts.overdue_of(row, at=clock.now())
    context = {
        "row": row,
        "late": {"text": old_parts.told(late), "tone": "bad" if cores.policy_of(late) == "block" else "warn",
                 "url": f"/cores/?tab=overdue&employee={row.employee_id}"} if late else None,
        "lines": lines,
        "proof": queries.recompute(row),
        "title": f"{row.employee.name} {row.month:%Y-%m}",
        "number": row.number,
        "list_label": _now("结算单"),
        "list_url": "/statements/",
        "sub": row.branch.name,
        "status": {"label": row.get_status_display(), "tone": TONES[row.status]},
        "moves": DOOR.buttons(row, actor),
        "may_adjust": row.status != "locked"
        and row.employee_id != actor.employee_id
        and actor.may(access.ADJUST, branch_id=row.branch_id),
        "events": timelines.events("settlement.statement", row.pk, zone_name=actor.zone),
    }
    return render(request, "statements/statement.html", context)


@page(access.VIEW)
def export(request: HttpRequest, key: str) -> FileResponse:
    """The lines of a statement as a workbook."""
    actor = actor_of(request)
    row = queries.get_statement(key, actor)
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, queries.LINE_COLUMNS, queries.line_rows(row), title=row.number, zone_name=actor.zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{row.number}.xlsx")


class OpenForm(fields.RowForm):
    """An engineer's month."""

    employee = fields.row(_("工程师"), required=True)
    month = fields.day(_("月份"), help_text=_("选该月任意一天"))

    def start(self):
        return {"month": clock.local_day(clock.now(), self.actor.zone)}

    def fit(self):
        self.fields["employee"].queryset = people.list_employees(self.actor).filter(is_engineer=True)


class AdjustForm(fields.RowForm):
    """A reward or a penalty in the statement's month."""

    kind = forms.ChoiceField(label=_("种类"), choices=[("reward", _("奖励")), ("penalty", _("处罚"))])
    amount = fields.money(_("金额"))
    reason = fields.text(_("事由"), 200, required=True)

    def start(self):
        return {}


def _open(_row, cleaned, *, actor, at, version):
    return address_of(
        actions.open_statement(cleaned["employee"].pk, cleaned["month"].replace(day=1), actor=actor, at=at)
    )


def _adjust(row, cleaned, *, actor, at, version):
    book = actions.reward if cleaned["kind"] == "reward" else actions.penalise
    book(row.employee_id, amount=cleaned["amount"], reason=cleaned["reason"], day=row.month, actor=actor, at=at)
    actions.refresh_statement(row, actor=actor, at=at) if actor.may(access.MANAGE, branch_id=row.branch_id) else None
    return address_of(row)


OPEN = EditPage(
    name="statement",
    title=_("编制结算单"),
    permission=access.MANAGE,
    list_label=_("结算单"),
    list_url="/statements/",
    form=OpenForm.build,
    save=_open,
)
ADJUST = EditPage(
    name="statement_adjust",
    title=_("奖励与处罚"),
    permission=access.ADJUST,
    list_label=_("结算单"),
    list_url="/statements/",
    form=AdjustForm.build,
    save=_adjust,
    load=queries.get_statement,
)
