"""Buttons of contracts and of planned visits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement import actions, queries
from aftercare.domain.entitlement.lifecycle import CONTRACT, VISIT
from aftercare.flows import contract_visits
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.contracts.registers import address_of
from aftercare.web.pages import fields
from aftercare.web.pages.moves import MoveDoor


def _reason(actor: Actor, row: Any) -> forms.Field:
    return forms.CharField(label=_("原因"), max_length=200)


def _today(actor: Actor):
    return clock.local_day(clock.now(), actor.zone)


MOVES = MoveDoor(
    slug="contract",
    lifecycle=CONTRACT,
    load=queries.get_contract,
    address=address_of,
    # `end` has a page of its own, which tells beforehand what it brings; contracts expire by themselves.
    runs={
        "activate": actions.activate, "withdraw": actions.withdraw, "renew": actions.renew, "suspend": actions.suspend,
        "resume": actions.resume,
    },
    asks={
        "reason": _reason,
        "from_on": lambda actor, row: fields.day(
            _("暂停日"), initial=_today(actor), help_text=_("从这天起不覆盖、不排保养、不出账；恢复时到期日顺延同样的天数")),
        "resume_on": lambda actor, row: fields.day(
            _("恢复日"), initial=_today(actor), help_text=_("到期日顺延暂停的天数；暂停期内的计划保养不做")),
        "months": lambda actor, row: forms.IntegerField(
            label=_("月数"), min_value=1, max_value=240, required=False, help_text=_("从到期次日起；留空与本合同一样长")),
        "price": lambda actor, row: fields.money(_("合同金额"), required=False, initial=row.price_amount),
    },
    open_moves=lambda row, actor: [
        move for move in CONTRACT.open_moves(row, actor) if move.name != "renew" or queries.find_renewal_of(row) is None
    ],
)


def _find_visit(key: str, actor: Actor):
    return queries.get_visit(fields.whole(key), actor)


def _open(visit: Any, *, actor: Actor, at, **inputs):
    return contract_visits.open_visit(visit, actor=actor, at=at)


VISIT_MOVES = MoveDoor(
    slug="planned_visit",
    lifecycle=VISIT,
    load=_find_visit,
    address=lambda visit: f"/visits/{visit.pk}/",
    runs={"note_opened": _open, "put_off": actions.put_off, "skip": actions.skip, "put_back": actions.put_back},
    asks={"reason": _reason, "visit_on": lambda actor, row: fields.day(_("上门日"), initial=row.visit_on)},
)
