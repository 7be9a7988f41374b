"""Print a new API token of an employee. It is told this once; only its digest is kept."""

import datetime as dt
from argparse import ArgumentParser, Namespace

NAME = "command line"


def add_arguments(parser: ArgumentParser) -> None:
    """Whose token, for what, for how long."""
    parser.add_argument("number", metavar="NUMBER", help="the employee's number")
    parser.add_argument("--scope", action="append", dest="scopes", metavar="SCOPE",
                        help="a permission, `read` or `*`; may be given several times (default: *)")
    parser.add_argument("--name", default=NAME, help="what it is for, shown on the page of tokens")
    parser.add_argument("--days", type=int, metavar="N", help="ends after so many days (default: never)")


def run(options: Namespace) -> int:
    """Make it and print its text alone, so that a script can take it."""
    from aftercare.domain.people import actions as people
    from aftercare.domain.people import queries as known
    from aftercare.foundation import clock
    from aftercare.foundation.access import Actor

    operator, now = Actor.system("command line"), clock.now()
    employee = known.get_employee(options.number, operator)
    ends = now + dt.timedelta(days=options.days) if options.days else None
    _token, text = people.make_token(
        employee, name=options.name, scopes=options.scopes or ["*"], expires_at=ends, actor=operator, at=now)
    print(text)
    return 0
