"""Many clients at once on one stock, for the tests and for `aftercare prove stock`.

Each client is a thread with a connection of its own. The negative controls are the same races with the guard left out:
as long as they fail, the zeros of the real ones mean something.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal as D

from django.db import connection

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory.models import Balance
from aftercare.domain.inventory.tests.stock import NOW, SYSTEM, Stock, order
from aftercare.domain.ledger import actions as ledger
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal

WON = "won"


def race(clients: int, attempt: Callable[[int], bool]) -> Counter:
    """Let all clients start at once; how often each outcome came: `won`, `lost`, a refusal's code, an error's text."""
    gate = threading.Barrier(clients)
    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            outcomes.append(WON if attempt(number) else "lost")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        except Exception as error:  # counted, and then asserted to be none
            outcomes.append(f"{type(error).__name__}: {error}"[:160])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def reserve_the_last(stock: Stock, clients: int, first: int) -> Counter:
    """All want the one unit promised, each for an order of his own."""

    def attempt(number: int) -> bool:
        inventory.reserve(source=order(first + number), lines=[stock.line("1", stock.a, 1)], **NOW)
        return True

    return race(clients, attempt)


def use_the_last(stock: Stock, clients: int, first: int) -> Counter:
    """All want to use the one unit of part b from free stock."""

    def attempt(number: int) -> bool:
        inventory.consume(source=order(first + number), lines=[("1", stock.b.pk, D(1), stock.depot.pk)], **NOW)
        return True

    return race(clients, attempt)


def same_order_twice(stock: Stock, clients: int, first: int) -> Counter:
    """All do the same for the same order: a double click, a lost answer tried again."""

    def attempt(number: int) -> bool:
        inventory.reserve(source=order(first), lines=[stock.line("1", stock.a, 1)], **NOW)
        return True

    return race(clients, attempt)


def move_one_serial(stock: Stock, serial: str, clients: int) -> Counter:
    """All want to carry the same serial number away, half to the van and half to the other branch."""

    def attempt(number: int) -> bool:
        goal = (stock.van, stock.other)[number % 2]
        inventory.transfer(from_place=stock.depot, to_place=goal, lines=[(stock.s.pk, 1, serial)], **NOW)
        return True

    return race(clients, attempt)


def reserve_without_guard(stock: Stock, clients: int) -> Counter:
    """Negative control: read, decide, write. All have read before the first writes, as it happens under load."""
    everybody_has_read = threading.Barrier(clients)

    def attempt(_number: int) -> bool:
        row = Balance.objects.get(place=stock.depot, part=stock.a, condition="good", lot="")
        enough = row.on_hand_qty - row.reserved_qty >= 1
        everybody_has_read.wait()
        if enough:
            Balance.objects.filter(pk=row.pk).update(reserved_qty=row.reserved_qty + 1)
        return enough

    return race(clients, attempt)


def reserve_unguarded_at_leisure(stock: Stock, clients: int) -> Counter:
    """The same negative control without the help of a barrier: how often it goes wrong by itself."""

    def attempt(_number: int) -> bool:
        row = Balance.objects.get(place=stock.depot, part=stock.a, condition="good", lot="")
        if row.on_hand_qty - row.reserved_qty < 1:
            return False
        Balance.objects.filter(pk=row.pk).update(reserved_qty=row.reserved_qty + 1)
        return True

    return race(clients, attempt)


def random_documents(stock: Stock, parts: list, clients: int, documents: int, seed: int, first: int) -> Counter:
    """Each client books documents of 2-20 lines in random order: reserve, use or release, and a booking of money."""

    def attempt(number: int) -> bool:
        chance = random.Random(seed * 1000 + number)
        for turn in range(documents):
            _one_document(stock, parts, chance, first + number * documents + turn)
        return True

    return race(clients, attempt)


def _one_document(stock: Stock, parts: list, chance: random.Random, number: int) -> None:
    places = [stock.depot, stock.van, stock.other]
    chosen = [(chance.choice(parts), chance.choice(places)) for _line in range(chance.randint(2, 20))]
    lines = [inventory.ReserveLine(str(n), part.pk, place.pk, D(1)) for n, (part, place) in enumerate(chosen)]
    chance.shuffle(lines)
    paper = order(number)
    try:
        inventory.reserve(source=paper, lines=lines, **NOW)
        if chance.random() < 0.7:
            inventory.consume(source=paper, **NOW)
        else:
            inventory.release(source=paper, **NOW)
    except inventory.Shortage:
        moves = [(part.pk, D(5), D("1.1")) for part, _place in chosen]
        inventory.receive(chance.choice(places), lines=moves, **NOW)
    parties = [("parties.customer", chance.randint(1, 5)) for _side in range(4)]
    sides = [("receivable", party, D(1)) for party in parties] + [("bank", None, D(-4))]
    ledger.post(source=paper, key="paid", lines=sides, branch_id=stock.branch.pk, **NOW)


def use_without_guard(stock: Stock, clients: int) -> Counter:
    """Negative control of a use: all read that one is there, then each takes it."""
    everybody_has_read = threading.Barrier(clients)

    def attempt(_number: int) -> bool:
        row = Balance.objects.get(place=stock.depot, part=stock.b, condition="good", lot="")
        everybody_has_read.wait()
        if row.on_hand_qty >= 1:
            Balance.objects.filter(pk=row.pk).update(on_hand_qty=row.on_hand_qty - 1)
        return row.on_hand_qty >= 1

    return race(clients, attempt)


def move_serial_without_guard(stock: Stock, clients: int) -> Counter:
    """Negative control of a serial number: all read where it lies, then each says that it carried it away."""
    everybody_has_read = threading.Barrier(clients)

    def attempt(_number: int) -> bool:
        row = Balance.objects.get(place=stock.depot, part=stock.s, lot="CONTROL")
        everybody_has_read.wait()
        if row.on_hand_qty == 1:
            Balance.objects.filter(pk=row.pk).update(on_hand_qty=0)
        return row.on_hand_qty == 1

    return race(clients, attempt)


COUNTER = Actor("employee", 90_001, "盘点员", employee_id=90_001, reaches=SYSTEM.reaches)


def counted(stock: Stock, part, found: int):
    """A stocktake of that part at the depot, counted and handed in: `found` pieces are there."""
    by = {"actor": COUNTER, "at": NOW["at"]}
    inventory.set_count_rule(stock.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    take = inventory.plan_stocktake(stock.depot, scope="parts", parts=[part.pk], **by)
    inventory.record_counts(take, lines=[inventory.CountLine(part.pk, D(found))], **by)
    return inventory.finish_round(take, **by)


def plan_the_same(stock: Stock, part, clients: int) -> Counter:
    """All want to count the same thing in a stocktake of their own; the database lets one."""

    def attempt(_number: int) -> bool:
        inventory.plan_stocktake(stock.depot, scope="parts", parts=[part.pk], **NOW)
        return True

    return race(clients, attempt)


def settle_one(take, clients: int) -> Counter:
    """All approve the same stocktake."""

    def attempt(_number: int) -> bool:
        inventory.approve_stocktake(take, reason="丢失", **NOW)
        return True

    return race(clients, attempt)


def settle_without_guard(stock: Stock, clients: int) -> Counter:
    """Negative control of a stocktake: all read that it is not settled yet, then each books its difference."""
    part = type(stock.a).objects.create(code=f"U{time.monotonic_ns()}", name="U")
    stock.fill(part, clients + 1)
    take = counted(stock, part, clients)
    everybody_has_read = threading.Barrier(clients)

    def attempt(number: int) -> bool:
        is_open = type(take).objects.get(pk=take.pk).status == "submitted"
        everybody_has_read.wait()
        if is_open:
            line = inventory.MoveLine(part.pk, D(1), stock.depot.pk, stock.outside["difference"].pk)
            inventory.post(source=order(5_000_000 + number), key="count", lines=[line], reason="count", **NOW)
        return is_open

    return race(clients, attempt)


def documents_for(stock: Stock, parts: list, clients: int, seconds: float, seed: int) -> tuple[Counter, int]:
    """Each client books documents of 2-20 lines in random order for that long; outcomes, and how many were booked."""
    ends, done = time.monotonic() + seconds, [0] * clients

    def attempt(number: int) -> bool:
        chance = random.Random(seed * 1000 + number)
        while time.monotonic() < ends:
            if chance.random() < 0.3:
                _one_paper(stock, parts, chance)
            else:
                _one_document(stock, parts, chance, 10**10 + number * 10**7 + done[number])
            done[number] += 1
        return True

    return race(clients, attempt), sum(done)


def _one_paper(stock: Stock, parts: list, chance: random.Random) -> None:
    """A stock document written and posted: goods in, from place to place, or into another condition."""
    here, there = chance.sample([stock.depot, stock.van, stock.other], 2)
    lines = [{"part_id": chance.choice(parts).pk, "qty": D(1)} for _line in range(chance.randint(2, 20))]
    kind = chance.choice(["receipt", "transfer", "state", "scrap"])
    paper = inventory.open_document(
        kind=kind, dated_on=NOW["at"].date(), from_place=here, to_place=there, lines=lines,
        to_condition="defective" if kind == "state" else "good", **NOW,
    )
    try:
        inventory.post_document(paper, **NOW)
    except inventory.Shortage:
        inventory.cancel_document(paper, reason="缺货", **NOW)
