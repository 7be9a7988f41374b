"""An order at the customer's: dispatched, accepted, agreed, done, judged, paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from aftercare.demo import closing, words
from aftercare.demo.company import SYSTEM
from aftercare.domain.inventory import queries as stock
from aftercare.domain.quotes import queries as quoted
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import consent, finish_visit, prepare_parts, quoting, serve_waiting
from aftercare.foundation.clock import zone
from aftercare.foundation.sources import Source

if TYPE_CHECKING:
    from aftercare.demo.stories import Story

Steps = Iterator[dt.datetime]
# Appointments of a day, in minutes of local time; each leaves time for the longest job, an installation.
SLOTS = (8 * 60 + 45, 10 * 60 + 15, 13 * 60 + 15, 14 * 60 + 45, 16 * 60 + 15)


class Diary:
    """Which appointments of whom are taken."""

    def __init__(self) -> None:
        self._taken: dict[str, set] = defaultdict(set)

    def book(self, engineer: str, after: dt.datetime) -> dt.datetime:
        """The engineer's first free appointment later than `after`."""
        tz = zone("Asia/Shanghai")
        day = after.astimezone(tz).date()
        while True:
            for minutes in SLOTS:
                at = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), tz)
                if at > after and at not in self._taken[engineer]:
                    self._taken[engineer].add(at)
                    return at.astimezone(dt.UTC)
            day += dt.timedelta(days=1)


def tell(story: Story) -> Steps:
    """From the dispatch to the end."""
    plan, rng = story.plan, story.rng
    yield story.after(8, 90)
    story.dispatch()
    if plan.turn == "refused" and plan.kind != "outlet":
        yield story.after(10, 60)
        story.order = work.refuse(story.order, reason=rng.choice(words.REFUSALS), actor=story.worker, at=story.at)
        if plan.stop == "pending":
            return
        yield story.after(10, 120)
        story.dispatch(other_than=story.engineer)
    if plan.stop == "dispatched":
        return
    yield story.after(5, 60)
    story.accept()
    if plan.stop == "accepted":
        return
    if plan.turn == "cancel":
        yield story.after(10, 200)
        story.cancel()
        return
    if not plan.stop or plan.stop == "scheduled":
        yield story.after(5, 30)
        planned = story.diary.book(story.engineer, story.at + dt.timedelta(minutes=40))
        story.order = work.schedule(story.order, planned_at=planned, actor=story.worker, at=story.at)
        if plan.stop == "scheduled":
            return
        story.at = planned + dt.timedelta(minutes=rng.randint(-35, -15))
        yield story.at
    else:
        yield story.after(20, 40)
    story.order = work.set_out(story.order, actor=story.worker, at=story.at)
    if plan.stop == "en_route":
        return
    story.at += dt.timedelta(minutes=rng.randint(15, 45))
    yield story.at
    story.order = work.arrive(story.order, actor=story.worker, at=story.at)
    if plan.stop == "working":
        return
    yield from work_on(story)


def work_on(story: Story) -> Steps:
    """At work, on site or on the bench: parts, turns of fate, the end."""
    plan, rng = story.plan, story.rng
    if plan.turn == "hard":
        yield story.after(30, 90)
        story.move("escalate", story.worker, reason="疑难故障，请技术支持到场")
        if plan.stop == "hard":
            return
        yield story.after(200, 900)
        story.move("resume", story.worker)
    if plan.turn == "part":
        yield story.after(20, 60)
        prepare_parts.add(story.order, lines=[{"part": missing_part(story), "qty": 1}], actor=story.worker, at=story.at)
        story.move("wait_for_part", story.worker, reason="缺配件，已申请")
        if plan.stop == "waiting_part":
            return
        yield story.after(900, 2600)
        serve(story)
        yield story.after(60, 500)
        story.move("resume", story.worker)
    if plan.turn == "quote":
        yield story.after(15, 40)
        quote_repair(story)
        if plan.stop == "quoting":
            return
        yield story.after(30, 600)
        agreed = rng.random() < 0.7
        answer_quote(story, agreed)
        if not agreed:
            yield story.after(5, 20)
            if story.order.status == "working":  # on site the engineer ends it; on the bench it waits for its owner by now
                finish(story, result="unrepaired")
            yield from closing.tell(story)
            return
    yield story.after(25, 110)
    finish(story)
    yield from closing.tell(story)


