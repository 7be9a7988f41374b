"""Stock at size: the same pages at ten thousand and at a million moves, past days, and every balance rebuilt.

Moves are written past the actions here, and only here: by one statement that the database runs itself, with the balances
and costs that follow from them. The checks afterwards are those of `aftercare check`.
"""

from __future__ import annotations

import datetime as dt
import time

PARTS, PLACES = 100, 24
FIRST = dt.date(2023, 9, 1)  # all of it before the day on which the other steps book: its periods are closed here
DAYS = 900
LIMIT = 1.5
RUNS = 25

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT {start} UNION ALL SELECT i + 1 FROM n WHERE i < {end})"
# Goods come to a place, later some go to the next place: each balance stays above zero, costs stay at one a piece.
_RECEIPTS = """
INSERT INTO inventory_stockmove (at, day, booked_at, part_id, qty, lot, from_place_id, to_place_id, from_condition,
  to_condition, unit_cost, reason, source_kind, source_id, source_number, line, key, memo, actor_name)
{numbers} SELECT {moment}, {date}, {moment}, {part}, 3, '', {outside}, {place}, 'good', 'good', 1, 'receipt', 'prove.fill', i,
  'F', '', 'in', '', 'prove' FROM n"""
_MOVES = """
INSERT INTO inventory_stockmove (at, day, booked_at, part_id, qty, lot, from_place_id, to_place_id, from_condition,
  to_condition, unit_cost, reason, source_kind, source_id, source_number, line, key, memo, actor_name)
{numbers} SELECT {moment}, {date}, {moment}, {part}, 1, '', {place}, {next}, 'good', 'good', 0, 'transfer', 'prove.fill', i,
  'F', '', 'on', '', 'prove' FROM n"""
_BALANCES = """
INSERT INTO inventory_balance (place_id, part_id, condition, lot, is_serial, on_hand_qty, reserved_qty, min_qty, max_qty)
SELECT place_id, part_id, condition, '', {no}, SUM(qty), 0, 0, 0 FROM (
  SELECT to_place_id AS place_id, part_id, to_condition AS condition, qty FROM inventory_stockmove WHERE source_kind = 'prove.fill'
  UNION ALL
  SELECT from_place_id, part_id, from_condition, -qty FROM inventory_stockmove WHERE source_kind = 'prove.fill' AND key = 'on'
) AS r GROUP BY place_id, part_id, condition
ON CONFLICT (place_id, part_id, condition, lot) DO UPDATE SET on_hand_qty = excluded.on_hand_qty"""
_COSTS = """
INSERT INTO inventory_cost (branch_id, part_id, qty, value_amount)
SELECT %s, part_id, SUM(qty), SUM(qty) FROM inventory_stockmove WHERE source_kind = 'prove.fill' AND key = 'in' GROUP BY part_id
ON CONFLICT (branch_id, part_id) DO UPDATE SET qty = excluded.qty, value_amount = excluded.value_amount"""


