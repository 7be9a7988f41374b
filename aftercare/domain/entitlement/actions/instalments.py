"""Every write of a contract's instalments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.lifecycle import INSTALMENT, InstalmentStatus
from aftercare.domain.entitlement.models import Instalment, ServiceContract
from aftercare.domain.entitlement.rules import instalments as rules
from aftercare.foundation import money, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import RuleBroken

MOST_INSTALMENTS = 120


def write_instalments(contract: ServiceContract, shares: Iterable[rules.Share]) -> None:
    """Replace the instalments of a draft. Refuses amounts that do not sum to the price, to the cent."""
    rows = sorted(shares, key=lambda share: share.due_on)
    if len(rows) > MOST_INSTALMENTS:
        raise RuleBroken(_("分期太多"), code="too_many_instalments", field="instalments")
    for share in rows:
        money.require_amount(share.amount, field="instalments", minimum=Decimal("0.01"), currency=contract.currency)
    total = sum((share.amount for share in rows), money.ZERO)
    if total != contract.price_amount:
        raise RuleBroken(
            _("分期合计 %(total)s 与合同金额 %(price)s 不符") % {"total": total, "price": contract.price_amount},
            code="instalments_off", field="instalments", total=str(total), price=str(contract.price_amount),
        )
    Instalment.objects.filter(contract=contract).delete()
    statements.insert_all([
        Instalment(contract=contract, sequence=index, due_on=share.due_on, amount=share.amount)
        for index, share in enumerate(rows, start=1)
    ])


@INSTALMENT.move("note_billed")
def note_billed(instalment: Instalment, *, actor: Actor, at: dt.datetime):
    """Its bill is made and final."""
    return facts.InstalmentChanged(instalment.pk, instalment.contract_id, instalment.amount)


@INSTALMENT.move("cut")
def cut(instalment: Instalment, *, amount: Decimal, actor: Actor, at: dt.datetime):
    """Less is owed, because the contract ended early."""
    if not 0 < amount < instalment.amount:
        raise RuleBroken(_("金额只能减少"), code="not_less", field="amount")
    revise(instalment, amount=amount)
    return facts.InstalmentChanged(instalment.pk, instalment.contract_id, amount)


@INSTALMENT.move("drop")
def drop(instalment: Instalment, *, actor: Actor, at: dt.datetime):
    """Nothing of it is owed, because the contract ended early."""
    revise(instalment, amount=money.ZERO)
    return facts.InstalmentChanged(instalment.pk, instalment.contract_id, money.ZERO)


def cut_to(contract: ServiceContract, total: Decimal, *, actor: Actor, at: dt.datetime) -> None:
    """Cut the instalments so that they sum to `total`: the first ones stay, then a part, the rest falls away."""
    rows = list(
        Instalment.objects.filter(contract=contract).exclude(status=InstalmentStatus.CANCELLED)
        .select_related("contract").order_by("sequence")
    )
    for row, amount in zip(rows, rules.cut_to([row.amount for row in rows], total), strict=True):
        if not amount:
            drop(row, actor=actor, at=at)
        elif amount != row.amount:
            cut(row, amount=amount, actor=actor, at=at)
