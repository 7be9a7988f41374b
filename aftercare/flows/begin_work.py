"""Work begins, at the customer's or on the bench: not before he agreed to what it costs, where the branch's policy says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.work import actions as work
from aftercare.flows import consent
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.transactions import whole


def arrive(order, *, version: int | None = None, actor: Actor, at: dt.datetime, **inputs: Any):
    """He is there and work begins. Refuses by the codes of `consent.lack` where the policy is to refuse."""
    return _begin(work.arrive, order, version=version, actor=actor, at=at, **inputs)


def start(order, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Begin on the bench or from afar. Refuses by the codes of `consent.lack` where the policy is to refuse."""
    return _begin(work.start, order, version=version, actor=actor, at=at)


def _begin(move: Callable, order, *, actor: Actor, at: dt.datetime, **inputs: Any):
    if consent.policy_at(order) == "off":
        return move(order, actor=actor, at=at, **inputs)
    with whole():
        lacking = consent.admit_start(order, on=clock.local_day(at, actor.zone))
        order = move(order, actor=actor, at=at, **inputs)
        if lacking is not None:
            text = wording.stored(lambda: _("未取得客户同意就开工：%(why)s") % {"why": lacking.message})
            work.note(order, text=text, actor=actor, at=at)
    return order