class Scale:
    """A branch with many places and parts, filled to a number of moves, and a keeper who looks at it."""

    def __init__(self) -> None:
        from django.apps import apps
        from django.test import Client

        from aftercare.domain.inventory import actions as inventory
        from aftercare.domain.people import actions as people
        from tests import world as worlds

        self.given = {"actor": worlds.SYSTEM, "at": dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC)}
        self.world = worlds.found()
        part = apps.get_model("catalog.Part")
        self.parts = part.objects.bulk_create([part(code=f"SC{n:05}", name=f"量测配件{n}") for n in range(PARTS)])
        self.branch = self.world.head.pk
        self.places = [
            inventory.create_place(code=f"SC-{n:02}", name=f"量测库{n}", kind="quarantine", branch_id=self.branch, **self.given)
            for n in range(PLACES)
        ]
        self.outside = inventory.ensure_outside("supplier", **self.given)
        account = people.create_account(self.world.people["keeper"], username="prover", password="only-for-proofs-1", **self.given)
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(account)
        self.filled = 0

    def fill(self, moves: int) -> None:
        """Bring the ledger to that many moves of this filling, half of them in, half of them on; and vacuum."""
        from django.db import connection, transaction

        part = f"{self.parts[0].pk} + i % {PARTS}"
        spot = f"(i / {PARTS}) % {PLACES}"
        is_sqlite = connection.vendor == "sqlite"
        date = f"date('{FIRST}', '+' || (i % {DAYS}) || ' days')" if is_sqlite else f"date '{FIRST}' + (i % {DAYS})::int"
        moment = f"({date} || ' 04:00:00')" if is_sqlite else f"({date})::timestamp at time zone 'UTC'"
        numbers = _NUMBERS.format(start=self.filled // 2, end=moves // 2 - 1)
        names = {
            "numbers": numbers, "part": part, "place": f"{self.places[0].pk} + {spot}", "outside": self.outside.pk,
            "next": f"{self.places[0].pk} + ({spot} + 1) % {PLACES}", "date": date, "moment": moment,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RECEIPTS.format(**names))
            cursor.execute(_MOVES.format(**names))
            cursor.execute(_BALANCES.format(no="0" if is_sqlite else "false"))
            cursor.execute(_COSTS, [self.branch])
        self.filled = moves
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if is_sqlite else "VACUUM ANALYZE")

    def measure(self) -> dict[str, float]:
        """Milliseconds of each page, the best of many: what others do on the machine at the same time is left out."""
        part = self.parts[7]
        pages = {
            "balance page": "/stock/?tab=here", "balance page of one place": f"/stock/?tab=here&place={self.places[3].pk}",
            "part card": f"/parts/{part.pk}/", "place page": f"/places/{self.places[3].pk}/",
        }
        told = {}
        for name, address in pages.items():
            self._get(address)
            told[name] = min(self._get(address) for _turn in range(RUNS))
        return told

    def _get(self, address: str) -> float:
        began = time.perf_counter()
        answer = self.client.get(address)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return took


def prove(short: bool) -> list[str]:
    """Measure at both sizes and compare; then past days with what was kept, and every balance rebuilt."""
    from aftercare.domain.inventory import actions as inventory
    from aftercare.domain.inventory import queries
    from tests.world import SYSTEM

    small, large = (1_000, 20_000) if short else (10_000, 1_000_000)
    stage, failed = Scale(), []
    stage.fill(small)
    before = stage.measure()
    stage.fill(large)
    after = stage.measure()
    for name, took in after.items():
        ratio = took / before[name]
        print(f"{name}: {before[name]:.1f} ms at {small:,} moves, {took:.1f} ms at {large:,}: {ratio:.2f} times", flush=True)
        # Few moves prove nothing about size: the short form looks whether it runs.
        if not short and ratio > LIMIT:
            failed.append(f"{name}: {ratio:.2f} times slower at {large:,} moves")
    days = [FIRST + dt.timedelta(days=n) for n in (200, 431, DAYS - 40)]
    told = {}
    for day in days:
        began = time.perf_counter()
        told[day] = queries.stock_on(day, actor=SYSTEM)
        print(f"stock on {day}, nothing kept: {time.perf_counter() - began:.2f} s, {len(told[day]):,} rows", flush=True)
    for month in range(1, 31, 6 if short else 1):
        closed = FIRST + dt.timedelta(days=30 * month - 1)
        inventory.close_period(closed_to=closed, branch_id=None, **stage.given)
    began = time.perf_counter()
    kept = inventory.keep_closed_stock(at=stage.given["at"] + dt.timedelta(days=1))
    print(f"{kept} month ends kept in {time.perf_counter() - began:.1f} s", flush=True)
    for day in days:
        began = time.perf_counter()
        again = queries.stock_on(day, actor=SYSTEM)
        print(f"stock on {day}, from what was kept: {time.perf_counter() - began:.2f} s", flush=True)
        if again != told[day]:
            failed.append(f"stock on {day} differs from what the ledger says")
    return failed
