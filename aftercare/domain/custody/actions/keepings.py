"""The ledger over receipts and loans: a row is opened and closed with each of them, in the same transaction."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.custody import rules
from aftercare.domain.custody.models import Custody, Holding, Keeping
from aftercare.foundation import statements


def open_for_goods(custody: Custody) -> None:
    """A customer's thing came in. The database refuses a second open row of the same unit."""
    asset = custody.asset
    statements.insert(Keeping(
        item=rules.item_of_unit(asset.product_id, asset.serial_key, asset.pk) if asset is not None else f"goods:{custody.pk}",
        kind_of=Keeping.Kind.GOODS, name=custody.item, branch_id=custody.branch_id, customer_id=custody.customer_id, custody=custody,
        number=custody.number, since=custody.received_at,
    ))


def open_for_holding(holding: Holding) -> None:
    """A thing of ours left. The database refuses a second open row of it, and one of a unit that lies with us for a customer."""
    statements.insert(Keeping(
        item=item_of(holding), kind_of=holding.kind_of, name=holding.item, branch_id=holding.branch_id, customer_id=holding.customer_id,
        employee_id=holding.employee_id, holding=holding, number=holding.number, since=holding.out_at,
    ))


def item_of(holding: Holding) -> str:
    """What the ledger calls the thing of a loan."""
    if holding.kind_of == "loaner":
        return rules.item_of_unit(holding.loaner.product_id, holding.loaner.serial_key)
    return f"{holding.kind_of}:{holding.thing_id}"


def close(at: dt.datetime, **whose: Custody | Holding) -> None:
    """It is back where it belongs, or gone for good: `custody=` or `holding=`."""
    Keeping.objects.filter(until=None, **whose).update(until=at)


def rename(holding: Holding) -> None:
    """The serial number of a loaner was put right while it is out."""
    Keeping.objects.filter(until=None, holding=holding).update(item=item_of(holding), name=str(holding.loaner)[:200])
