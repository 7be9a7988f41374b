"""Doors read stock by the queries that hide what is counted blind, and by no other."""

import re

from tests.house.tree import ROOT

_RAW = re.compile(r"\b(?:stock|queries|inventory)\.(?:balances|available|list_moves|free_spots|serials_at)\(")


def test_doors_read_stock_by_what_may_be_seen():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for door in ("web", "api")
        for path in sorted((ROOT / "aftercare" / door).rglob("*.py")) if "tests" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if _RAW.search(line)
    ]
    # The answer to a booking tells the rows that it wrote.
    assert [where for where in found if not where.startswith("aftercare/api/stock.py")] == [] and len(found) <= 1, found
