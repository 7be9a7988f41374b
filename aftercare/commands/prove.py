"""Prove a promise by breaking things on purpose. The proofs live in `bench/prove/` of the project's sources."""

from argparse import REMAINDER, ArgumentParser, Namespace

from aftercare.commands import bench

DJANGO = False
FOLDER, PACKAGE = "bench/prove", "bench.prove"


def add_arguments(parser: ArgumentParser) -> None:
    """A name and its own arguments; `--short` alone runs all of them in their short form."""
    parser.add_argument("--short", action="store_true", help="run all proofs, each in its short form")
    parser.add_argument("rest", nargs=REMAINDER, metavar="NAME …")


def run(options: Namespace) -> int:
    """Run one proof, or all of them shortly; without anything, list them."""
    names = bench.list_names(FOLDER)
    if options.rest:
        argv = options.rest[1:] + (["--short"] if options.short else [])
        return bench.run_one(PACKAGE, names, options.rest[0], argv)
    if not options.short:
        print("\n".join(names) or "no proofs yet")
        return 0
    failed = [name for name in names if bench.run_one(PACKAGE, names, name, ["--short"])]
    print(f"{len(names) - len(failed)} of {len(names)} proofs hold" + (f"; not: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0
