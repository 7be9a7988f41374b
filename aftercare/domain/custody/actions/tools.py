"""Tools and instruments: the register, calibration, and the issue to an employee."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, queries, rules
from aftercare.domain.custody.actions import giving
from aftercare.domain.custody.lifecycle import TOOL
from aftercare.domain.custody.models import Calibration, Tool
from aftercare.foundation import money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken, WrongState

_EDITED = {"name", "kind_of", "model", "serial", "purchased_on", "value_amount", "calibration_months", "place", "note", "branch"}


def create_tool(
    *, name: str, branch_id: int, kind_of: str = Tool.Kind.TOOL, model: str = "", serial: str = "",
    purchased_on: dt.date | None = None, value_amount: Decimal = money.ZERO, calibration_months: int | None = None,
    calibrated_to: dt.date | None = None, place: str = "", note: str = "", actor: Actor, at: dt.datetime,
) -> Tool:
    """Put a tool into the register. `calibrated_to`: until when a calibration made before it was registered holds."""
    fields = _checked(dict(name=name, kind_of=kind_of, model=model, serial=serial, purchased_on=purchased_on, value_amount=value_amount,
                           calibration_months=calibration_months, place=place, note=note))
    tool = Tool(number=numbering.take("GJ", digits=5), branch_id=branch_id, calibrated_to=calibrated_to, **fields)
    return open_new(tool, actor=actor, at=at, permission=permissions.KEEP, verb="custody.tool.register")


def edit_tool(tool: Tool, *, version: int, actor: Actor, at: dt.datetime, **fields: Any) -> Tool:
    """Change what is written of it; another branch needs the right there too, and that nobody has it."""
    if unknown := set(fields) - _EDITED:
        raise TypeError(f"not to be edited: {sorted(unknown)}")
    branch = fields.get("branch")
    if branch is not None and branch.pk != tool.branch_id:
        actor.require(permissions.KEEP, branch_id=branch.pk)
        giving.require_free(tool)
    return revise(tool, actor=actor, at=at, permission=permissions.KEEP, version=version, **_checked(fields))


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    if "name" in fields and not fields["name"].strip():
        raise RuleBroken(_("请填写名称"), code="name_missing", field="name")
    if fields.get("kind_of", Tool.Kind.TOOL) not in Tool.Kind.values:
        raise RuleBroken(_("没有这种类型"), code="no_such_kind", field="kind_of")
    if fields.get("value_amount") is not None:
        fields["value_amount"] = money.require_amount(fields["value_amount"], field="value_amount")
    months = fields.get("calibration_months")
    if months is not None and not 1 <= months <= 120:
        raise RuleBroken(_("校准周期应在 1 到 120 个月之间"), code="bad_months", field="calibration_months")
    return fields


def issue_tool(tool: Tool, *, version: int | None = None, actor: Actor, at: dt.datetime, **given: Any):
    """Issue it to an employee: `employee`, `due_on` (may be left open), `out_state`, `signed_name`, `signature`, `note`.

    Refuses what somebody has (`already_out`) and an instrument without a calibration that holds today
    (`calibration_missing`, `calibration_expired`). Gives back the row of the ledger.
    """
    giving.require_free(tool)
    return _issue(tool, version=version, actor=actor, at=at, **given).holding


@TOOL.move("issue")
def _issue(tool: Tool, *, actor: Actor, at: dt.datetime, employee: Any, due_on: dt.date | None = None, **given: Any):
    _require_calibrated(tool, giving.today_at(tool.branch_id, at))
    return _put(tool, employee, due_on, actor, at, **given)


def _put(tool: Tool, employee: Any, due_on: dt.date | None, actor: Actor, at: dt.datetime, **given: Any):
    if employee is None:
        raise RuleBroken(_("请选择领用人"), code="employee_missing", field="employee")
    holding = giving.give(tool, item=_called(tool), employee=employee, due_on=due_on, actor=actor, at=at, **given)
    revise(tool, holding=holding)
    return facts.ThingGiven(holding.pk, "tool", holding.item, holding.holder, due_on.isoformat() if due_on else "")


def _called(tool: Tool) -> str:
    return " ".join(filter(None, (tool.name, tool.model, tool.serial)))


def _require_calibrated(tool: Tool, today: dt.date) -> None:
    state = queries.calibration_of(tool, today)
    if state == "missing":
        raise WrongState(_("%(tool)s 还没有校准记录，不能发放") % {"tool": tool}, code="calibration_missing")
    if state == "expired":
        raise WrongState(
            _("%(tool)s 的校准已于 %(day)s 到期，送检合格后才能发放") % {"tool": tool, "day": tool.calibrated_to.isoformat()},
            code="calibration_expired", expired=tool.calibrated_to.isoformat(),
        )


@TOOL.move("come_in")
def come_in(tool: Tool, *, actor: Actor, at: dt.datetime):
    """It is in the store again. Follows from the row of the ledger."""
    revise(tool, holding=None)


@TOOL.move("pass_on")
def pass_on(tool: Tool, *, actor: Actor, at: dt.datetime, employee: Any, due_on: dt.date | None = None, **given: Any):
    """Straight from one employee to another. An expired calibration does not stop it: the old holder could not let go else."""
    return _put(tool, employee, due_on, actor, at, **given)


@TOOL.move("lose")
def lose_tool(tool: Tool, *, actor: Actor, at: dt.datetime):
    """Its holder cannot give it back."""
    revise(tool, holding=None)


@TOOL.move("calibrate")
def calibrate(
    tool: Tool, *, actor: Actor, at: dt.datetime, done_on: dt.date, is_fit: bool = True, valid_to: dt.date | None = None,
    done_by: str = "", certificate: str = "", file_number: str = "", note: str = "",
):
    """Write a calibration down; it holds until `valid_to` (default: the tool's own span). One that failed holds not at all.

    Refuses a day to come, and a span that ends before it begins.
    """
    today = giving.today_at(tool.branch_id, at)
    if done_on > today:
        raise RuleBroken(_("校准日期不能晚于今天"), code="day_to_come", field="done_on")
    if is_fit and valid_to is None and tool.calibration_months is None:
        raise RuleBroken(_("请填写有效期至，或先设置校准周期"), code="valid_to_missing", field="valid_to")
    if is_fit and valid_to is None:
        valid_to = rules.add_months(done_on, tool.calibration_months) - dt.timedelta(days=1)
    if is_fit and valid_to < done_on:
        raise RuleBroken(_("有效期不能早于校准日期"), code="ends_before_begin", field="valid_to")
    Calibration.objects.create(
        tool=tool, done_on=done_on, valid_to=valid_to if is_fit else None, is_fit=is_fit, done_by=done_by.strip()[:80],
        certificate=certificate.strip()[:60], file_number=file_number[:40], note=note.strip()[:200], recorded_at=at,
        recorded_by=actor.name[:80],
    )
    newest = Calibration.objects.filter(tool=tool).order_by("-done_on", "-id").first()
    # A certificate found later for an earlier day changes nothing of what holds today.
    until = newest.valid_to if newest.is_fit else newest.done_on - dt.timedelta(days=1)
    revise(tool, calibrated_to=until)
    return facts.ToolCalibrated(tool.pk, is_fit, valid_to.isoformat() if is_fit and valid_to else "", certificate)


@TOOL.move("send_away")
def send_away(tool: Tool, *, actor: Actor, at: dt.datetime, reason: str):
    """To the calibration laboratory, or to be mended."""
    _require_reason(reason)


@TOOL.move("come_back")
def come_back(tool: Tool, *, actor: Actor, at: dt.datetime):
    """It is in the store again."""


@TOOL.move("find_again")
def find_tool(tool: Tool, *, actor: Actor, at: dt.datetime, reason: str):
    """It was found. What was charged for the loss is given back by hand, as a reward."""
    _require_reason(reason)


@TOOL.move("scrap")
def scrap(tool: Tool, *, actor: Actor, at: dt.datetime, reason: str):
    """Out of use for good."""
    _require_reason(reason)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing", field="reason")
