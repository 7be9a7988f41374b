"""Random sequences of stock verbs against a plain model: whatever is called in whatever order, the books hold."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.tests.stock import NOW, SYSTEM, Stock, order
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

AUDITOR = Actor("employee", 90_002, "审核员", employee_id=90_002, reaches=SYSTEM.reaches)
quantities = st.sampled_from([D("0.1"), D("0.3"), D(1), D(2), D(3)])
totals = st.one_of(st.just(D(0)), quantities)
parts = st.sampled_from(["a", "b"])
places = st.sampled_from(["depot", "van", "other"])
orders = st.integers(1, 3)
lines = st.sampled_from(["1", "2"])


class StockMachine(RuleBasedStateMachine):
    """The model: on hand by (place, part); promised and used by (order, line)."""

    @initialize()
    def start(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stock = Stock("M")
        self.on_hand = defaultdict(D)
        self.promised: dict[tuple, tuple] = {}
        self.used: dict[tuple, list] = defaultdict(list)
        self.bad: dict[tuple, D] = defaultdict(D)
        self.minute = 0

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def ids(self, place, part):
        return getattr(self.stock, place), getattr(self.stock, part)

    def free(self, place, part):
        return self.on_hand[place, part] - sum(
            qty for (where, what, qty) in self.promised.values() if (where, what) == (place, part)
        )

    @rule(place=places, part=parts, qty=quantities)
    def receive(self, place, part, qty):
        where, what = self.ids(place, part)
        inventory.receive(where, lines=[(what.pk, qty, D("1.5"))], **NOW)
        self.on_hand[place, part] += qty

    @rule(here=places, there=places, part=parts, qty=quantities)
    def transfer(self, here, there, part, qty):
        (where, what), (goal, _part) = self.ids(here, part), self.ids(there, part)
        try:
            inventory.transfer(from_place=where, to_place=goal, lines=[(what.pk, qty)], **NOW)
        except RuleBroken as refusal:
            assert refusal.code == ("same_place" if here == there else "short_stock")
            assert here == there or self.free(here, part) < qty
        else:
            assert self.free(here, part) >= qty
            self.on_hand[here, part] -= qty
            self.on_hand[there, part] += qty

    @rule(place=places, part=parts, qty=totals)
    def count(self, place, part, qty):
        where, what = self.ids(place, part)
        promised = self.on_hand[place, part] - self.free(place, part)
        try:
            inventory.count(where, lines=[(what.pk, qty)], reason="盘点", **NOW)
        except inventory.Shortage:
            assert qty < promised
        else:
            assert qty >= promised, "a count goes down to what is promised, not below"
            self.on_hand[place, part] = qty

    @rule(place=places, part=parts, found=totals, moved=totals, undo=st.booleans())
    def stocktake(self, place, part, found, moved, undo):
        where, what = self.ids(place, part)
        inventory.set_count_rule(where.branch_id, recount_percent=None, recount_amount=None, **NOW)
        take = inventory.plan_stocktake(where, scope="parts", parts=[what.pk], **NOW)
        before = self.on_hand[place, part]
        self.minute += 2
        counted, later = ({"actor": NOW["actor"], "at": NOW["at"] + dt.timedelta(minutes=self.minute + n)} for n in (0, 1))
        inventory.record_counts(take, lines=[inventory.CountLine(what.pk, found)], **counted)
        # What comes and goes after the count does not change what it found.
        if moved:
            inventory.receive(where, lines=[(what.pk, moved, D("1.5"))], **later)
            self.on_hand[place, part] += moved
        take = inventory.finish_round(take, **NOW)
        left = self.on_hand[place, part] + found - before
        promised = self.on_hand[place, part] - self.free(place, part)
        try:
            take = inventory.approve_stocktake(take, reason="盘点", actor=AUDITOR, at=NOW["at"])
        except RuleBroken as refusal:
            assert refusal.code == "below_reserved" and left < promised
            inventory.cancel_stocktake(take, reason="占用未释放", **NOW)
            return
        assert left >= promised, "a stocktake goes down to what is promised, not below"
        self.on_hand[place, part] = left
        if undo and found != before:
            try:
                inventory.reverse_stocktake(take, reason="盘错", **NOW)
            except inventory.Shortage:
                assert before + moved < promised
            else:
                self.on_hand[place, part] = before + moved

    @rule(place=places, part=parts, qty=quantities, kind=st.sampled_from(["receipt", "scrap", "spoil", "mend", "issue"]), undo=st.booleans())
    def paper(self, place, part, qty, kind, undo):
        where, what = self.ids(place, part)
        goal = "van" if place != "van" else "depot"
        states = {"spoil": ("good", "defective"), "mend": ("defective", "good")}.get(kind, ("good", "good"))
        document = inventory.open_document(
            kind="state" if kind in ("spoil", "mend") else kind, dated_on=NOW["at"].date(), memo="",
            from_place=None if kind == "receipt" else where, to_place=where if kind == "receipt" else self.ids(goal, part)[0],
            from_condition=states[0], to_condition=states[1], lines=[{"part_id": what.pk, "qty": qty}], **NOW,
        )
        # What the paper takes from and brings to: (book, key) each.
        good, bad = (self.on_hand, (place, part)), (self.bad, (place, part))
        takes = {"receipt": None, "mend": bad}.get(kind, good)
        brings = {"receipt": good, "mend": good, "spoil": bad, "issue": (self.on_hand, (goal, part)), "scrap": None}[kind]
        if not self._book(lambda: inventory.post_document(document, **NOW), takes, brings, qty):
            inventory.cancel_document(document, reason="缺货", **NOW)
        elif undo:
            document.refresh_from_db()
            self._book(lambda: inventory.reverse_document(document, reason="错", **NOW), brings, takes, qty)

    def _book(self, verb, takes, brings, qty) -> bool:
        """Play one booking on both sides; it must be refused exactly when what it takes is not free."""
        enough = takes is None or (self.free(*takes[1]) if takes[0] is self.on_hand else takes[0][takes[1]]) >= qty
        try:
            verb()
        except inventory.Shortage:
            assert not enough
            return False
        assert enough
        for side, sign in ((takes, -1), (brings, 1)):
            if side is not None:
                side[0][side[1]] += sign * qty
        return True

    @rule(number=orders, wishes=st.dictionaries(lines, st.tuples(places, parts, totals), min_size=1))
    def reserve(self, number, wishes):
        after = dict(self.promised)
        for line, (place, part, qty) in wishes.items():
            after[number, line] = (place, part, qty)
        before, self.promised = self.promised, after
        fits = all(self.free(place, part) >= 0 for place, part, _qty in after.values())
        rows = [(line, self.ids(*wish[:2])[1].pk, self.ids(*wish[:2])[0].pk, wish[2]) for line, wish in wishes.items()]
        try:
            inventory.reserve(source=order(number), lines=rows, **NOW)
        except inventory.Shortage:
            assert not fits
            self.promised = before
        else:
            assert fits

    @rule(number=orders)
    def release(self, number):
        inventory.release(source=order(number), **NOW)
        self.promised = {key: wish for key, wish in self.promised.items() if key[0] != number}

    @rule(number=orders, place=places)
    def issue(self, number, place):
        inventory.issue(source=order(number), to_place_id=getattr(self.stock, place).pk, **NOW)
        for key, (where, part, qty) in self.promised.items():
            if key[0] == number:
                self.on_hand[where, part] -= qty
                self.on_hand[place, part] += qty
                self.promised[key] = (place, part, qty)

    @rule(number=orders, line=lines, place=places, share=st.sampled_from([D("0.5"), D(1)]))
    def issue_in_two(self, number, line, place, share):
        where, _part, qty = self.promised.get((number, line), (place, "", D(0)))
        if where != place and share < qty:
            inventory.issue(source=order(number), to_place_id=getattr(self.stock, place).pk, parts=[(line, None, share)], **NOW)
        self.issue(number, place)

    @rule(number=orders, place=places)
    def return_unused(self, number, place):
        self.issue(number, place)
        inventory.return_unused(source=order(number), to_place_id=getattr(self.stock, place).pk, **NOW)
        self.promised = {key: wish for key, wish in self.promised.items() if key[0] != number}

    @rule(number=orders)
    def use_what_is_promised(self, number):
        mine = {key: wish for key, wish in self.promised.items() if key[0] == number and wish[2]}
        changed = {key for key, wish in mine.items() if any(part != wish[1] for _place, part, _qty in self.used[key])}
        if changed:
            return  # a line that now uses another part is the business of `use`
        inventory.consume(source=order(number), **NOW)
        for key, (place, part, qty) in mine.items():
            self.on_hand[place, part] -= qty
            self.used[key].append((place, part, qty))
            self.promised[key] = (place, part, D(0))

    @rule(number=orders, line=lines, place=places, part=parts, total=totals)
    def use(self, number, line, place, part, total):
        key = (number, line)
        where, what = self.ids(place, part)
        kept = dict(self.on_hand), dict(self.promised), list(self.used[key])
        self._use(key, place, part, total)
        fits = all(self.free(*spot) >= 0 for spot in list(self.on_hand))
        try:
            inventory.consume(source=order(number), lines=[(line, what.pk, total, where.pk)], **NOW)
        except inventory.Shortage:
            assert not fits
            self.on_hand, self.promised, self.used[key] = defaultdict(D, kept[0]), kept[1], kept[2]
        else:
            assert fits

    def _use(self, key, place, part, total):
        for what in {p for _w, p, _q in self.used[key]} - {part}:
            self._bring_back(key, what, sum(q for _w, p, q in self.used[key] if p == what))
        more = total - sum((q for _w, p, q in self.used[key] if p == part), D(0))
        if more < 0:
            self._bring_back(key, part, -more)
        elif more > 0:
            if key in self.promised:
                where, what, qty = self.promised[key]
                self.promised[key] = (where, what, qty - min(qty, more))
            self.on_hand[place, part] -= more
            self.used[key].append((place, part, more))

    def _bring_back(self, key, part, back):
        left = []
        for where, what, qty in reversed(self.used[key]):
            gone = min(qty, back) if what == part else D(0)
            back -= gone
            self.on_hand[where, what] += gone
            left.append((where, what, qty - gone))
        self.used[key] = [row for row in reversed(left) if row[2]]

    @rule(number=orders)
    def take_back(self, number):
        inventory.take_back(source=order(number), **NOW)
        for key in [key for key in self.used if key[0] == number]:
            for where, what, qty in self.used.pop(key):
                self.on_hand[where, what] += qty
        self.promised = {key: wish for key, wish in self.promised.items() if key[0] != number}

    @invariant()
    def balances_equal_the_model(self):
        if not hasattr(self, "stock"):
            return
        for place in ("depot", "van", "other"):
            for part in ("a", "b"):
                where, what = self.ids(place, part)
                assert queries.on_hand(what.pk, where.pk) == self.on_hand[place, part]
                assert queries.on_hand(what.pk, where.pk, "defective") == self.bad[place, part]
                free = queries.available([what.pk], [where.pk]).get((what.pk, where.pk), D(0))
                assert free == self.free(place, part)

    @invariant()
    def books_hold(self):
        assert checks.check_balances() + checks.check_reservations() + checks.check_costs() == []


def run_machine(examples: int, steps: int) -> None:
    """Play that many random sequences of that many verbs."""
    run_state_machine_as_test(StockMachine, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), derandomize=examples < 50,
    ))


@pytest.mark.slow
@pytest.mark.both
@pytest.mark.django_db
def test_random_sequences_keep_the_books():
    run_machine(examples=8, steps=12)
