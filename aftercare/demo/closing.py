"""After the work: inspected, audited, settled, closed; money brought to the desk; what a customer says on the telephone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aftercare.demo import bench, words
from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.cases import actions as cases
from aftercare.domain.cases import queries as contacts
from aftercare.domain.feedback import actions as feedback
from aftercare.domain.feedback import queries as callbacks
from aftercare.domain.work import actions as work
from aftercare.flows import answer_callback, charging
from aftercare.foundation.sources import Source

if TYPE_CHECKING:
    from aftercare.demo.stories import Story

Steps = Iterator[dt.datetime]
METHODS = ("cash", "wechat", "alipay")


def collect(story: Story, bill) -> None:
    """The engineer takes the money at the door, unless the customer pays later."""
    owed = bill.due_amount
    if owed and story.plan.turn != "owed" and story.order.result != "unrepaired":
        story.collection = billing.collect(
            bill, amount=owed, method=story.rng.choice(METHODS), actor=story.worker,
            collected_by_id=story.worker.employee_id, at=story.at)


def tell(story: Story) -> Steps:
    """From the end of the work to the end of the paper."""
    plan = story.plan
    if plan.kind == "bench":
        yield from bench.hand_over(story)
        if story.order.status != "done":
            return
    if plan.stop == "done":
        return
    inspector = story.by("dispatcher")
    yield story.after(60, 400)
    if plan.turn == "rework":
        story.move("send_back", inspector, reason="回访用户反映仍有异响，请复查")
        if plan.stop == "rework":
            return
        yield story.after(120, 500)
        story.order = work.restart(story.order, actor=story.worker, at=story.at)
        yield story.after(40, 120)
        story.plan.turn = ""
        story.move("complete", story.worker, findings="复查后重新紧固并试机，异响消除", minutes=40)
        yield story.after(60, 200)
    yield from remit(story)
    story.move("inspect", inspector)
    if plan.stop == "inspected":
        return
    yield story.after(200, 900)
    story.move("audit", story.by("auditor"))
    story.audited = True
    if plan.stop == "audited":
        return
    if plan.turn == "reverse":
        yield story.after(60, 300)
        story.move("reverse_audit", story.by("auditor"), reason="收费项目录错，重新审核")
        yield story.after(30, 60)
        story.move("audit", story.by("auditor"))
    yield story.after(300, 1200)
    yield from settle(story)


def remit(story: Story) -> Steps:
    """Cash goes to the desk the next day."""
    collection = getattr(story, "collection", None)
    if collection is not None and collection.method == "cash":
        yield story.after(10, 300)
        billing.remit([collection], actor=story.by("accountant"), at=story.at)


def settle(story: Story) -> Steps:
    """Paid, or owed for a reason; closed some days later."""
    plan, rng = story.plan, story.rng
    if story.order.amount and charging.owed(story.order):
        if story.person.kind != "company" and rng.random() < 0.5 and plan.stop not in ("settled", "closed"):
            return  # one of the unsettled
        if rng.random() < 0.5:
            billing.collect(bills.find_bill(Source.of(story.order)), amount=charging.owed(story.order), method="transfer",
                            at_desk=True, actor=story.by("accountant"), at=story.at)
            story.move("settle", story.by("accountant"))
        else:
            story.move("settle", story.by("accountant"), owed_reason="月结客户")
    else:
        story.move("settle", story.by("accountant"))
    if plan.stop == "settled":
        return
    yield story.after(1500, 3500)
    story.move("close", story.by("accountant"))


def call_back(story: Story, now: dt.datetime) -> None:
    """The caller asks how it was; who is not satisfied has a complaint, which is answered some days later."""
    rng, caller = story.rng, story.by("caller")
    callback = callbacks.find_callback(Source.of(story.order), cycle=story.order.audit_round)
    if callback is None or callback.status != "open":
        return
    at = callback.due_at - dt.timedelta(minutes=rng.randint(10, 400))
    at = max(at, callback.created_at + dt.timedelta(minutes=30))
    # A few of the last days' wait still; nobody leaves a customer waiting for months.
    if at > now or (rng.random() < 0.25 and now - at < dt.timedelta(days=8)):
        return
    if rng.random() < 0.08:
        callback = feedback.miss(callback, actor=caller, at=at)
        at = callback.due_at + dt.timedelta(minutes=30)
        if at > now:
            return
        if rng.random() < 0.3:
            feedback.give_up(callback, actor=caller, at=at)
            return
    level = rng.choices((4, 3, 2, 1), (60, 27, 9, 4))[0]
    marks = {aspect: min(4, max(level, rng.choice((level, level, 4)))) for aspect in ("attitude", "skill", "punctuality", "promise")}
    if level == 1:
        marks[rng.choice(tuple(marks))] = 1
    got = answer_callback.answer(callback, **marks, comment=rng.choice(words.COMMENTS[level]), actor=caller, at=at)
    later = at + dt.timedelta(hours=rng.randint(5, 60))
    if got["complaint"] is not None and later < now:
        contact = cases.take_up(contacts.get_contact(got["complaint"].pk, caller), actor=caller, at=at + dt.timedelta(hours=1))
        cases.solve(contact, outcome="answered", answer="已电话致歉，安排主任上门复查，客户表示接受", actor=caller, at=later)
