"""Pure rules of custody."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Letters and digits that are not mistaken for one another when read aloud or typed.
_ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXY"
APPEARANCE = ("scratched", "dented", "cracked", "dirty", "wet", "opened", "complete")


def calculate_code(secret: bytes, number: str, length: int = 6) -> str:
    """The collection code printed on the receipt: from the number and a secret, so it needs no store of chance."""
    digest = hmac.new(secret, number.encode(), hashlib.sha256).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:length])


def require_release(code: str, given: str, reason: str) -> str | None:
    """What forbids handing the thing over, or None: the receipt's code, or a reason why there is no receipt."""
    if given.strip():
        return None if hmac.compare_digest(given.strip().upper().encode(), code.encode()) else "wrong_code"
    return None if reason.strip() or not code else "code_missing"


def cleaned_list(values) -> list[str]:
    """Checklist entries without blanks and doubles, in their order."""
    return list(dict.fromkeys(str(value).strip() for value in values or () if str(value).strip()))


# The ladder for unclaimed things: 1 first reminder, 2 second, 3 the legal notice.
FIRST, SECOND, NOTICE = 1, 2, 3
# Civil Code of the PRC (民法典) art. 453: unless agreed otherwise the debtor has at least 60 days before a lien is realised.
# Check before use: whether a lien is what a branch stands on is for its lawyer.
LEAST_WAIT_DAYS = 60


@dataclass(frozen=True)
class Rule:
    """What holds at a branch. All days are whole days; amounts in CNY."""

    first_days: int = 15
    second_days: int = 30
    notice_days: int = 60
    wait_days: int = LEAST_WAIT_DAYS
    loan_days: int = 15
    deposit_percent: int = 30
    least_deposit_amount: Decimal = Decimal("0.00")
    paper_days: int = 7
    overdue_days: int = 3
    calibration_days: int = 30
    leaving: str = "block"

    def days_of(self, stage: int) -> int:
        """After how many days since 'ready' that step of the ladder is due."""
        return (self.first_days, self.second_days, self.notice_days)[stage - 1]


def find_fault(rule: Rule) -> tuple[str, str] | None:
    """What is wrong with a rule, as (code, field), or None."""
    if not 1 <= rule.first_days < rule.second_days:
        return "ladder_order", "second_days"
    if not rule.second_days < rule.notice_days <= 730:
        return "ladder_order", "notice_days"
    if not LEAST_WAIT_DAYS <= rule.wait_days <= 730:
        return "wait_too_short", "wait_days"
    if not 0 <= rule.deposit_percent <= 100:
        return "bad_percent", "deposit_percent"
    for field in ("loan_days", "paper_days", "overdue_days"):
        if not 1 <= getattr(rule, field) <= 365:
            return "bad_days", field
    return None if rule.calibration_days <= 365 else ("bad_days", "calibration_days")


def due_stage(rule: Rule, *, today: dt.date, ready_on: dt.date, stage: int, last_on: dt.date | None) -> int | None:
    """The next step of the ladder when it is due today, else None.

    A step keeps its distance from the one before, so that an owner who was not reminded for months (the product stood
    still, the rule was made shorter) still gets the steps one after the other.
    """
    following = stage + 1
    if following > NOTICE or (today - ready_on).days < rule.days_of(following):
        return None
    if last_on is not None and (today - last_on).days < rule.days_of(following) - rule.days_of(stage):
        return None
    return following


def calculate_deposit(rule: Rule, value: Decimal, fixed: Decimal | None) -> Decimal:
    """The deposit of a loaner in CNY: its own, else the rule's share of its value in whole yuan, at least the least one."""
    if fixed is not None:
        return fixed
    share = (value * rule.deposit_percent / 100).quantize(Decimal(1), ROUND_HALF_UP).quantize(Decimal("0.01"))
    return max(share, rule.least_deposit_amount)


def calibration_state(months: int | None, valid_to: dt.date | None, today: dt.date, warn_days: int) -> str:
    """`none` (needs no calibration), `missing`, `expired`, `soon` (expires within `warn_days`) or `good`.

    The last valid day itself is still good.
    """
    if months is None:
        return "none"
    if valid_to is None:
        return "missing"
    if valid_to < today:
        return "expired"
    return "soon" if (valid_to - today).days <= warn_days else "good"


def add_months(day: dt.date, months: int) -> dt.date:
    """That day so many months later, the month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def is_reminder_due(due_on: dt.date | None, reminded_on: dt.date | None, today: dt.date, every: int) -> bool:
    """Whether a late thing is to be reminded of today: on the first late day, then every so many days."""
    if due_on is None or due_on >= today:
        return False
    # A term that was extended after a reminder begins anew.
    return reminded_on is None or reminded_on <= due_on or (today - reminded_on).days >= every


def item_of_unit(product_id: int | None, serial_key: str, asset_id: int | None = None) -> str:
    """What the ledger of things calls a unit: the same for a customer's unit and for a loaner of that product and serial number."""
    return f"unit:{product_id}:{serial_key}" if product_id and serial_key else f"asset:{asset_id}"
