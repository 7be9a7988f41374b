"""An order on the bench: taken in against a receipt, repaired, handed over at the counter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aftercare.demo import closing, field_work
from aftercare.domain.work import actions as work
from aftercare.flows import hand_back

if TYPE_CHECKING:
    from aftercare.demo.stories import Story


def intake_of(story: Story) -> dict:
    """What the clerk notes when the thing comes over the counter."""
    rng = story.rng
    return {
        "appearance": rng.sample(("外壳划痕", "面板轻微变形", "表面油污", "缺一个脚垫", "外观完好"), 2),
        "accessories": rng.sample(("电源线", "遥控器", "说明书", "滤网", "包装箱"), rng.randint(1, 2)),
        "place": f"{rng.choice('ABCD')}{rng.randint(1, 6)}-{rng.randint(1, 9)}",
    }


def tell(story: Story) -> Iterator[dt.datetime]:
    """From the repairer's taking it to the end."""
    yield story.after(20, 240)
    story.engineer = story.choose_engineer()
    story.order = work.take(
        story.order, engineer=story.company.staff[story.engineer], actor=story.by("dispatcher"), at=story.at)
    if story.plan.turn == "cancel":
        yield story.after(60, 300)
        story.cancel()
        return
    yield story.after(20, 400)
    story.order = work.start(story.order, actor=story.worker, at=story.at)
    yield from field_work.work_on(story)


def hand_over(story: Story) -> Iterator[dt.datetime]:
    """The owner comes for it, pays at the desk and gives the receipt back."""
    if story.plan.stop == "repaired":
        return
    yield story.after(120, 2400)
    owed = story.order.amount  # nothing was paid before
    leaves = story.plan.turn == "owed" and owed
    receipt = {"code": story.custody.code} if story.rng.random() < 0.95 else {"no_receipt_reason": "收条遗失，核对身份证"}
    done = hand_back.collect(
        story.order, amount=None if leaves else owed or None, method=story.rng.choice(closing.METHODS),
        returned_to=story.person.name[:20], owed_reason="月结客户" if leaves else "", actor=story.by("clerk"), at=story.at, **receipt,
    )
    story.order = done["order"]
    story.unit.held = False
