"""Every write of a contract's quota: granted, used, given back, lapsed. The ledger is appended, the balance follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F, Value
from django.db.models.functions import Round

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.models import QuotaBalance, QuotaEntry, ServiceContract
from aftercare.domain.entitlement.rules import quotas as rules
from aftercare.foundation import statements
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import ZERO, QuantityField, require_quantity
from aftercare.foundation.recording import record_about
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

Cause = QuotaEntry.Cause


def set_quotas(contract: ServiceContract, quotas: Mapping[str, Decimal | None]) -> None:
    """Write down what a draft will grant, by kind; None or 0 leaves the kind unlimited. Granted when it is signed."""
    QuotaBalance.objects.filter(contract=contract).delete()
    wanted = [(kind, quotas.get(kind)) for kind in rules.KINDS]
    statements.insert_all([
        QuotaBalance(contract=contract, kind_of=kind, granted_qty=require_quantity(qty, field=f"quota_{kind}"), left_qty=ZERO)
        for kind, qty in wanted if qty
    ])


def grant(contract: ServiceContract, *, actor: Actor, at: dt.datetime) -> None:
    """Book what the contract grants, once."""
    for balance in _locked(contract.pk):
        _append(balance, Cause.GRANT, balance.granted_qty, key="grant", actor=actor, at=at)


def use(
    contract: ServiceContract, needs: Mapping[str, Decimal], *, source: Source, actor: Actor, at: dt.datetime
) -> list[rules.Use]:
    """Take what a job needs of the quota; what is not there is over-use, to be priced by the caller.

    The same needs again change nothing; other needs of the same job give back what it had and take anew. Two jobs take
    their turns at the balance rows, so that the last of a quota is taken once.
    """
    with step():
        balances = {balance.kind_of: balance for balance in _locked(contract.pk)}
        standing = _standing(source)
        before = {entry.kind_of: rules.Use(entry.kind_of, -entry.qty, entry.over_qty) for entry in standing}
        wanted = {kind: need for kind, need in needs.items() if need > 0 and kind in balances}
        if {kind: one.needed for kind, one in before.items()} == wanted:
            return [before[kind] for kind in rules.KINDS if kind in before]
        _give_back(standing, balances, actor, at)
        uses = rules.take(wanted, {kind: balance.left_qty for kind, balance in balances.items()})
        turn = 1 + QuotaEntry.objects.filter(source_kind=source.kind, source_id=source.id, cause=Cause.USE).count()
        for one in uses:
            _append(
                balances[one.kind], Cause.USE, -one.taken, over=one.over, source=source, key=f"use:{turn}", actor=actor, at=at
            )
        if uses:
            record_about(contract, verb="entitlement.quota.use", actor=actor, at=at, fact=facts.QuotaUsed(
                contract.pk, source.number, {one.kind: str(one.taken) for one in uses},
                {one.kind: str(one.over) for one in uses if one.over},
            ))
    return uses


def give_back(source: Source, *, actor: Actor, at: dt.datetime) -> bool:
    """Reverse what a job took: it is done again, was cancelled, or is not under the contract any more. True when it had any."""
    with step():
        standing = _standing(source)
        if not standing:
            return False
        contract = standing[0].contract
        balances = {balance.kind_of: balance for balance in _locked(contract.pk)}
        # Read again behind the lock: another one may have given it back meanwhile.
        standing = _standing(source)
        _give_back(standing, balances, actor, at)
        if standing:
            record_about(contract, verb="entitlement.quota.give_back", actor=actor, at=at,
                         fact=facts.QuotaGivenBack(contract.pk, source.number))
    return bool(standing)


def lapse(contract: ServiceContract, *, actor: Actor, at: dt.datetime) -> None:
    """What is left of the quota of a contract that is over counts no more. Again it changes nothing."""
    with step():
        for balance in _locked(contract.pk):
            if balance.left_qty:
                turn = QuotaEntry.objects.filter(contract=contract, kind_of=balance.kind_of, cause=Cause.LAPSE).count()
                _append(balance, Cause.LAPSE, -balance.left_qty, key=f"lapse:{turn + 1}", actor=actor, at=at)


def _give_back(standing: list[QuotaEntry], balances: dict[str, QuotaBalance], actor: Actor, at: dt.datetime) -> None:
    for entry in standing:
        _append(
            balances[entry.kind_of], Cause.REVERSAL, -entry.qty, over=-entry.over_qty, key=f"reverse:{entry.pk}",
            source=Source(entry.source_kind, entry.source_id, entry.source_number), reverses=entry, actor=actor, at=at,
        )


def _append(
    balance: QuotaBalance, cause: str, qty: Decimal, *, key: str, actor: Actor, at: dt.datetime, over: Decimal = ZERO,
    source: Source | None = None, reverses: QuotaEntry | None = None,
) -> None:
    statements.insert(QuotaEntry(
        contract_id=balance.contract_id, kind_of=balance.kind_of, cause=cause, qty=qty, over_qty=over, key=key,
        source_kind=source.kind if source else "", source_id=source.id if source else 0,
        source_number=source.number if source else "", reverses=reverses, made_at=at, actor_name=actor.name[:80],
    ))
    # Rounded, so that no binary dust of SQLite's sums stands in the way of the constraint.
    moved = {"left_qty": Round(F("left_qty") + _quantity(qty), 3), "over_qty": Round(F("over_qty") + _quantity(over), 3)}
    QuotaBalance.objects.filter(pk=balance.pk).update(**moved)
    balance.left_qty += qty
    balance.over_qty += over


def _quantity(value: Decimal) -> Value:
    return Value(value, output_field=QuantityField())


def _locked(contract_id: int) -> list[QuotaBalance]:
    return list(QuotaBalance.objects.select_for_update().filter(contract_id=contract_id).order_by("kind_of"))


def _standing(source: Source) -> list[QuotaEntry]:
    rows = QuotaEntry.objects.filter(source_kind=source.kind, source_id=source.id, cause=Cause.USE, reversal=None)
    return list(rows.select_related("contract").order_by("kind_of"))
