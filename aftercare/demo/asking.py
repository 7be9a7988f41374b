"""Consumer rights: the rule sets as loaded, some of them checked, and what customers asked for lately."""

from __future__ import annotations

import datetime as dt

from aftercare.demo.company import SYSTEM, ZONE, Company
from aftercare.domain.entitlement import actions as entitlement
from aftercare.flows import claim_rights
from aftercare.foundation import clock
from aftercare.foundation.transactions import whole

# The texts whose articles the company's lawyer has compared.
_CHECKED = ("第九条", "第十条", "第十一条")
_SAID = ("买来没几天就出故障，要求按三包处理", "同样的毛病又来了，不想再修", "包装和凭证都在，要求处理")


def fill(company: Company, now: dt.datetime) -> None:
    """Load the sets, check some rules, and write down a few claims on the units sold last; some of them are answered."""
    with whole():
        loaded, _left = claim_rights.load_sets(actor=SYSTEM, at=company.at)
        checker = company.by("manager", "SH")
        for rule in loaded:
            if rule.article in _CHECKED:
                entitlement.check_rule(rule, actor=checker, at=company.at + dt.timedelta(days=2))
        today = clock.local_day(now, ZONE)
        fresh = sorted((u for u in company.units if u.row is not None and u.sold_on and not u.oddity and u.sold_on <= today),
                       key=lambda u: (u.sold_on, u.serial))[-5:]
        for turn, unit in enumerate(reversed(fresh)):
            _ask(company, unit, turn, now)


def _ask(company: Company, unit, turn: int, now: dt.datetime) -> None:
    at = now - dt.timedelta(days=turn, hours=2)
    if at < unit.row.created_at:
        at = now
    clerk, chief = company.by("clerk", unit.owner.centre), company.by("dispatcher", unit.owner.centre)
    remedy = ("exchange", "refund", "repair", "refund", "exchange")[turn]
    claim = claim_rights.claim(unit.row, remedy=remedy, told=_SAID[turn % 3], claimant=unit.owner.name, proofs=["card", "invoice"][: 1 + turn % 2],
                               actor=clerk, at=at)
    right = next(row for row in claim.ruling["rights"] if row["remedy"] == remedy)
    if turn == 0:
        return
    if right["status"] == "yes":
        claim = claim_rights.grant(claim, reply="核对凭证无误，同意办理", actor=chief, at=at)
        if turn > 2:
            entitlement.finish_right(claim, note="已办理，客户签收", actor=chief, at=at)
    elif right["status"] == "no":
        claim_rights.refuse(claim, reason="已过规定期限，可按保修免费修理", actor=chief, at=at)
