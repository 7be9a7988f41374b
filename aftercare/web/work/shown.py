"""How an order looks wherever it is shown: address, tone of its state, its steps, what is masked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.parties import access as parties
from aftercare.domain.parties import rules as phones
from aftercare.domain.work import queries
from aftercare.domain.work.lifecycle import Status as S
from aftercare.foundation.access import Actor

TONES = {
    S.PENDING: "violet", S.DISPATCHED: "info", S.ACCEPTED: "info", S.SCHEDULED: "info", S.EN_ROUTE: "brand",
    S.WORKING: "brand", S.WAITING_PART: "bad", S.HARD: "bad", S.QUOTING: "warn", S.REPAIRED: "warn", S.DONE: "warn",
    S.REWORK: "bad", S.INSPECTED: "ok", S.AUDITED: "ok", S.SETTLED: "ok", S.CLOSED: "mute", S.CANCELLED: "struck",
}  # fmt: skip
CLASS_TONES = {"A": "mute", "B": "brand", "C": "ok", "D": "violet"}
# The line of steps: label and the states that stand at it.
_STEPS = (
    (gettext_lazy("受理"), ()),
    (gettext_lazy("待派"), (S.PENDING,)),
    (gettext_lazy("派工"), (S.DISPATCHED, S.ACCEPTED, S.SCHEDULED)),
    (gettext_lazy("服务"), (S.EN_ROUTE, S.WORKING, S.WAITING_PART, S.HARD, S.QUOTING, S.REWORK)),
    (gettext_lazy("检验"), (S.REPAIRED, S.DONE)),
    (gettext_lazy("审核"), (S.INSPECTED,)),
    (gettext_lazy("结算"), (S.AUDITED,)),
    (gettext_lazy("关闭"), (S.SETTLED,)),
)


def address_of(order: Any) -> str:
    """The page of an order."""
    return f"/orders/{order.number}/"


def status_of(order: Any) -> dict:
    """Label and tone of the state."""
    return {"label": order.get_status_display(), "tone": TONES.get(order.status, "mute")}


def is_running(order: Any) -> bool:
    """True while the repair limit runs."""
    return order.status in queries.RUNNING


def steps_of(order: Any) -> list[dict]:
    """The steps with their state for components/steps.html."""
    if order.status == S.CLOSED:
        return [{"label": label, "state": "done"} for label, _states in _STEPS]
    at = next((i for i, (_label, states) in enumerate(_STEPS) if order.status in states), None)
    if at is None:
        # Cancelled: how far it came is told by what is written on it.
        at = 3 if order.arrived_at else 2 if order.dispatched_at else 1
        return [
            {"label": _("已取消") if i == at else label, "state": "done" if i < at else "stop" if i == at else ""}
            for i, (label, _states) in enumerate(_STEPS)
        ]
    return [
        {"label": label, "state": "done" if i < at else "now" if i == at else ""}
        for i, (label, _states) in enumerate(_STEPS)
    ]


def may_unmask(order: Any, actor: Actor) -> bool:
    """Whether he may see telephone and address: by branch, or as the engineer of the job."""
    return actor.may(parties.UNMASK, branch_id=order.branch_id, people=(order.engineer_id,))


def phone_of(order: Any, actor: Actor) -> str:
    """The telephone for lists, masked for who may not see it."""
    return order.phone if may_unmask(order, actor) else phones.mask_phone(order.phone)


def home_of(order: Any, actor: Actor) -> str:
    """The place of service, masked likewise."""
    return order.address if may_unmask(order, actor) else phones.mask_address(order.address)
