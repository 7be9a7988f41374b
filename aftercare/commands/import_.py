"""Read an existing register from a CSV or spreadsheet file. Bad rows come back in a file; a second run makes nothing double."""

import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from aftercare.commands import CommandFailed


def add_arguments(parser: ArgumentParser) -> None:
    """What to read, and how."""
    parser.add_argument("kind", metavar="KIND", help="the register: cases, fittings")
    parser.add_argument("file", metavar="FILE", type=Path, help=".csv, .csv.gz, .xlsx, .xls, .ods")
    parser.add_argument("--mapping", metavar="NAME", help="a shipped mapping or a JSON file; without it headings are guessed")
    parser.add_argument("--branch", metavar="NUMBER", help="the branch the records belong to (default: the head office)")
    parser.add_argument("--dry-run", action="store_true", help="do everything, change nothing")
    parser.add_argument("--errors", metavar="FILE", type=Path, help="where refused rows go (default: FILE.errors.csv)")
    parser.add_argument("--limit", metavar="N", type=int, help="only the first N rows")


def run(options: Namespace) -> int:
    """Import, telling the progress; status 1 when rows were refused."""
    from aftercare.commands import migrate
    from aftercare.domain.people import actions as people_actions
    from aftercare.domain.people import queries as people
    from aftercare.flows import registers
    from aftercare.foundation import clock
    from aftercare.foundation.access import Actor
    from aftercare.foundation.tabular import reader
    from aftercare.imports import runner

    migrate.bring_up_to_date(verbose=False)
    actor = Actor.system("import")
    chosen = registers.load(options.mapping) if options.mapping else registers.guess(reader.read_heads(options.file), options.kind)
    if chosen.kind != options.kind:
        raise CommandFailed(f"mapping {options.mapping} is for {chosen.kind}, not for {options.kind}")
    branches = people.list_branches(actor)
    branch = branches.filter(number=options.branch).first() if options.branch else branches.order_by("path").first()
    if branch is None and not options.branch:
        branch = people_actions.create_branch(number="HQ", name="总部", kind_of="head_office", actor=actor, at=clock.now())
    if branch is None:
        raise CommandFailed(f"no branch {options.branch}")
    errors = options.errors or options.file.with_name(options.file.name + ".errors.csv")
    if not options.errors and not _is_writable(errors):
        errors = Path.cwd() / errors.name
    progress = _Progress(reader.count_rows(options.file))
    outcome = runner.run(
        options.file, chosen, branch_id=branch.pk, actor=actor, at=clock.now(), dry_run=options.dry_run, errors=errors,
        tell=progress.tell, limit=options.limit,
    )
    progress.end()
    _tell(outcome, errors, options.dry_run, progress.seconds)
    return 1 if outcome.refused else 0


def _is_writable(path: Path) -> bool:
    import os

    return os.access(path.parent, os.W_OK)


def _tell(outcome, errors: Path, is_dry: bool, seconds: float) -> None:
    print(f"{outcome.read} rows read in {seconds:.1f} s ({outcome.read / max(seconds, 0.001):.0f} rows/s)")
    print(f"{outcome.taken} {'would be taken over' if is_dry else 'taken over'}, {outcome.known} known from before, "
          f"{outcome.refused} refused")
    for example in outcome.examples[:5]:
        print(f"  row {example['row']}: {example['reason']}")
    if outcome.refused:
        print(f"refused rows with reasons: {errors}")
    else:
        errors.unlink(missing_ok=True)


class _Progress:
    """A line that is written over while the import runs; nothing where nobody watches."""

    def __init__(self, total: int | None) -> None:
        self.total, self.began, self.shown = total, time.monotonic(), sys.stderr.isatty()
        self.seconds = 0.0

    def tell(self, outcome) -> None:
        """Show how far the run is."""
        self.seconds = time.monotonic() - self.began
        if self.shown:
            share = f" of {self.total}" if self.total else ""
            rate = outcome.read / max(self.seconds, 0.001)
            print(f"\r{outcome.read}{share} rows, {rate:.0f}/s, {outcome.refused} refused ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        self.seconds = time.monotonic() - self.began
        if self.shown:
            print(file=sys.stderr)
