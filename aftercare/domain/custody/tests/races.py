"""Many clients at once for one loaner, for the tests and for `aftercare prove stock`."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from django.apps import apps

from aftercare.domain.custody import actions, queries
from aftercare.domain.custody.models import Loaner
from aftercare.domain.inventory.tests.contests import Contest
from aftercare.domain.inventory.tests.races import race
from aftercare.domain.inventory.tests.stock import NOW

# Told by the name of who has it, or by the state for whoever had looked just before.
LOSERS = frozenset({"already_out", "wrong_state"})


def fill(stage: Any, turn: int) -> None:
    """One more loaner of the stage's branch, and the customer that all clients speak for."""
    product = apps.get_model("catalog.Product").objects.get_or_create(name="备用冰箱")[0]
    if not hasattr(stage, "customer"):
        stage.customer = apps.get_model("parties.Customer").objects.create(number=f"C-LOAN{turn}", name="张三丰", branch=stage.branch, created_at=NOW["at"])
    stage.loaner = actions.create_loaner(product=product, serial=f"LOAN-{turn}", branch_id=stage.branch.pk, value_amount=1000, **NOW)


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


CONTESTS = [Contest("lend the one loaner", fill, lambda stage, clients, turn: lend_the_one(stage, clients), LOSERS, lend_without_guard)]
