"""98,712 real events of 16,000 and more incidents, held against our states: what happens in life must be sayable here.

Each state of that log stands for one or more states of ours. A step of the log is sayable when moves lead from one of
ours to one of the other's (people skip steps in a log that a house like ours records one by one). What is not sayable is
listed below with the reason why we refuse it.
"""

import csv
import gzip
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from aftercare.domain.cases.lifecycle import CONTACT
from aftercare.domain.work.lifecycle import ORDER
from aftercare.domain.work.lifecycle import Status as S

LOG = Path(__file__).resolve().parents[3] / "shared" / "data" / "servicenow_incidents" / "events.csv.gz"
pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the real incident log is not beside this checkout")

MEANT = {
    "New": {S.PENDING},
    "Active": {S.DISPATCHED, S.ACCEPTED, S.WORKING},
    # The customer owes an answer: to an appointment or to a quote.
    "Awaiting User Info": {S.SCHEDULED, S.QUOTING},
    "Awaiting Vendor": {S.WAITING_PART, S.HARD},
    "Awaiting Problem": {S.HARD},
    "Awaiting Evidence": {S.HARD, S.QUOTING},
    "Resolved": {S.DONE, S.REPAIRED},
    "Closed": {S.CLOSED},
}
REFUSED = {
    # A closed order is settled money. Who calls again gets a new order that is joined to the old one (repeat_of), so
    # that neither commission nor statement of a settled month changes.
    ("Closed", "Active"): "a new order, joined as a repeat",
}
# Rows whose state is a slip of the exporting system.
SLIPS = {"-100"}


@cache
def leads(before: str, after: str) -> bool:
    """Whether moves lead from what `before` means to what `after` means."""
    reached, edge = set(MEANT[before]), set(MEANT[before])
    while edge:
        edge = {
            move.target for move in ORDER.moves.values() if move.target and move.name != "cancel"
            for state in edge if state in move.sources
        } - reached
        reached |= edge
    return bool(reached & MEANT[after])


def read_steps() -> Counter:
    """How often each change of state happens in the log; first states are changes from nothing."""
    steps: Counter = Counter()
    last: dict[str, str] = {}
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number, state = row["number"], row["incident_state"]
            if state in SLIPS:
                continue
            if last.get(number) != state:
                steps[last.get(number, ""), state] += 1
            last[number] = state
    return steps


def test_every_real_change_of_state_is_sayable_or_refused_with_a_reason():
    steps = read_steps()
    refused = {step for step in steps if step[0] and not leads(*step)}
    assert refused == set(REFUSED)
    assert sum(steps[step] for step in refused) / sum(steps.values()) < 0.001


def test_every_first_state_can_be_reached_from_registration():
    first = {after for before, after in read_steps() if not before}
    assert all(leads("New", state) for state in first)


def test_a_contact_can_be_opened_ended_and_taken_up_again_as_tickets_are():
    moves = {(source, move.target) for move in CONTACT.moves.values() for source in move.sources if move.target}
    for step in [("new", "open"), ("new", "done"), ("open", "done"), ("done", "open")]:
        assert step in moves, step