def quote_repair(story: Story) -> None:
    """A main part is worn: its price and the labour are told before it is changed."""
    codes = [row[0] for row in words.PARTS if row[5] and row[2] in (story.unit.category, "")]
    part = story.made.parts[story.rng.choice(codes)]
    if is_there(story, part):
        prepare_parts.add(story.order, lines=[{"part": part, "qty": 1}], actor=story.worker, at=story.at)
    quoting.propose(orders.get_order(story.order.pk, SYSTEM), note=f"更换{part.name}，含人工", actor=story.worker, at=story.at)
    story.order = orders.get_order(story.order.pk, SYSTEM)


def answer_quote(story: Story, agreed: bool) -> None:
    """The customer answers: by his link, at the counter, or on the telephone with a recording."""
    quote = quoted.current_of(Source.of(story.order))
    channel = story.rng.choice(("portal", "call", "counter"))
    evidence = {"call": {"reference": f"REC{story.rng.randint(100000, 999999)}"}, "portal": {"address": "203.0.113.7"}}.get(channel)
    quoting.answer(
        quote, agreed=agreed, channel=channel, name=story.person.name[:20], reason="" if agreed else "客户嫌贵，不修", evidence=evidence,
        actor=SYSTEM if channel == "portal" else story.by("clerk"), at=story.at,
    )
    story.order = orders.get_order(story.order.pk, SYSTEM)


def missing_part(story: Story):
    """A part of the category that is not kept in stock."""
    rare = [code for code, _n, category, _p, _c, kept in words.PARTS if not kept and category == story.unit.category]
    return story.made.parts[rare[0] if rare else "KT-008"]


def serve(story: Story) -> None:
    """The part ordered for this job comes in; the line that waits gets it."""
    from aftercare.domain.inventory import actions as inventory

    source = Source.of(story.order)
    for request in stock.requests_of(source):
        if request.status == "open":
            # An outlet's store is filled by the head office.
            keeper = SYSTEM if story.order.outlet_id else story.by("keeper")
            cost = next(Decimal(row[4]) for row in words.PARTS if row[0] == request.part.code)
            inventory.receive(
                request.place, lines=[(request.part_id, request.qty, cost)], memo=f"为 {story.order.number} 订购",
                source=Source("inventory.partrequest", request.pk, request.number), actor=keeper, at=story.at)
            serve_waiting.serve(request, actor=keeper, at=story.at)


def finish(story: Story, *, result: str = "fixed") -> None:
    """The end of the work: what was found, which parts were used, who signed."""
    rng, made, category = story.rng, story.made, story.unit.category
    lines, name = [], "易损件"
    if result == "fixed" and story.plan.turn not in ("part", "quote") and rng.random() < 0.55 and story.plan.kind != "install":
        codes = [row[0] for row in words.PARTS if row[5] and row[2] in (category, "")]
        part = made.parts[rng.choice(codes)]
        if is_there(story, part):
            lines, name = [{"part": part, "qty": 1}], part.name
    if result == "fixed" and rng.random() < 0.05:
        result = rng.choice(("no_fault", "repairable", "end_of_life"))
    lines = ask_first(story, lines)
    cause = rng.choice(made.causes[category])
    values = {
        "findings": rng.choice(words.FINDINGS).format(part=name, cause=cause.name), "minutes": rng.randint(20, 120), "result": result,
        "cause": cause, "solution": rng.choice(made.solutions), "lines": lines, "actor": story.worker, "at": story.at,
    }
    if story.plan.kind == "bench":
        story.order = finish_visit.repair(story.order, **values).order
        return
    done = finish_visit.finish(story.order, signed_name=story.person.name[:20], **values)
    story.order = done.order
    closing.collect(story, done.bill)


def ask_first(story: Story, lines: list) -> list:
    """Who said above which price he wants to be asked is asked; gives back the lines that are still to be written."""
    if story.order.limit_amount is None or story.order.quote:
        return lines
    if lines:
        prepare_parts.add(story.order, lines=lines, actor=story.worker, at=story.at)
        story.order = orders.get_order(story.order.pk, SYSTEM)
    if consent.find_lack(story.order, on=story.at.astimezone(zone("Asia/Shanghai")).date()) is not None:
        quoting.propose(story.order, actor=story.worker, at=story.at)
        answer_quote(story, agreed=True)
    return []


def is_there(story: Story, part) -> bool:
    """Whether he finds the part in his van or in the store."""
    branch = story.order.outlet_id or story.order.branch_id
    places = stock.places_for(branch_id=branch, employee_id=story.order.engineer_id)
    return bool(stock.available([part.pk], [place.pk for place in places]))

