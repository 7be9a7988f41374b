"""A move of state, written once: the only place that writes a status.

In one transaction: permission and scope; state legal; **claim** the row by a conditional update that must hit one
row; **read it afresh**; run the body on the fresh copy; record the fact. The loser of a race gets `WrongState`;
a refusal rolls everything back. `open_new` and `revise` are the sisters for creation and for edits of named fields.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from aftercare.foundation import access, kept, statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, Stale, WrongState
from aftercare.foundation.rows import find_one
from aftercare.foundation.transactions import step


@dataclass(frozen=True)
class Move:
    """One legal move: name, the states it starts from, the state it ends in, the permission it needs.

    `label` is the button's text. `asks` names the inputs a person must be asked for (the doors build the form);
    `primary` marks the usual next step, `danger` one to be confirmed.
    """

    name: str
    sources: Iterable[str]
    target: str | None
    permission: str
    label: Any = ""
    asks: tuple[str, ...] = ()
    primary: bool = False
    danger: bool = False


# Every lifecycle of the house by its name, for doors that must put a recorded verb into words.
LIFECYCLES: dict[str, Lifecycle] = {}


class Lifecycle:
    """States and moves of one kind of document. A move whose target is None keeps the state."""

    def __init__(self, name: str, *, states, initial: str, ends: Iterable[str], moves: Iterable[Move]) -> None:
        self.name = name
        self.states = states
        self.initial = initial
        self.ends = frozenset(ends)
        self.moves = {move.name: move for move in moves}
        self.actions: dict[str, Callable] = {}
        self._watchers: list[Callable] = []
        LIFECYCLES[name] = self

    def watch(self, watcher: Callable) -> Callable:
        """Call `watcher(fresh, changes)` after every move, in its transaction; `changes` maps column to [old, new]."""
        self._watchers.append(watcher)
        return watcher

    def move(self, name: str):
        """Decorate the body of a move: `func(fresh, *, actor, at, …) -> fact`."""
        declared = self.moves[name]

        def decorate(body: Callable) -> Callable:
            @functools.wraps(body)
            def run(subject, *, actor: Actor, at: dt.datetime, version: int | None = None, **inputs):
                with step():
                    own = self._is_own(declared, subject, actor, version)
                    fresh, before = self._enter(declared, subject) if own else self._claim(declared, subject, actor, version)
                    with _Change(fresh) as change:
                        fact = body(fresh, actor=actor, at=at, **inputs)
                    if own:
                        change.write(before=before)
                    else:
                        change.write()
                        transactions.renew(fresh)
                    if before != fresh.status:
                        change.fields["status"] = [before, fresh.status]
                    _tell_settings(fresh)
                    for watcher in self._watchers:
                        watcher(fresh, change.fields)
                    record_about(
                        fresh, verb=f"{self.name}.{name}", actor=actor, at=at, fact=fact,
                        changes=change.fields, note=str(inputs.get("reason") or ""),
                    )
                return fresh

            run.move = declared
            run.lifecycle = self
            self.actions[name] = run
            return run

        return decorate

    def open_moves(self, subject, actor: Actor) -> list[Move]:
        """The moves this actor may make now: what the buttons and the API's detail answer show."""
        legal = [m for m in self.moves.values() if subject.status in m.sources and actor.holds(m.permission)]
        if not legal or all(_is_everywhere(actor, m.permission) for m in legal):
            return legal
        return [m for m in legal if _reaches(subject, actor, m.permission)]

    @staticmethod
    def _is_own(move: Move, subject, actor: Actor, version: int | None) -> bool:
        # A row that this very transaction inserted is seen by nobody else: no race, so claim, body and fields can be
        # one statement. Whatever is not plainly allowed takes the ordinary way, which knows the right refusal.
        return (
            transactions.is_born(subject) and subject.status in move.sources and version in (None, subject.version)
            and _reaches(subject, actor, move.permission) and actor.holds(move.permission)
        )

    @staticmethod
    def _enter(move: Move, subject):
        before = subject.status
        if move.target is not None:
            subject.status = move.target
        return subject, before

    def _claim(self, move: Move, subject, actor: Actor, version: int | None):
        model = type(subject)
        for _attempt in range(3):
            if subject.status not in move.sources:
                subject = self._reload(model, subject.pk, actor)
                if subject.status not in move.sources:
                    raise self._wrong_state(move, subject)
            told = {} if version is None else {"version": version}
            target = move.target if move.target is not None else subject.status
            fresh = statements.claim(model, {"status": target}, access.scope(model, actor, move.permission),
                                     pk=subject.pk, status=subject.status, **told)
            if fresh is not None:
                return _keep_joined(subject, fresh), subject.status
            newest = self._reload(model, subject.pk, actor)
            if version is not None and newest.version != version:
                raise stale(newest)
            if not access.visible(model, actor, move.permission).filter(pk=subject.pk).exists():
                raise access.not_allowed(move.permission)
            subject = newest
        raise self._wrong_state(move, subject)

    @staticmethod
    def _reload(model: type[Model], pk: int, actor: Actor):
        found = find_one(access.visible(model, actor).filter(pk=pk))
        if found is None:
            raise NotFound(_("没有找到"), kind=model._meta.label_lower)
        return found

    def _wrong_state(self, move: Move, subject) -> WrongState:
        state = dict(self.states.choices).get(subject.status, subject.status)
        return WrongState(
            _("当前状态是「%(state)s」，不能%(move)s") % {"state": state, "move": move.label or move.name},
            state=subject.status, move=move.name,
        )


