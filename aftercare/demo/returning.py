"""Old parts of the demo: asked for since six weeks; most are brought, one box is at the factory and half answered, two are late."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.demo.company import CENTRES, SYSTEM, ZONE, Company
from aftercare.domain.cores import actions as cores
from aftercare.domain.cores import queries as old_parts
from aftercare.foundation import clock

DAY = dt.timedelta(days=1)
SINCE = 45 * DAY
MOST = 12


def agree(began: dt.datetime, today: dt.date) -> None:
    """Nothing came back before; since then what is flagged, within seven working days."""
    first, given = clock.local_day(began, ZONE), {"actor": SYSTEM, "at": began}
    cores.create_rule(valid_from=first, valid_to=today - SINCE - DAY, is_returned=False, **given)
    cores.create_rule(valid_from=today - SINCE, days=7, charge_amount=Decimal("50.00"), blocking="warn", credit_amount=Decimal("80.00"), **given)


def bring(company: Company, now: dt.datetime) -> None:
    """The first service centre's keeper takes in what is due, but for the last two, and sends half of it off."""
    centre = next(iter(CENTRES))
    branch, keeper, accountant = company.branches[centre], company.by("keeper", centre), company.by("accountant", "HQ")
    owed = list(old_parts.list_cores(SYSTEM).filter(branch_id=branch.pk, status="owed").order_by("due_on", "id")[:MOST])
    here = []
    for core in owed[2:]:
        serial = (core.serial or f"OLD-{core.pk:05}") if old_parts.expected_serial(core) else ""
        here.append(cores.receive(core, serial=serial, actor=keeper, at=max(now - 4 * DAY, core.owed_at)))
    boxed = here[: len(here) // 2]
    if not boxed:
        return
    at = now - 2 * DAY if all(core.received_at <= now - 2 * DAY for core in boxed) else now
    box = cores.open_shipment(branch_id=branch.pk, receiver="苏州工厂质量部 李工", actor=keeper, at=at)
    for core in boxed:
        box = cores.add(box, core=core, actor=keeper, at=at)
    box = cores.post_shipment(box, carrier="顺丰", tracking_number="SF1390042266", actor=keeper, at=at)
    pieces = old_parts.pieces_of(box)
    cores.answer(box, answers=[(core, core.credit_expected_amount * core.qty, "") for core in pieces[: len(pieces) // 2]] or
                 [(pieces[0], Decimal("80.00"), "")], actor=accountant, at=now)
    cores.charge_overdue(day=clock.local_day(now, ZONE), actor=SYSTEM, at=now)
