"""A row of the ledger: opened when a thing leaves, whatever kind it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, queries, rules
from aftercare.domain.custody.actions import keepings
from aftercare.domain.custody.models import Holding, HoldingSignature
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import race

_PREFIX = {"loaner": "JY", "tool": "LY", "paper": "JZ"}
MAX_SIGNATURE = 400_000  # bytes of a picture drawn with a finger


def today_at(branch_id: int, at: dt.datetime) -> dt.date:
    """The branch's own day."""
    return clock.local_day(at, people.zone_of(branch_id))


def require_free(thing: Any) -> None:
    """Refuse a thing that somebody has, naming him, before the database would (`already_out`)."""
    if thing.holding_id is None:
        return
    holding = thing.holding
    due = holding.due_on.isoformat() if holding.due_on else _("未定")
    raise WrongState(
        _("%(item)s 现在在 %(holder)s 处，应还日期 %(due)s") % {"item": holding.item, "holder": holding.holder, "due": due},
        code="already_out", holder=holding.holder, due=due,
    )


def require_not_received(loaner: Any) -> None:
    """Refuse a unit that lies with us against a receipt: it is with its owner next, or with us for repair (`already_held`)."""
    receipt = queries.receipt_of_unit(loaner.product_id, loaner.serial_key)
    if receipt:
        raise WrongState(_("这台设备正按收条 %(number)s 在我方保管，交还后才能出借") % {"number": receipt}, code="already_held", number=receipt)


def require_due(due_on: dt.date | None, today: dt.date) -> None:
    """Refuse a day that is past already."""
    if due_on is not None and due_on < today:
        raise RuleBroken(_("应还日期不能早于今天"), code="due_past", field="due_on")


def give(
    thing: Any, *, item: str, customer: Any = None, employee: Any = None, due_on: dt.date | None, source: Source | None = None,
    out_state: str = "", accessories=(), deposit_amount=None, signed_name: str = "", signature: bytes | None = None, note: str = "",
    actor: Actor, at: dt.datetime,
) -> Holding:
    """Open the row that says who has this thing from now on. The database allows one open row per thing."""
    kind = thing.kind.split(".")[1]
    today = today_at(thing.branch_id, at)
    require_due(due_on, today)
    if employee is not None and not _is_here(employee):
        raise RuleBroken(_("%(name)s 已离职") % {"name": employee.name}, code="holder_left", field="employee")
    signed = signed_name.strip()[:80]
    holding = Holding(
        number=numbering.take(_PREFIX[kind], today), kind_of=kind, branch_id=thing.branch_id, item=item[:200], customer=customer,
        employee=employee, source_kind=source.kind if source else "", source_id=source.id if source else 0,
        source_number=source.number if source else "", out_at=at, out_by=actor.name[:80], out_state=out_state.strip()[:200],
        accessories=rules.cleaned_list(accessories), due_on=due_on, signed_name=signed,
        acknowledged_at=at if signature else None, note=note.strip()[:500], **{kind: thing},
        **({} if deposit_amount is None else {"deposit_amount": deposit_amount}),
    )
    try:
        with race():
            open_new(
                holding, actor=actor, at=at, permission=permissions.LEND, verb="custody.holding.give",
                fact=lambda one: facts.ThingGiven(one.pk, kind, one.item, one.holder, due_on.isoformat() if due_on else ""),
            )
            keepings.open_for_holding(holding)
    except IntegrityError as error:
        if kind == "loaner":
            require_not_received(thing)
        raise WrongState(_("刚刚已被借出或领走"), code="already_out") from error
    sign(holding, "out", signed or holding.holder, signature, at)
    return holding


def _is_here(employee: Any) -> bool:
    """Whether he has not left. His row is held until the end: of a leaving and a giving at once one sees the other."""
    return type(employee)._default_manager.select_for_update().filter(pk=employee.pk, is_active=True).exists()


def sign(holding: Holding, way: str, name: str, image: bytes | None, at: dt.datetime) -> bool:
    """Keep a signature drawn by hand (PNG), of the giving (`out`) or the return (`back`); False without a picture and the second time."""
    if not image:
        return False
    if len(image) > MAX_SIGNATURE:
        raise RuleBroken(_("签名图片太大"), code="signature_too_large", field="signature")
    return bool(insert_once([HoldingSignature(holding=holding, way=way, name=name.strip()[:80], image=image, at=at)]))


def rule_of(thing: Any) -> rules.Rule:
    """The rule of the branch that the thing belongs to."""
    return queries.rule_at(thing.branch_id)
