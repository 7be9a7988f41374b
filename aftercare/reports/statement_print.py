"""An engineer's month for print: totals, and every line with the explanation it can be recomputed from."""

from __future__ import annotations

from dataclasses import dataclass

from aftercare.domain.settlement import queries as settlement
from aftercare.foundation.access import Actor
from aftercare.foundation.money import in_capitals


@dataclass(frozen=True)
class PrintedLine:
    """A line of the month; `steps` are (label, value)."""

    at: object
    number: str
    kind: str
    amount: object
    steps: list[tuple[str, str]]


@dataclass(frozen=True)
class PrintedStatement:
    """What the print template needs."""

    statement: object
    lines: list[PrintedLine]
    capitals: str
    is_equal: bool
    problems: tuple[str, ...]


def prepare(number: str, actor: Actor) -> PrintedStatement:
    """The statement of that number, recomputed on the way; refuses what the actor may not see."""
    statement = settlement.get_statement(number, actor)
    lines = [
        PrintedLine(line.at, line.source_number, line.get_kind_of_display(), line.amount, settlement.explain(line))
        for line in settlement.list_lines(statement)
    ]
    proof = settlement.recompute(statement)
    return PrintedStatement(statement, lines, in_capitals(statement.total_amount), proof.is_equal, proof.problems)
