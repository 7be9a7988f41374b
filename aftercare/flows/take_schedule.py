"""A fee schedule from a workbook, e.g. the export mended in Excel: row by row, tried out first, bad rows told."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DataError
from django.utils.translation import gettext as _

from aftercare.domain.catalog import access, actions
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.flows import uploads
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.foundation.tabular import parsing, reader
from aftercare.foundation.tabular.mapping import key_of
from aftercare.foundation.transactions import apart

MOST_ROWS = 5000
# Headings and words as the export writes them in each language, folded; `至` of the hours stands behind `自`.
_WORDS = json.loads(Path(__file__).with_name("data").joinpath("fee_schedule.json").read_text("utf-8"))
HEADS: dict[str, list[str]] = _WORDS["heads"]
_ANY, _URBAN = frozenset(_WORDS["any"]), _WORDS["urban"]


@dataclass
class Outcome:
    """What a run did: rows read, lines added, lines that stood so already, and problems (row, reason)."""

    dry_run: bool
    read: int = 0
    added: int = 0
    known: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


class _Undo(Exception):
    """Takes back what a dry run did."""


def take(path: Path, *, dry_run: bool, actor: Actor, at: dt.datetime) -> Outcome:
    """Add the lines of the file to the schedule; a line with the same columns ends the day before.

    Bad rows are told and left out, the others are taken over. A dry run does the same and takes it back. Refuses a file
    without the columns fee, valid from, and amount or percent, and one of more than 5,000 rows.
    """
    actor.require_anywhere(access.EDIT_PRICE)
    heads = _columns(reader.read_heads(path))
    outcome = Outcome(dry_run)
    with contextlib.suppress(_Undo), apart():  # apart: a dry run takes itself back, and the caller's journey goes on
        for row in islice(reader.read_rows(path), MOST_ROWS + 1):
            outcome.read += 1
            if outcome.read > MOST_ROWS:
                raise RuleBroken(_("一次最多导入 %(n)s 行") % {"n": MOST_ROWS}, code="too_many_rows", field="file")
            _take_row(row, heads, outcome, actor, at)
        if dry_run:
            raise _Undo
    return outcome


def take_bytes(name: str, content: bytes, *, dry_run: bool, actor: Actor, at: dt.datetime) -> Outcome:
    """The same of a file's bytes, told apart by the end of its name; refuses what is no CSV or workbook (`bad_ending`)."""
    actor.require_anywhere(access.EDIT_PRICE)
    ending = next((one for one in sorted(uploads.ENDINGS, key=len, reverse=True) if name.lower().endswith(one)), None)
    if ending is None:
        raise RuleBroken(_("请上传 CSV 或 Excel 文件"), code="bad_ending", field="name")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"schedule{ending}"
        path.write_bytes(content)
        return take(path, dry_run=dry_run, actor=actor, at=at)


def _columns(heads: list[str]) -> dict[str, str]:
    keys = {key_of(head): head for head in heads if head}
    found = {name: next((keys[key_of(h)] for h in names if key_of(h) in keys), "") for name, names in HEADS.items()}
    for name in ("fee", "valid_from"):
        if not found[name]:
            raise RuleBroken(_("文件里没有「%(head)s」这一列") % {"head": HEADS[name][0]}, code="column_missing", field="file")
    return {name: head for name, head in found.items() if head}


def _take_row(row: reader.Row, heads: dict[str, str], outcome: Outcome, actor: Actor, at: dt.datetime) -> None:
    try:
        with apart():
            values = _read(row.cells, heads, actor)
            if _stands(values, actor):
                outcome.known += 1
                return
            actions.set_labour_price(end_previous=True, actor=actor, at=at, **values)
            outcome.added += 1
    except (Refusal, ValueError, DataError) as problem:
        outcome.problems.append((row.number, str(problem)))


def _read(cells: dict[str, Any], heads: dict[str, str], actor: Actor) -> dict[str, Any]:
    said = {name: parsing.as_text(cells.get(head)).strip() for name, head in heads.items()}
    said = {name: "" if text.casefold() in _ANY else text for name, text in said.items()}
    values: dict[str, Any] = {
        "fee": _code(said.get("fee", ""), dict(catalog.FEES), _("费用种类")),
        "customer_kind": _code(said.get("customer_kind", ""), dict(catalog.KINDS_OF_CUSTOMER), _("客户类型")),
        "service_class": _code(said.get("service_class", ""), dict(catalog.CLASSES), _("服务类别")),
        "customer_grade": said.get("customer_grade", ""), "amount": _number(said.get("amount", "")) or Decimal("0.00"),
        "percent": _number(said.get("percent", "")), "valid_from": _date(cells, heads, said, "valid_from"),
        "valid_to": _date(cells, heads, said, "valid_to"),
    }
    if not said.get("fee") or values["valid_from"] is None or (not said.get("amount") and values["percent"] is None):
        raise ValueError(_("费用种类、生效日期和金额（或比例）必填"))
    for name in ("from_km", "to_km", "per_minutes"):
        number = _number(said.get(name, ""))
        values[name] = None if number is None else int(number)
    for name in ("from_time", "to_time"):
        values[name] = dt.time.fromisoformat(said[name][:5]) if said.get(name) else None
    values["is_urban"] = _code(said.get("is_urban", ""), _URBAN, _("城郊"), keys=True) if said.get("is_urban") else None
    values["work_type"] = _found(said.get("work_type", ""), catalog.find_work_type, _("工种"))
    values["category"] = _found(said.get("category", ""), catalog.find_category, _("品类"))
    values["region"] = _found(said.get("region", ""), _region, _("区域"))
    return values


def _code(text: str, labels: dict, head: str, *, keys: bool = False) -> Any:
    if not text:
        return ""
    for code, label in labels.items():
        if text.casefold() == str(code).casefold() or (not keys and text == str(label)):
            return label if keys else code
    raise ValueError(_("%(head)s「%(text)s」看不懂") % {"head": head, "text": text})


def _found(text: str, find: Any, head: str) -> Any:
    if not text:
        return None
    found = find(text)
    if found is None:
        raise ValueError(_("没有这个%(head)s：%(text)s") % {"head": head, "text": text})
    return found


def _region(text: str):
    if text.isdigit():
        return people.find_region(text)
    found = [one for one in people.search_regions(text) if text in (one.name, one.full_name)]
    return found[0] if len(found) == 1 else None


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "").replace("¥", "").rstrip("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_("「%(text)s」不是数字") % {"text": text})
    return number


def _date(cells: dict, heads: dict, said: dict, name: str) -> dt.date | None:
    return parsing.READS["date"](said[name], cells.get(heads[name])) if said.get(name) else None


def _stands(values: dict[str, Any], actor: Actor) -> bool:
    """Whether the very same line is in the schedule already, so that a file read twice adds nothing."""
    return catalog.list_labour_prices(actor).filter(**values).exists()
