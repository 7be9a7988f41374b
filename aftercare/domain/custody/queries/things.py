"""Our own things: loaners, tools and instruments, papers; who has them and what is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.custody import rules
from aftercare.domain.custody.lifecycle import LOANER, PAPER, TOOL
from aftercare.domain.custody.models import Calibration, Loaner, Paper, Tool
from aftercare.domain.custody.queries import settings
from aftercare.foundation import access
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

KINDS_OF_TOOL = Tool.Kind.choices
KINDS_OF_PAPER = Paper.Kind.choices
SECRECY = Paper.Secrecy.choices
# Moves that follow from a row of the ledger (queries.open_holding_moves) or have a page of their own.
_DRIVEN = {"bring_back", "pass_inspection", "set_aside", "lose", "come_in", "pass_on"}
_LIFECYCLES = {"custody.loaner": LOANER, "custody.tool": TOOL, "custody.paper": PAPER}


def list_loaners(actor: Actor, *, text: str = "", **equal: Any) -> QuerySet[Loaner]:
    """Loaners with product and whoever has them; `text` is the beginning of number or serial, or part of the product's name.

    `equal` (status, branch_id …): empty values are ignored.
    """
    rows = access.visible(Loaner, actor).select_related("product", "branch", "holding__customer")
    return search_loaners(rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")}), text)


def search_loaners(rows: QuerySet[Loaner], text: str) -> QuerySet[Loaner]:
    """Those of these loaners."""
    text = text.strip()
    return rows.filter(Q(number__istartswith=text) | Q(serial__icontains=text) | Q(product__name__icontains=text)) if text else rows


def list_free_loaners(actor: Actor, *, product: Any = None) -> list[Loaner]:
    """Loaners that can be lent now, those of that product first, then of its category, then all others."""
    rows = list(list_loaners(actor, status=Loaner.Status.AVAILABLE).order_by("number")[:200])
    if product is None:
        return rows
    return sorted(rows, key=lambda one: (one.product_id != product.pk, one.product.category_id != product.category_id))


def list_tools(actor: Actor, *, text: str = "", **equal: Any) -> QuerySet[Tool]:
    """Tools with whoever has them; `text` is part of number, name, model or serial. Empty values of `equal` are ignored."""
    rows = access.visible(Tool, actor).select_related("branch", "holding__employee")
    return search_tools(rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")}), text)


def search_tools(rows: QuerySet[Tool], text: str) -> QuerySet[Tool]:
    """Those of these tools."""
    text = text.strip()
    found = Q(number__istartswith=text) | Q(name__icontains=text) | Q(model__icontains=text) | Q(serial__icontains=text)
    return rows.filter(found) if text else rows


def list_papers(actor: Actor, *, text: str = "", **equal: Any) -> QuerySet[Paper]:
    """Papers with whoever has them; `text` is part of number or title. Empty values of `equal` are ignored."""
    rows = access.visible(Paper, actor).select_related("branch", "holding__employee")
    return search_papers(rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")}), text)


def search_papers(rows: QuerySet[Paper], text: str) -> QuerySet[Paper]:
    """Those of these papers."""
    text = text.strip()
    return rows.filter(Q(number__icontains=text) | Q(title__icontains=text)) if text else rows


def get_loaner(key: int | str, actor: Actor) -> Loaner:
    """The loaner of that number or id; NotFound when it is not there or not to be seen."""
    return _get(list_loaners(actor), key, _("没有找到备用机"))


def get_tool(key: int | str, actor: Actor) -> Tool:
    """The tool of that number or id; NotFound when it is not there or not to be seen."""
    return _get(list_tools(actor), key, _("没有找到工具仪器"))


def get_paper(key: int | str, actor: Actor) -> Paper:
    """The paper of that number or id; NotFound when it is not there or not to be seen."""
    return _get(list_papers(actor), key, _("没有找到资料"))


def _get(rows: QuerySet, key: int | str, missing: str) -> Any:
    found = rows.filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(missing, kind=rows.model._meta.label_lower)
    return found


def open_thing_moves(thing: Loaner | Tool | Paper, actor: Actor) -> list:
    """The moves this actor may make on the thing itself; what follows from its row in the ledger is made there."""
    return [move for move in _LIFECYCLES[thing.kind].open_moves(thing, actor) if move.name not in _DRIVEN]


def calibrations_of(tool: Tool) -> list[Calibration]:
    """The calibrations of a tool, newest first."""
    return list(Calibration.objects.filter(tool=tool).order_by("-id"))


def calibration_of(tool: Tool, today: dt.date) -> str:
    """`none`, `missing`, `expired`, `soon` or `good`, by the rule of its branch."""
    warn = settings.rule_at(tool.branch_id).calibration_days
    return rules.calibration_state(tool.calibration_months, tool.calibrated_to, today, warn)


def due_for_calibration(rows: QuerySet[Tool], today: dt.date, *, until: dt.date | None = None) -> QuerySet[Tool]:
    """Those of these tools whose calibration is missing or expires soon, by the rule of each one's branch; or by the day `until`."""
    if until is None:
        usual, own = settings.calibration_days()
        due = Q(calibrated_to__lte=today + dt.timedelta(days=usual)) & ~Q(branch_id__in=own)
        for branch_id, days in own.items():
            due |= Q(branch_id=branch_id, calibrated_to__lte=today + dt.timedelta(days=days))
    else:
        due = Q(calibrated_to__lte=until)
    return rows.filter(Q(calibrated_to=None) | due, calibration_months__isnull=False).exclude(status__in=["scrapped", "lost"])


def count_due_for_calibration(actor: Actor, today: dt.date) -> int:
    """How many instruments lack a calibration or have one that expires soon, by the rule of each one's branch."""
    return due_for_calibration(access.visible(Tool, actor), today).count()
