"""Plain rows to move, edit and page: branches and contacts, made without their rooms' rules."""

import datetime as dt
import threading

from django.apps import apps
from django.db import connections

from aftercare.foundation.access import Actor, Reach

AT = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
SYSTEM = Actor.system("test")


def branch(number="B1", **fields):
    return apps.get_model("people.Branch").objects.create(number=number, name=number, kind_of="branch", **fields)


def statement(branch, number="1", month=dt.date(2026, 3, 1), **fields):
    """A monthly statement: the smallest thing with a lifecycle."""
    employee = apps.get_model("people.Employee").objects.create(number=f"E{number}", name="E", branch=branch)
    return apps.get_model("settlement.Statement").objects.create(
        number=f"ST{number}", employee=employee, branch=branch, month=month, **fields
    )


def holder(*codes, branch_id=None, people=()):
    reach = Reach(branches=frozenset({branch_id} if branch_id else ()), people=frozenset(people))
    return Actor("employee", 99, "x", employee_id=99, branch_id=branch_id, reaches=dict.fromkeys(codes, reach))


def race(count, act):
    """Run `act(n)` in that many threads at the same moment; gives back results and exceptions, by n."""
    outcomes = [None] * count
    gate = threading.Barrier(count)

    def run(n):
        try:
            gate.wait(timeout=60)
            outcomes[n] = act(n)
        except Exception as error:
            outcomes[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
