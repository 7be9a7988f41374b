"""Tools, papers, loaners and customers' things with a scanner: the thing, then who takes it, or the thing again when it is back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.custody import access, actions
from aftercare.domain.custody import queries as things
from aftercare.domain.custody.rules import calculate_deposit
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import keep_things, lend_loaner
from aftercare.flows.scan_jobs.kinds import Told
from aftercare.flows.scan_loop import ONE
from aftercare.flows.scan_state import Job, State, Want
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, WrongState

_DOCUMENTS = frozenset({"work.workorder", "custody.custody"})
_PAGES = {"custody.tool": "tools", "custody.paper": "papers", "custody.loaner": "loaners"}


def _find(number: str, actor: Actor, *getters: Any) -> Any:
    for get in getters:
        try:
            return get(number, actor)
        except NotFound:
            continue
    raise NotFound(_("没有找到这件工具、资料或备用机"), kind="custody.thing")


def _address(thing: Any) -> str:
    return f"/{_PAGES[thing.kind]}/{thing.number}/"


def make_give(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """A tool or paper that lies in the store; the badge of who takes it is scanned."""
    thing = _find(number, actor, things.get_tool, things.get_paper)
    actor.require(access.LEND, branch_id=thing.branch_id)
    if thing.status != "in_store":
        raise WrongState(_("%(thing)s 现在是「%(state)s」，不能发放") % {"thing": thing, "state": thing.get_status_display()}, code="not_in_store")
    want = Want("who", 0, "", _("领用人工牌"), ONE, kinds=frozenset({"people.employee"}))
    return Job("give", thing.number, str(thing), _address(thing), (want,))


def book_give(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """It is his from now on: a tool for as long as he needs it, a paper as long as the rule says."""
    thing = _find(job.number, actor, things.get_tool, things.get_paper)
    run = actions.issue_tool if thing.kind == "custody.tool" else actions.lend_paper
    holding = run(thing, employee=people.get_employee(state.picks[-1].lot, actor), note=told.note, actor=actor, at=at)
    return f"/holdings/{holding.number}/"


def make_lend(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """A loaner that is free; the order or the receipt is scanned for which it is lent."""
    loaner = things.get_loaner(number.upper(), actor)
    actor.require(access.LEND, branch_id=loaner.branch_id)
    if loaner.status != "available":
        raise WrongState(_("%(thing)s 现在是「%(state)s」，不能出借") % {"thing": loaner, "state": loaner.get_status_display()}, code="not_available")
    deposit = calculate_deposit(things.rule_at(loaner.branch_id), loaner.value_amount, loaner.deposit_amount)
    title = _("%(thing)s，押金 ¥%(deposit)s") % {"thing": loaner, "deposit": deposit} if deposit else str(loaner)
    return Job("lend", loaner.number, title, _address(loaner), (Want("for", 0, "", _("服务单或收条"), ONE, kinds=_DOCUMENTS),))


def book_lend(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """Lent to the customer of that document, its deposit by the rule taken and receipted."""
    number = state.picks[-1].lot
    document = _find(number, actor, orders.get_order, things.get_custody)
    loan = lend_loaner.lend(things.get_loaner(job.number, actor), customer=document.customer, document=document, method=told.method or "cash",
                            note=told.note, actor=actor, at=at)
    return f"/holdings/{loan.number}/"


def _out(number: str, actor: Actor) -> Any:
    """The thing, and the row of the ledger by which it is out."""
    thing = _find(number, actor, things.get_tool, things.get_paper, things.get_loaner)
    if thing.holding_id is None or thing.holding.status != "out":
        raise WrongState(_("%(thing)s 没有借出") % {"thing": thing}, code="not_out")
    return thing


def make_take_back(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """A thing that is out; its own code is scanned when it lies on the counter again."""
    thing = _out(number, actor)
    actor.require(access.LEND, branch_id=thing.branch_id)
    want = Want("thing", 0, thing.number, thing.holding.item, ONE, lot=thing.number, kinds=frozenset({thing.kind}))
    return Job("take-back", thing.number, _("%(who)s 归还") % {"who": thing.holding.holder}, _address(thing), (want,))


def book_take_back(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """Back in the store as it went out; a loaner is looked at before its deposit goes back. Damage is told on the thing's page."""
    thing = _out(job.number, actor)
    holding = things.get_holding(thing.holding.number, actor)
    run = actions.bring_back if thing.kind == "custody.loaner" else keep_things.take_back
    run(holding, in_state=told.note, actor=actor, at=at)
    return f"/holdings/{holding.number}/"


def make_shelve(number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """A customer's thing in our hands; the bin is scanned where it is laid."""
    held = things.get_custody(number.upper(), actor)
    actor.require(access.RECEIVE, branch_id=held.branch_id)
    if held.status != "held":
        raise WrongState(_("这件商品已不在库"), code="not_held")
    want = Want("where", 0, "", _("存放货位"), ONE, hint=held.place, kinds=frozenset({"inventory.place"}))
    return Job("shelve", held.number, held.item, f"/custody/{held.number}/", (want,))


def book_shelve(job: Job, state: State, *, told: Told, actor: Actor, at: dt.datetime) -> str:
    """It lies there now."""
    actions.move_to(things.get_custody(job.number, actor), place=state.picks[-1].lot, actor=actor, at=at)
    return job.address
