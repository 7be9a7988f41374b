"""Whether the customer agreed to what he is charged: asked where work starts, where it ends, and at the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.quotes import queries as quotes
from aftercare.domain.quotes import rules
from aftercare.flows import charging
from aftercare.foundation.money import ZERO
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source

# Where an order may stand when its work begins: on the bench by `start`, at the customer's by `arrive`.
STARTING = {"accepted", "scheduled", "en_route"}


def own_share(charges: Iterable) -> list[tuple[str, str, Decimal]]:
    """What the customer bears of charges, written or foreseen: (kind, name, net amount)."""
    rows = []
    for charge in charges:
        if charge.payer != "customer":
            continue
        written = hasattr(charge, "kind_of")
        waived = charge.waived_amount if written else charge.waived
        if charge.amount - waived:
            rows.append((charge.kind_of if written else charge.kind, charge.name, charge.amount - waived))
    return rows


def lack(order, charges: Iterable, *, starting: bool = False) -> RuleBroken | None:
    """Why the order may not be charged so: the refusal to raise, or None where the customer agreed or need not be asked.

    Codes: `consent_exceeded` (lines added or dearer than agreed to; `lines` names them), `consent_waiting` (he has not
    answered yet), `consent_needed` (above the limit without a quote), `consent_refused` (more than the inspection fee).
    `starting`: the work has not begun yet; where no limit is set, its policy then asks for consent to any amount.
    """
    charged = own_share(charges)
    due = sum((amount for *_line, amount in charged), ZERO)
    if due <= 0:
        return None
    # An order that was never quoted says so itself: no look-up for the many that need none.
    quote = quotes.newest_of(Source.of(order)) if order.quote else None
    if quote is not None and quote.status == "accepted":
        return _exceeded(quote, charged)
    if quote is not None and quote.status in ("draft", "sent"):
        return RuleBroken(
            _("报价单 %(number)s 客户还没有答复") % {"number": quote.number}, code="consent_waiting", number=quote.number
        )
    if quote is not None and quote.status == "refused":
        if due <= quote.inspection_amount:
            return None
        return RuleBroken(_("客户不同意报价，只能收检测费 ¥%(fee)s") % {"fee": quote.inspection_amount}, code="consent_refused",
                          number=quote.number)
    limits = quotes.rules_at(order.branch_id)
    free = ZERO if starting and limits.free_limit is None else limits.free_limit
    if rules.needs_consent(due, free, order.limit_amount):
        if order.limit_amount is None and limits.free_limit is None:
            return RuleBroken(_("客户应付 ¥%(due)s，须先报价并取得客户同意") % {"due": due}, code="consent_needed", due=str(due))
        return RuleBroken(_("客户应付 ¥%(due)s 超过限额，须先报价并取得客户同意") % {"due": due}, code="consent_needed", due=str(due))
    return None


def _exceeded(quote, charged: list) -> RuleBroken | None:
    agreed = [(line.kind_of, line.name, line.customer_amount) for line in quotes.lines_of(quote)]
    # Where nothing could be repaired after all, the look that he was told of may be charged.
    agreed += [(kind, name, quote.inspection_amount) for kind, name, _amount in charged if kind == "inspection"]
    over = rules.exceeding(agreed, charged, is_lump=quote.is_lump)
    if not over:
        return None
    said = _("、").join(f"{name or _('合计')} ¥{amount}" for _kind, name, amount in over)
    return RuleBroken(
        _("超出客户同意的报价：%(lines)s，请重新报价") % {"lines": said}, code="consent_exceeded", number=quote.number,
        lines=[{"kind": kind, "name": name, "amount": str(amount)} for kind, name, amount in over],
    )


def require(order, charges: Iterable | None = None) -> None:
    """Refuse unless the customer agreed to these charges (default: those written for the order), as of `lack`."""
    refusal = lack(order, bills.charges_of(Source.of(order)) if charges is None else charges)
    if refusal is not None:
        raise refusal


def find_lack(order, *, on: dt.date) -> RuleBroken | None:
    """What consent lacks as the order stands: by its charges once the work is done, before by what is foreseen."""
    if order.status in ("repaired", "done", "inspected", "audited", "settled", "closed"):
        return lack(order, bills.charges_of(Source.of(order)))
    return lack(order, charging.foresee(order, on=on), starting=policy_at(order) != "off")


def policy_at(order) -> str:
    """What the branch does about work that begins without consent: off, warn or refuse; `off` once it has begun."""
    return quotes.rules_at(order.branch_id).at_start if order.status in STARTING else "off"


def admit_start(order, *, on: dt.date) -> RuleBroken | None:
    """Refuse to begin paid work without consent where the branch's policy says so; where it warns, what is lacking."""
    policy = policy_at(order)
    if policy == "off":
        return None
    found = lack(order, charging.foresee(order, on=on), starting=True)
    if found is not None and policy == "refuse":
        raise found
    return found


def require_to_start(order, *, on: dt.date) -> None:
    """Refuse to draw parts for work that costs the customer more than he agreed to, as of `lack`."""
    require(order, charging.foresee(order, on=on))
