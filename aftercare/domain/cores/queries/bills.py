"""What outlets owe for overdue old parts: bills, their lines and what stands on none yet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.cores.lifecycle import BILL
from aftercare.domain.cores.models import CoreBill, CoreBillLine, CoreCharge
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound

_JOINED = ("core__part", "core__employee", "outlet", "employee", "reverses")


def list_bills(actor: Actor) -> QuerySet[CoreBill]:
    """The bills of outlets he may see; page by ("-id",)."""
    return visible(CoreBill, actor).select_related("outlet", "branch")


def get_bill(key: int | str, actor: Actor) -> CoreBill:
    """The bill of that number or id; NotFound when it is not there or not to be seen."""
    found = list_bills(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到网点旧件扣款单"), kind="cores.corebill")
    return found


def lines_of_bill(bill: CoreBill) -> list[CoreBillLine]:
    """The lines of a bill, oldest charge first."""
    return list(CoreBillLine.objects.filter(bill=bill).select_related(*(f"charge__{name}" for name in _JOINED)).order_by("charge_id"))


def unbilled_charges(actor: Actor | None = None) -> QuerySet[CoreCharge]:
    """Charges of outlets that stand on no bill yet, oldest first."""
    rows = CoreCharge.objects.all() if actor is None else visible(CoreCharge, actor)
    return rows.filter(outlet__isnull=False, bill_line=None).select_related(*_JOINED).order_by("outlet_id", "id")


def last_billed_months() -> dict[int, dt.date]:
    """The last month that was billed, by outlet."""
    return dict(CoreBill.objects.order_by().values_list("outlet_id").annotate(last=Max("month")))


def search_bills(rows: QuerySet[CoreBill], text: str) -> QuerySet[CoreBill]:
    """Those of these bills: by number, outlet, or a piece or order on one of their lines."""
    text = text.strip()
    found = Q(number__istartswith=text) | Q(outlet__name__icontains=text) | Q(pk__in=CoreBillLine.objects.filter(
        Q(charge__core__number__iexact=text) | Q(charge__core__source_number__iexact=text)).values("bill"))
    return rows.filter(found) if text else rows


def explain(charge: CoreCharge) -> str:
    """In words why that much: the part, its order, since when it is overdue, how many at how much; or why it was taken back."""
    core = charge.core
    what = _("%(part)s ×%(qty)s（%(order)s）") % {"part": core.part.name, "qty": shown(core.qty), "order": core.source_number}
    if charge.reverses_id is not None:
        day = clock.local_day(charge.reverses.at, people.zone_of(core.branch_id))
        return _("%(what)s：冲回 %(day)s 的扣款，%(reason)s") % {"what": what, "day": day.isoformat(), "reason": charge.reason}
    late = (clock.local_day(charge.at, people.zone_of(core.branch_id)) - core.due_on).days
    return _("%(what)s：应交 %(due)s，扣款时逾期 %(late)s 天，每件 %(each)s 元") % {
        "what": what, "due": core.due_on.isoformat(), "late": late, "each": core.charge_amount}


def open_bill_moves(bill: CoreBill, actor: Actor) -> list:
    """The moves this actor may make now; an outlet does not collect from itself."""
    return BILL.open_moves(bill, actor)
