"""Many clients at once for one loaner, for the tests and for `aftercare prove stock`."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from django.apps import apps

from aftercare.domain.custody import actions, queries
from aftercare.domain.custody.models import Custody, Loaner
from aftercare.domain.inventory.tests.contests import Contest
from aftercare.domain.inventory.tests.races import race
from aftercare.domain.inventory.tests.stock import NOW

# Told by the name of who has it, or by the state for whoever had looked just before.
LOSERS = frozenset({"already_out", "wrong_state"})


def fill(stage: Any, turn: int, mark: str = "LOAN") -> None:
    """One more loaner of the stage's branch, and the customer that all clients speak for."""
    product = apps.get_model("catalog.Product").objects.get_or_create(name="备用冰箱")[0]
    if not hasattr(stage, "customer"):
        stage.customer = apps.get_model("parties.Customer").objects.create(number=f"C-{mark}{turn}", name="张三丰", branch=stage.branch, created_at=NOW["at"])
    stage.loaner = actions.create_loaner(product=product, serial=f"{mark}-{turn}", branch_id=stage.branch.pk, value_amount=1000, **NOW)


def lend_the_one(stage: Any, clients: int) -> Counter:
    """All want to lend the same loaner."""

    def attempt(_number: int) -> bool:
        actions.lend_loaner(queries.get_loaner(stage.loaner.number, NOW["actor"]), customer=stage.customer, **NOW)
        return True

    return race(clients, attempt)


def lend_without_guard(stage: Any, clients: int) -> Counter:
    """Negative control: read, decide, write. All have read before the first writes, as it happens under load."""
    fill(stage, -clients)
    everybody_has_read = threading.Barrier(clients)

    def attempt(_number: int) -> bool:
        is_free = Loaner.objects.get(pk=stage.loaner.pk).status == "available"
        everybody_has_read.wait()
        if is_free:
            Loaner.objects.filter(pk=stage.loaner.pk).update(status="lent")
        return is_free

    return race(clients, attempt)


def fill_both(stage: Any, turn: int) -> None:
    """The stage's loaner once more, as a unit of the register: what a counter takes it for when somebody brings it."""
    fill(stage, turn, "BOTH")
    loaner = stage.loaner
    stage.asset = apps.get_model("assets.Asset").objects.create(
        number=f"A-LOAN{turn}", product=loaner.product, serial=loaner.serial, serial_key=loaner.serial_key, branch=stage.branch,
        customer=stage.customer, token=f"loan{turn}", created_at=NOW["at"])


def lend_or_receive(stage: Any, clients: int, turn: int) -> Counter:
    """Half of them want to lend the unit, half want to take it in against a receipt."""

    def attempt(number: int) -> bool:
        if number % 2:
            actions.lend_loaner(queries.get_loaner(stage.loaner.number, NOW["actor"]), customer=stage.customer, **NOW)
        else:
            actions.receive(customer=stage.customer, item="冰箱", branch_id=stage.branch.pk, asset=stage.asset, **NOW)
        return True

    return race(clients, attempt)


def lend_and_receive_without_guard(stage: Any, clients: int) -> Counter:
    """Negative control: each looks whether the unit is free, all have looked, then each writes his own table as it was before."""
    fill_both(stage, -clients)
    everybody_has_read = threading.Barrier(clients)

    def attempt(number: int) -> bool:
        is_free = not queries.what_holds(stage.asset) and Loaner.objects.get(pk=stage.loaner.pk).status == "available"
        everybody_has_read.wait()
        if is_free and number == 0:
            Loaner.objects.filter(pk=stage.loaner.pk).update(status="lent")
        elif is_free and number == 1:
            Custody.objects.create(
                number=f"SJ-X{clients}", branch=stage.branch, customer=stage.customer, asset=stage.asset, item="冰箱", received_at=NOW["at"])
        return is_free and number < 2

    return race(clients, attempt)


BOTH_LOSERS = LOSERS | {"already_held", "own_loaner"}
CONTESTS = [Contest("lend the one loaner", fill, lambda stage, clients, turn: lend_the_one(stage, clients), LOSERS, lend_without_guard),
            Contest("lend a unit or take it in", fill_both, lend_or_receive, BOTH_LOSERS, lend_and_receive_without_guard)]