def open_new(subject, *, actor: Actor, at: dt.datetime, permission: str, fact: Any = None, verb: str | None = None,
             people: Iterable[int | None] = (), note: str = ""):
    """Insert a new row and record it; refuses when the permission does not reach its branch.

    A row without branch (a shared register) needs the permission anywhere.
    """
    if subject.branch_shown is None:
        actor.require_anywhere(permission)
    else:
        actor.require(permission, branch_id=subject.branch_shown, people=people)
    with step():
        statements.insert(subject)
        transactions.bear(subject)
        _tell_settings(subject)
        record_about(subject, verb=verb or f"{subject.kind}.open", actor=actor, at=at,
                     fact=fact(subject) if callable(fact) else fact, note=note)
    return subject


def revise(subject, *, actor: Actor | None = None, at: dt.datetime | None = None, permission: str | None = None,
           version: int | None = None, verb: str | None = None, fact: Any = None, because: str = "", **fields):
    """Change named fields, before and after kept in the journal.

    Inside the body of a move on the same row it joins that move's record and needs nothing but the fields. Elsewhere
    it is a write of its own and needs actor, at and permission; `version` is the one the editor saw (Stale when old).
    `because` is kept with the fact. Many rows have a field `note` or `remark` of their own, which is written like any other.
    """
    change = _Change.open_for(subject)
    if change is not None:
        change.put(**fields)
        return subject
    model = type(subject)
    with step():
        wanted = version if version is not None else subject.version
        fresh = statements.claim(model, {}, access.scope(model, actor, permission), pk=subject.pk, version=wanted)
        if fresh is None:
            newest = Lifecycle._reload(model, subject.pk, actor)
            if newest.version != wanted:
                raise stale(newest)
            raise access.not_allowed(permission or "")
        with _Change(_keep_joined(subject, fresh)) as change:
            change.put(**fields)
        change.write()
        transactions.renew(fresh)
        _tell_settings(fresh)
        if change.fields or fact is not None:
            record_about(fresh, verb=verb or f"{subject.kind}.revise", actor=actor, at=at, fact=fact,
                         changes=change.fields, note=because)
    return fresh


def _tell_settings(subject) -> None:
    if subject.is_setting:
        kept.change()


def stale(newest) -> Stale:
    """The refusal for an edit of an old version."""
    return Stale(_("已被他人修改，请刷新后再试"), version=newest.version)


class _Change:
    """The named fields that a move's body changes on its own row: written in one statement at its end."""

    _stack: contextvars.ContextVar[tuple] = contextvars.ContextVar("open_changes", default=())

    def __init__(self, subject) -> None:
        self.subject = subject
        self.fields: dict[str, list] = {}
        self._names: list[str] = []

    def __enter__(self):
        self._token = self._stack.set((*self._stack.get(), self))
        return self

    def __exit__(self, *exc) -> None:
        self._stack.reset(self._token)

    @classmethod
    def open_for(cls, subject):
        for change in reversed(cls._stack.get()):
            if change.subject is subject:
                return change
        return None

    def put(self, **fields) -> None:
        for name, value in fields.items():
            field = self.subject._meta.get_field(name)
            column = field.attname if not name.endswith("_id") else name
            before = getattr(self.subject, column)
            setattr(self.subject, name, value)
            after = getattr(self.subject, column)
            # Derived columns (search grams, comparison keys) are written but are no history of their own.
            if before != after and field.editable:
                first = self.fields.get(column, [before])[0]
                self.fields[column] = [first, after]
            if name not in self._names:
                self._names.append(name)

    def write(self, *, before: str | None = None) -> None:
        """Write the fields; with `before`, the state left, also state and version of a row born in this transaction."""
        subject, model = self.subject, type(self.subject)
        attributes = dict.fromkeys(model._meta.get_field(name).attname for name in self._names)
        values = {name: getattr(subject, name) for name in attributes}
        if before is not None:
            version = self.subject.version
            values |= {"status": self.subject.status, "version": version + 1}
            if statements.update(model, values, pk=subject.pk, status=before, version=version) != 1:
                raise RuntimeError(f"{self.subject.kind} {self.subject.pk} was written past its lifecycle")
            self.subject.version = version + 1
        elif values:
            statements.update(model, values, pk=subject.pk)


def _keep_joined(old, fresh):
    """The fresh row with the related rows that were read with the old one, where they are still the same."""
    for name, related in old._state.fields_cache.items():
        column = getattr(type(fresh), name).field.attname if hasattr(getattr(type(fresh), name, None), "field") else ""
        if column and column in fresh.__dict__ and getattr(fresh, column) == old.__dict__.get(column):
            fresh._state.fields_cache[name] = related
    return fresh


def _is_everywhere(actor: Actor, permission: str) -> bool:
    reach = actor.reach(permission)
    return reach is not None and reach.everywhere


def _reaches(subject, actor: Actor, permission: str) -> bool:
    people = subject.people_shown() if hasattr(subject, "people_shown") else ()
    branches = subject.branches_shown()
    return not branches or any(actor.may(permission, branch_id=branch, people=people) for branch in branches)
