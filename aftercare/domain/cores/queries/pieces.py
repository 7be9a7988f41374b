"""Old parts: lists, one of them, the one that a scan means, and those that a day's work is about."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.assets import rules as serials
from aftercare.domain.cores import access, rules
from aftercare.domain.cores.lifecycle import BY_HAND, CORE, CoreStatus
from aftercare.domain.cores.models import CoreCharge, CoreReturn
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source


def list_cores(actor: Actor) -> QuerySet[CoreReturn]:
    """Old parts the actor may see, with part, debtor and branch."""
    return visible(CoreReturn, actor).select_related("part", "employee", "outlet", "branch", "shipment", "into_part")


def get_core(key: int | str, actor: Actor) -> CoreReturn:
    """The old part of that id or tag number; refuses one that is not seen."""
    found = list_cores(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到这件旧件"), kind="cores.corereturn", key=str(key))
    return found


def search_cores(rows: QuerySet[CoreReturn], text: str) -> QuerySet[CoreReturn]:
    """Old parts by tag, order, serial number, part or who owes them."""
    text = text.strip()
    key = serials.serial_key(text)
    return rows.filter(
        Q(number__istartswith=text) | Q(source_number__istartswith=text) | Q(serial=key) | Q(received_serial=key)
        | Q(part__code__iexact=text) | Q(part__name__icontains=text) | Q(employee__name__icontains=text)
        | Q(employee__number__iexact=text) | Q(outlet__name__icontains=text)
    )


def overdue(rows: QuerySet[CoreReturn], day: dt.date) -> QuerySet[CoreReturn]:
    """Those still owed whose day was before."""
    return rows.filter(status=CoreStatus.OWED, due_on__lt=day)


def find_for_scan(code: str, actor: Actor) -> CoreReturn:
    """The old part that a scanned tag or serial number means, among those the actor may take in.

    Refuses an unknown code (`unknown_code`), a serial number that several owe (`several_owed`), and a piece that is not
    owed any more (WrongState, which tells its state).
    """
    actor.require_anywhere(access.RECEIVE)
    rows = visible(list_cores(actor), actor, access.RECEIVE)
    text = code.strip()
    found = rows.filter(number=serials.serial_key(text)).first()
    if found is None:
        same = list(rows.filter(serial=serials.serial_key(text)).order_by("id")[:20]) if text else []
        owed = [row for row in same if row.status == CoreStatus.OWED]
        if len(owed) > 1:
            raise RuleBroken(
                _("序列号 %(code)s 有 %(count)s 件应交，请扫标签") % {"code": text, "count": len(owed)}, code="several_owed",
                field="code", tags=[row.number for row in owed],
            )
        found = next(iter(owed), None) or next(reversed(same), None)
    if found is None:
        raise RuleBroken(_("没有这个标签或序列号：%(code)s") % {"code": text}, code="unknown_code", field="code")
    if found.status != CoreStatus.OWED:
        raise WrongState(
            _("%(number)s 当前是「%(state)s」，不能再收") % {"number": found.number, "state": found.get_status_display()},
            code="not_owed", state=found.status, tag=found.number,
        )
    return found


def find_to_box(code: str, actor: Actor) -> CoreReturn:
    """The received old part that a scanned tag or serial number means, among those the actor may ship.

    Refuses an unknown code (`unknown_code`), a number that several bear (`several_here`), and a piece that does not lie here.
    """
    actor.require_anywhere(access.SHIP)
    rows = visible(list_cores(actor), actor, access.SHIP)
    text = code.strip()
    found = rows.filter(number=serials.serial_key(text)).first()
    if found is None:
        key = serials.serial_key(text)
        here = list(rows.filter(Q(received_serial=key) | Q(serial=key), status=CoreStatus.RECEIVED).order_by("id")[:20]) if key else []
        if len(here) > 1:
            raise RuleBroken(_("序列号 %(code)s 有 %(count)s 件在库，请扫标签") % {"code": text, "count": len(here)}, code="several_here",
                             field="code", tags=[row.number for row in here])
        found = next(iter(here), None)
    if found is None:
        raise RuleBroken(_("没有这个标签或序列号：%(code)s") % {"code": text}, code="unknown_code", field="code")
    if found.status != CoreStatus.RECEIVED:
        raise WrongState(_("%(number)s 当前是「%(state)s」，不能装箱") % {"number": found.number, "state": found.get_status_display()},
                         code="not_here", state=found.status, tag=found.number)
    return found


def expected_serial(core: CoreReturn) -> bool:
    """True when a serial number must be told to hand it in: it is known, or the part is kept by serial numbers."""
    return bool(core.serial) or core.part.is_serial


def of_source(source: Source, actor: Actor) -> list[CoreReturn]:
    """The old parts of a document that the actor may see, in the order of its lines."""
    return list(list_cores(actor).filter(source_kind=source.kind, source_id=source.id).order_by("id"))


def standing_of(source: Source) -> dict[str, list[CoreReturn]]:
    """All debts of a document by line, withdrawn ones too; for the flow that follows the document."""
    found: dict[str, list[CoreReturn]] = {}
    for row in CoreReturn.objects.filter(source_kind=source.kind, source_id=source.id).order_by("id"):
        found.setdefault(row.line, []).append(row)
    return found


def last_piece(source: Source, line: str) -> int:
    """The highest number of a piece of that line."""
    rows = CoreReturn.objects.filter(source_kind=source.kind, source_id=source.id, line=line)
    return rows.aggregate(last=Max("piece"))["last"] or 0


def charges_of(core: CoreReturn) -> list[CoreCharge]:
    """What was charged for it and taken back, oldest first."""
    return list(CoreCharge.objects.filter(core=core).select_related("employee", "outlet").order_by("id"))


def list_charges(actor: Actor) -> QuerySet[CoreCharge]:
    """Charges and their reversals that the actor may see."""
    return visible(CoreCharge, actor).select_related("core", "core__part", "employee", "outlet")


def due_to_charge(day: dt.date) -> QuerySet[CoreReturn]:
    """Overdue pieces whose rule charges something and that were not charged yet."""
    return overdue(CoreReturn.objects.select_related("part"), day).filter(charged_at=None, charge_amount__gt=0).order_by("id")


def due_to_remind(day: dt.date) -> list[CoreReturn]:
    """Pieces that are soon due and nobody was reminded of, and those overdue of which nobody was reminded since."""
    soon = day + dt.timedelta(days=rules.REMIND_DAYS)
    rows = CoreReturn.objects.select_related("part").filter(status=CoreStatus.OWED, due_on__lte=soon)
    never, late = Q(reminded_on=None), Q(due_on__lt=day)
    return [row for row in rows.filter(never | late).order_by("id") if _is_to_remind(row, day)]


def _is_to_remind(row: CoreReturn, day: dt.date) -> bool:
    return row.reminded_on is None or (row.due_on < day and row.reminded_on <= row.due_on)


def open_core_moves(core: CoreReturn, actor: Actor, *, day: dt.date) -> list:
    """The moves a person may make on that day: only those that lead somewhere as the piece stands."""
    legal = [move for move in CORE.open_moves(core, actor) if move.name in BY_HAND and _leads(core, move.name)]
    return [move for move in legal if move.name != "charge" or rules.is_overdue(core.due_on, day)]


def _leads(core: CoreReturn, name: str) -> bool:
    is_boxed = core.status == CoreStatus.RECEIVED and core.shipment_id is not None
    if name in ("undo_receive", "hand_back", "scrap", "refurbish") and is_boxed:
        return False
    if name == "hand_back":
        return core.surplus_qty == core.qty
    if name == "undo_receive":
        return not core.surplus_qty
    if name == "reclaim":
        return not core.surplus_qty
    if name == "charge":
        return not core.charged_amount and core.charge_amount > 0
    return name != "lift_charge" or core.charged_amount > 0
