"""Real invoice lines run through sales and returns: what the books say equals what adding up the file says.

The lines are the development part of the UCI data set "Online Retail II" (CC BY 4.0, D. Chen). A document is an invoice:
its goods leave for the customer, its money is booked; a credit note (`C…`) brings goods back at what they cost; lines
without a price correct the stock by a count difference. Every part is delivered beforehand as often as it is ever sold.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import time
from collections import defaultdict
from decimal import Decimal
from itertools import groupby
from pathlib import Path

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "online_retail" / "lines.csv.gz"
AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
COST = Decimal("1.25")
SHORT = 1_500


def read(file_path: Path, limit: int) -> list[dict]:
    """The lines of the file, in its order."""
    with gzip.open(file_path, "rt", encoding="utf-8", newline="") as file:
        rows = []
        for row in csv.DictReader(file):
            rows.append({
                "invoice": row["Invoice"].strip(), "code": row["StockCode"].strip().upper(), "qty": int(row["Quantity"]),
                "price": Decimal(row["Price"]).quantize(Decimal("0.01")), "customer": row["CustomerID"].strip(),
            })
            if limit and len(rows) >= limit:
                break
        return rows


def prove(file_path: Path, *, short: bool) -> list[str]:
    """Run them all; gives back what does not agree."""
    if not file_path.exists():
        print(f"online retail: skipped, {file_path.name} is not beside this project", flush=True)
        return []
    return Retail(read(file_path, SHORT if short else 0)).run()


class Retail:
    """A store, a part for each stock code, and the two sides of the comparison: the books and plain sums."""

    def __init__(self, lines: list[dict]) -> None:
        from django.apps import apps

        from aftercare.domain.inventory import actions as inventory
        from aftercare.foundation.access import Actor

        self.lines = lines
        self.given = {"actor": Actor.system("prove"), "at": AT}
        branch = apps.get_model("people.Branch").objects.create(number="RETAIL", name="零售", kind_of="branch", path="/9/")
        part = apps.get_model("catalog.Part")
        codes = sorted({line["code"] for line in lines})
        made = part.objects.bulk_create([part(code=f"OR-{n}", name=code or "?") for n, code in enumerate(codes)])
        self.parts = {code: row.pk for code, row in zip(codes, made, strict=True)}
        self.branch_id = branch.pk
        self.store = inventory.ensure_depot(branch.pk, **self.given)
        self.outside = {kind: inventory.ensure_outside(kind, **self.given).pk for kind in ("customer", "difference", "supplier")}
        self.left: dict[int, Decimal] = defaultdict(Decimal)
        self.owed: dict[int, Decimal] = defaultdict(Decimal)
        self.sold = self.returned = self.corrected = 0

    def run(self) -> list[str]:
        """Deliver, sell, take back, correct; then compare."""
        began = time.perf_counter()
        self._deliver()
        for number, (invoice, rows) in enumerate(groupby(self.lines, key=lambda line: line["invoice"]), start=1):
            self._book(number, invoice, list(rows))
        took = time.perf_counter() - began
        print(
            f"online retail: {len(self.lines):,} lines ({self.sold:,} sold, {self.returned:,} returned, {self.corrected:,} "
            f"corrections) in {took:.0f} s, {len(self.lines) / took:,.0f} lines/s", flush=True,
        )
        return self._compare()

    def _deliver(self) -> None:
        from aftercare.domain.inventory import actions as inventory

        need: dict[int, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            need[self.parts[line["code"]]] += abs(line["qty"])
        lines = [inventory.ReceiveLine(part, qty, COST) for part, qty in sorted(need.items()) if qty]
        for start in range(0, len(lines), 500):
            inventory.receive(self.store, lines=lines[start : start + 500], **self.given)
        self.left.update(need)

    def _book(self, number: int, invoice: str, rows: list[dict]) -> None:
        from django.db import transaction

        from aftercare.domain.inventory import actions as inventory
        from aftercare.domain.ledger import actions as ledger
        from aftercare.foundation.sources import Source

        source = Source("prove.invoice", number, invoice)
        moves = [self._move(position, row, inventory.MoveLine) for position, row in enumerate(rows) if row["qty"]]
        total = sum((row["qty"] * row["price"] for row in rows), Decimal(0))
        with transaction.atomic():
            if moves:
                inventory.post(source=source, key="invoice", lines=moves, reason="sale", **self.given)
            if total:
                party = int(rows[0]["customer"] or 0) if rows[0]["customer"].isdigit() else 0
                self.owed[party] += total
                ledger.post(
                    source=source, key="invoice", branch_id=self.branch_id, **self.given,
                    lines=[("receivable", ("parties.customer", party), total), ("revenue_part", None, -total)],
                )

    def _move(self, position: int, row: dict, make):
        part, qty = self.parts[row["code"]], Decimal(abs(row["qty"]))
        out = row["qty"] > 0
        other = self.outside["customer" if row["price"] else "difference"]
        self.left[part] -= row["qty"]
        if not row["price"]:
            self.corrected += 1
        elif out:
            self.sold += 1
        else:
            self.returned += 1
        ends = (self.store.pk, other) if out else (other, self.store.pk)
        return make(part, qty, *ends, unit_cost=None if out else COST, line=str(position))

    def _compare(self) -> list[str]:
        from aftercare.domain.inventory import queries as stock
        from aftercare.domain.ledger import queries as books
        from aftercare.foundation.access import Actor

        kept = {row.part_id: row.on_hand_qty for row in stock.balances(Actor.system("prove")).filter(place=self.store)}
        failed = [
            f"part {part} has {kept.get(part, 0)}, the file says {qty}"
            for part, qty in self.left.items() if kept.get(part, Decimal(0)) != qty
        ]
        owed = {party: amount for (_kind, party), amount in books.balances_by_party("receivable").items()}
        failed += [
            f"customer {party} owes {owed.get(party, 0)}, the file says {amount}"
            for party, amount in self.owed.items() if owed.get(party, Decimal(0)) != amount
        ]
        value, pieces = stock.stock_value(Actor.system("prove"))[self.branch_id], sum(self.left.values(), Decimal(0))
        print(f"online retail: {len(self.left):,} parts, {len(self.owed):,} customers compared, {len(failed)} differ; "
              f"{pieces:,} pieces worth {value:,.2f}", flush=True)  # fmt: skip
        return failed if value == pieces * COST else [*failed, f"stock is worth {value}, {pieces * COST} expected"]
