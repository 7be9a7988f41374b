"""One run of an import: many rows a transaction, bad rows handed back, safe to break off and run again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.catalog import actions as words
from aftercare.domain.journal import actions as journal
from aftercare.foundation import numbering, spreadsheet, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.foundation.tabular import reader
from aftercare.foundation.tabular.mapping import Mapping
from aftercare.foundation.tabular.reader import Row
from aftercare.imports import cases, fittings

BATCH = 200
KINDS: dict[str, type] = {"cases": cases.Importer, "fittings": fittings.Importer}


@dataclass
class Outcome:
    """What a run did: rows read, taken over, known from before, refused; the first refusals for the page."""

    read: int = 0
    taken: int = 0
    known: int = 0
    refused: int = 0
    examples: list[dict] = field(default_factory=list)

    def as_data(self) -> dict:
        """JSON form."""
        return {"read": self.read, "taken": self.taken, "known": self.known, "refused": self.refused, "examples": self.examples}


class _Undo(Exception):
    """Rolls a dry run's batch back."""


def run(
    path: Path, mapping: Mapping, *, branch_id: int, actor: Actor, at: dt.datetime, dry_run: bool = False,
    errors: Path | None = None, tell: Callable[[Outcome], None] = lambda outcome: None, batch: int = BATCH,
    limit: int | None = None,
) -> Outcome:
    """Read `path` by `mapping` and take its rows over.

    Each batch is one transaction; records known by their number from an earlier run are passed over, so that a run that
    was broken off goes on where it stopped. Bad rows go to `errors` (CSV: row, reason, the row itself). A dry run does
    the same work and rolls every batch back.
    """
    if mapping.kind not in KINDS:
        raise RuleBroken(_("不能导入这种登记：%(kind)s") % {"kind": mapping.kind}, code="unknown_kind", field="kind")
    bound = mapping.bound(reader.read_heads(path))
    importer = KINDS[mapping.kind](branch_id=branch_id, actor=actor, at=at)
    outcome = Outcome()
    with _Errors(errors, reader.read_heads(path)) as bad, numbering.blocks(batch):
        for rows in _batches(islice(reader.read_rows(path), limit), batch):
            _take_batch(rows, bound, importer, outcome, bad, dry_run)
            tell(outcome)
    return outcome


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def _take_batch(rows: list[Row], mapping: Mapping, importer: Any, outcome: Outcome, bad: _Errors, dry_run: bool) -> None:
    good: list[tuple[Row, dict]] = []
    for row in rows:
        outcome.read += 1
        try:
            good.append((row, mapping.read(row.cells)))
        except Refusal as refusal:
            bad.add(row, str(refusal), outcome)
    done = importer.find_done(importer.key_of(values) for _row, values in good)
    try:
        with transactions.whole(gathers=True), journal.batched(), words.gathered_uses():
            for row, values in good:
                _take_row(row, values, importer, done, outcome, bad)
            if dry_run:
                raise _Undo
    except _Undo:
        importer.forget()


def _take_row(row: Row, values: dict, importer: Any, done: set[str], outcome: Outcome, bad: _Errors) -> None:
    key = importer.key_of(values)
    if key and key in done:
        outcome.known += 1
        return
    try:
        with transactions.apart(), journal.unwritten():
            importer.take(values)
    except (Refusal, DataError, IntegrityError) as refusal:
        # What this row made before it was refused is rolled back; words remembered of it are gone too.
        importer.forget()
        bad.add(row, str(refusal), outcome)
        return
    outcome.taken += 1
    if key:
        done.add(key)


class _Errors:
    """The file of refused rows: row number, reason, and the row as it was, ready to be mended and read again."""

    EXAMPLES = 50

    def __init__(self, path: Path | None, heads: list[str]) -> None:
        self.path, self.heads = path, heads
        self._file: spreadsheet.CsvFile | None = None

    def __enter__(self) -> _Errors:
        if self.path is not None:
            heads = [head for head in self.heads if head not in reader.ERROR_HEADS]
            self._file = spreadsheet.CsvFile(self.path, [spreadsheet.Column(h) for h in (*reader.ERROR_HEADS, *heads)])
            self.heads = heads
        return self

    def __exit__(self, *exc) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, reason: str, outcome: Outcome) -> None:
        """Note a refused row."""
        outcome.refused += 1
        if len(outcome.examples) < self.EXAMPLES:
            outcome.examples.append({"row": row.number, "reason": reason})
        if self._file is not None:
            self._file.add([row.number, reason, *(row.cells.get(head, "") for head in self.heads)])
