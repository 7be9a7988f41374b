"""The decision table: cases that a service manager can read and add to (`data/terms.csv`, `data/decisions.csv`)."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from aftercare.domain.entitlement import rules

FOLDER = Path(__file__).parent / "data"
CODES = {"进液": 1, "人为损坏": 2, "不制冷": 3}
_COVERED = {"parts": "配件", "labour": "人工", "travel": "上门"}
_WORDS = {"free": "免费", "paid": "收费", "contract": "合同", "claim": "索赔", "goodwill": "优惠"}
_KINDS = {"优惠": ("goodwill", "D"), "合同": ("contract", "B"), "延保": ("extension", "C"), "修理": ("repair_days", "C")}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def terms() -> dict[str, rules.TermLine]:
    """The terms of the table, by name."""
    found = {}
    for number, row in enumerate(_rows("terms.csv"), start=1):
        covered = row["含"].split()
        found[row["条款"]] = rules.TermLine(
            number, row["条款"], None, None, row["部件"], int(row["月"]), int(row["天"]), row["起算"], int(row["推月"]),
            *(word in covered for word in _COVERED.values()), _day(row["生效"]), _day(row["失效"]),
            promotion=row["促销"], starts_among=tuple(row["最早之一"].split()), parts_percent=int(row["配件%"]),
            labour_percent=int(row["人工%"]), travel_percent=int(row["上门%"]), borne_by=row["承担"],
            cycles=int(row["次数"]), cycle_unit="张" if int(row["次数"]) else "",
            excluded=frozenset(CODES[word] for word in row["不保"].split()), counts_repair_days=row["修理顺延"] == "是",
        )
    return found


def cases() -> list[dict[str, str]]:
    """The rows of the table."""
    return _rows("decisions.csv")


def decide(case: dict[str, str], known: dict[str, rules.TermLine] | None = None) -> rules.Decision:
    """What the rules say to a row."""
    known = known or terms()
    unit = rules.Unit(
        serial="S1", sold_on=_day(case["销售日"]), invoiced_on=_day(case["销售日"]), installed_on=_day(case["安装日"]),
        made_on=_day(case["生产日"]), invoice_number=case["发票号"], invoice_serial=case["发票序列号"],
        reading=int(case["读数"]) if case["读数"] else None, read_on=_day(case["报修日"]) if case["读数"] else None,
    )
    ledger, coverage = [], []
    if case["另有"]:
        word, start, end = case["另有"].split()
        kind, letter = _KINDS[word]
        cover = rules.Cover(kind, word, "", _day(start), _day(end), service_class=letter)
        (coverage if kind == "contract" else ledger).append(cover)
    job = rules.Job(codes={CODES[case["故障"]]: case["故障"]} if case["故障"] else {})
    named = [known[name] for name in case["条款"].split("+") if name]
    return rules.decide(unit, named, ledger, _day(case["报修日"]), job, coverage)


def told(decision: rules.Decision) -> dict[str, str]:
    """A decision in the words of the table's right-hand columns."""
    lines = {}
    for kind, word in _COVERED.items():
        line = decision.line(kind)
        lines[word] = _WORDS[line.verdict] + (str(line.percent) if 0 < line.percent < 100 else "")
    return {"类别": decision.service_class, **lines, "止": decision.ends_on.isoformat() if decision.ends_on else "",
            "疑点": " ".join(decision.flags)}
