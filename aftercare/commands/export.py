"""Write a register into a spreadsheet or CSV file: the same rows, filters and columns as its page, without a limit."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from aftercare.commands import CommandFailed


def add_arguments(parser: ArgumentParser) -> None:
    """Which register, where to, narrowed how, seen by whom."""
    parser.add_argument("kind", metavar="KIND", help="the register, as in its page's address: orders, customers …")
    parser.add_argument("file", metavar="FILE", type=Path, help=".xlsx or .csv")
    parser.add_argument("--query", default="", help="the list's query string, e.g. 'tab=open&q=138'")
    parser.add_argument("--as", dest="employee", metavar="NUMBER", help="with the rights of that employee (default: all)")


def run(options: Namespace) -> int:
    """Write it, telling the progress."""
    from django.http import QueryDict
    from django.urls import get_resolver

    from aftercare.domain.people import queries as people
    from aftercare.foundation import clock
    from aftercare.foundation.access import Actor
    from aftercare.web.pages.cells import Shown
    from aftercare.web.pages.registers import REGISTERS

    _ = get_resolver().url_patterns  # the pages declare their registers when they are loaded
    register = REGISTERS.get(options.kind)
    if register is None:
        raise CommandFailed(f"no register {options.kind!r}; there are: {', '.join(sorted(REGISTERS))}")
    operator = Actor.system("command line")
    actor = people.actor_for(people.get_employee(options.employee, operator)) if options.employee else operator
    actor.require_anywhere(register.permission)
    query = QueryDict(options.query.lstrip("?"))
    rows = register.narrowed(actor, query).order_by(*register.column_order(query.get("sort", "")), "pk")
    written = _write(options.file, register, rows, Shown(actor, clock.now()))
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    print(f"{written} rows written to {options.file}")
    return 0


def _write(file: Path, register, rows, shown) -> int:
    from aftercare.foundation import spreadsheet
    from aftercare.web.pages.exports import CELL_KINDS

    columns = [spreadsheet.Column(str(column.label), CELL_KINDS.get(column.kind, column.kind)) for column in register.columns]
    values = ([column.value(row, shown) for column in register.columns] for row in rows.iterator(2000))
    if file.suffix.lower() == ".xlsx":
        return spreadsheet.write_xlsx(file, columns, values, title=str(register.title), zone_name=shown.actor.zone, tell=_tell)
    if file.suffix.lower() != ".csv":
        raise CommandFailed(f"{file.name}: write .xlsx or .csv")
    written = 0

    def counted():
        nonlocal written
        for row in values:
            written += 1
            if written % 1000 == 0:
                _tell(written)
            yield row

    with file.open("wb") as target:
        target.writelines(spreadsheet.stream_csv(columns, counted(), zone_name=shown.actor.zone))
    return written


def _tell(written: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{written} rows", end="", file=sys.stderr, flush=True)
