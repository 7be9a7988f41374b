"""What `aftercare check` proves about custody: registers and ledger tell the same of who has which thing."""

from __future__ import annotations

from collections.abc import Iterator

from aftercare.domain.custody.models import Custody, Holding, Keeping, Loaner, Paper, Reminder, Tool
from aftercare.foundation.checks import register_check

# In these states somebody has the thing, and in no others.
_OUT = {Loaner: {"lent", "checking"}, Tool: {"issued"}, Paper: {"out"}}
_OPEN = ("out", "checking")


@register_check("custody.holdings")
def check_holdings() -> list[str]:
    """Every thing that is out has its one open row, and every open row its thing."""
    return list(_problems())


def _problems() -> Iterator[str]:
    for model, out in _OUT.items():
        name = model._meta.model_name
        rows = Holding.objects.filter(status__in=_OPEN, **{f"{name}__isnull": False})
        known = dict(rows.values_list(f"{name}_id", "pk"))
        for pk, number, status, holding in model.objects.values_list("pk", "number", "status", "holding_id").iterator(2000):
            found = known.pop(pk, None)
            if (status in out) != (found is not None):
                yield f"{name} {number} is {status}, and its open row is {found}"
            elif holding != found:
                yield f"{name} {number} points to row {holding} and not to its open row {found}"


@register_check("custody.keepings")
def check_keepings() -> list[str]:
    """The ledger has an open row for each receipt and loan that is open, and for nothing else."""
    is_open = {**_open_by(Custody, ("held",)), **_open_by(Holding, _OPEN)}
    rows = dict(Keeping.objects.filter(until=None).values_list("number", "item"))
    problems = [f"{number} is open and not in the ledger of things" for number in is_open.keys() - rows.keys()]
    problems += [f"{number} is in the ledger of things and not open" for number in rows.keys() - is_open.keys()]
    return problems + [f"{number} was open beside another row of {item}" for number, item in rows.items() if item.endswith(f"#{number}")]


def _open_by(model, states) -> dict[str, int]:
    return dict(model.objects.filter(status__in=states).values_list("number", "pk"))


@register_check("custody.ladder")
def check_ladder() -> list[str]:
    """Every unclaimed thing stands on the step that was made last, with all steps before it; disposal followed the notice."""
    steps: dict[int, list] = {}
    for custody, stage, told in Reminder.objects.order_by("custody_id", "stage").values_list("custody_id", "stage", "told_at"):
        steps.setdefault(custody, []).append((stage, told))
    problems = []
    for pk, number, stage, status in Custody.objects.filter(pk__in=steps).values_list("pk", "number", "stage", "status"):
        made = [one for one, _told in steps[pk]]
        if made != list(range(1, stage + 1)):
            problems.append(f"receipt {number} stands on step {stage}, made were {made}")
        if status == "disposed" and (made[-1:] != [3] or steps[pk][-1][1] is None):
            problems.append(f"receipt {number} was disposed of without a notice that was served")
    gone = Custody.objects.filter(status="disposed").exclude(pk__in=steps).values_list("number", flat=True)
    return problems + [f"receipt {number} was disposed of without any notice" for number in gone]
