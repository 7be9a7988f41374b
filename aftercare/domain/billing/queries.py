"""Every read of bills and of money collected that others may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.billing import access, rules
from aftercare.domain.billing.lifecycle import BillStatus, CollectionStatus
from aftercare.domain.billing.models import Bill, Charge, Collection, WaiverLimit, WaiverRequest
from aftercare.domain.billing.rules import ChargeLine, Share
from aftercare.foundation import money, statements, transactions
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

# Codes and labels of all who may bear a charge.
PAYERS = Charge.Payer.choices


def find_bill(source: Source) -> Bill | None:
    """The bill of a document."""
    return statements.find(Bill.objects.all, source_kind=source.kind, source_id=source.id)


def bills_of(kind: str, ids: Iterable[int]) -> dict[int, Bill]:
    """The bills of many documents of one kind, by document id. One statement."""
    return {bill.source_id: bill for bill in Bill.objects.filter(source_kind=kind, source_id__in=list(ids))}


def get_bill(bill_id: int, actor: Actor) -> Bill:
    """One bill; refuses one that is not seen."""
    found = visible(Bill, actor).select_related("customer", "branch").filter(pk=bill_id).first()
    if found is None:
        raise NotFound(_("没有找到账单"), kind="billing.bill")
    return found


def list_bills(actor: Actor) -> QuerySet[Bill]:
    """The bills the actor may see."""
    return visible(Bill, actor).select_related("customer", "branch")


def charges_of(source: Source) -> list[Charge]:
    """The charges of a document in order, with their bill. One statement, in a whole journey none once they are known."""
    return list(transactions.once(charges_key(source), lambda: _read_charges(source)))


def read_charges(source: Source) -> list[Charge]:
    """The charges of a document as they are now, whatever the journey remembers; remembered from here on."""
    rows = _read_charges(source)
    transactions.answer(charges_key(source), rows)
    return rows


def _read_charges(source: Source) -> list[Charge]:
    return statements.read(_charges, bill__source_kind=source.kind, bill__source_id=source.id)


def charges_key(source: Source) -> tuple:
    """Under what a journey remembers the charges of a document; who writes some says so."""
    return "billing.charges", source.kind, source.id


def _charges() -> QuerySet[Charge]:
    return Charge.objects.select_related("bill").order_by("pk")


def as_lines(rows: Iterable[Charge]) -> list[ChargeLine]:
    """Written charges as a document would give them: the shares of a line together again."""
    lines: dict[str, ChargeLine] = {}
    for row in rows:
        party = (row.party_kind, row.party_id) if row.party_id else None
        share = Share(row.payer, row.share_percent, row.amount if row.share_percent is None else None, party)
        known = lines.get(row.base_line)
        shares = (*known.shares, share) if known else (share,) if row.is_shared or share.party else ()
        lines[row.base_line] = ChargeLine(
            row.base_line, row.kind_of, row.name, row.qty, row.price_amount, row.payer, reason=row.reason, shares=shares,
        )
    return list(lines.values())


def with_kept(lines: Sequence[ChargeLine | tuple], rows: Iterable[Charge], prefix: str) -> list[ChargeLine]:
    """The lines, and those written ones that begin with `prefix` and are not named."""
    named = {line[0] for line in lines}
    kept = [line for line in as_lines(rows) if line.line.startswith(prefix) and line.line not in named]
    return [*(ChargeLine(*line) for line in lines), *kept]


def divided(lines: Sequence[ChargeLine | tuple], bill: Bill) -> list[ChargeLine]:
    """The lines, those divided by hand with the shares they were given."""
    found = [ChargeLine(*line) for line in lines]
    return [
        line._replace(shares=[Share.from_data(share) for share in bill.shares[line.line]["shares"]])
        if line.line in bill.shares else line
        for line in found
    ]


def price(lines: Sequence[ChargeLine | tuple]) -> list[rules.Priced]:
    """What these lines come to, each share for itself, where no bill is written yet. No statement."""
    return rules.priced(lines, {}, money.CURRENCY)


def foresee(source: Source, lines: Sequence[ChargeLine | tuple], *, keep: str = "") -> list[rules.Priced]:
    """What the charges of a document would be if these lines were written now; nothing is written."""
    bill = find_bill(source)
    if bill is None:
        return rules.priced(lines, {}, money.CURRENCY)
    rows = charges_of(source)
    lines = divided(with_kept(lines, rows, keep) if keep else lines, bill)
    return rules.priced(lines, {row.line: row.waived_amount for row in rows}, bill.currency)


def borne_by(charges: Iterable[Charge]) -> list[tuple[str, str, Decimal]]:
    """What each payer bears of these charges after what was let off: code, label, amount; the customer first."""
    sums = rules.borne_by((charge.payer, charge.net_amount) for charge in charges)
    return [(payer, str(Charge.Payer(payer).label), amount) for payer, amount in sums.items()]


def collections_of(source: Source) -> list[Collection]:
    """What was collected for a document, void receipts too."""
    rows = Collection.objects.filter(bill__source_kind=source.kind, bill__source_id=source.id)
    return list(rows.select_related("collected_by", "bill").order_by("pk"))


def list_collections(actor: Actor) -> QuerySet[Collection]:
    """Money collected, as far as the actor may see it."""
    return visible(Collection, actor).select_related("collected_by", "customer", "bill")


def get_collection(key: int | str, actor: Actor) -> Collection:
    """A receipt by id or number; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_collections(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到收款"), kind="billing.collection")
    return found


def unpaid_of_customer(customer_id: int) -> list[Bill]:
    """Final bills that the customer has not paid in full, oldest first."""
    return list(_unpaid(Bill.objects.filter(customer_id=customer_id)).order_by("pk"))


def unpaid_amount(customer_id: int) -> Decimal:
    """What the customer owes on final bills."""
    sums = _unpaid(Bill.objects.filter(customer_id=customer_id)).aggregate(due=money.summed("due_amount"), paid=money.summed("paid_amount"))
    return money.rounded((sums["due"] or money.ZERO) - (sums["paid"] or money.ZERO))


def _unpaid(rows: QuerySet[Bill]) -> QuerySet[Bill]:
    return rows.filter(status=BillStatus.FINAL, due_amount__gt=F("paid_amount"))


@dataclass(frozen=True)
class CashRow:
    """What one person collected by one method on a day."""

    employee_id: int | None
    name: str
    method: str
    held_amount: Decimal = money.ZERO
    remitted_amount: Decimal = money.ZERO
    voided_amount: Decimal = money.ZERO
    receipts: int = 0


@dataclass(frozen=True)
class CashSheet:
    """The daily cash sheet of a branch: who collected what, what he has handed over and what he still holds."""

    branch_id: int
    day: dt.date
    rows: list[CashRow] = field(default_factory=list)
    # Cash of earlier days that is still in somebody's hand.
    overdue_amount: Decimal = money.ZERO

    def total(self, column: str) -> Decimal:
        """Sum of `held_amount`, `remitted_amount` or `voided_amount` over all rows."""
        return sum((getattr(row, column) for row in self.rows), money.ZERO)

    def by_method(self) -> dict[str, Decimal]:
        """What came in (void receipts left out), by method."""
        sums: dict[str, Decimal] = {}
        for row in self.rows:
            sums[row.method] = sums.get(row.method, money.ZERO) + row.held_amount + row.remitted_amount
        return sums


def cash_sheet(branch_id: int, day: dt.date, *, actor: Actor) -> CashSheet:
    """What was collected at the branch on that local day, by person and method. Two statements."""
    seen = visible(Collection, actor).filter(branch_id=branch_id)
    groups = (
        seen.filter(day=day).order_by("collected_by__name", "method")
        .values_list("collected_by_id", "collected_by__name", "method", "status")
        .annotate(total=money.summed("amount"), n=Count("pk"))
    )
    rows: dict[tuple, dict] = {}
    for employee_id, name, method, status, total, number in groups:
        row = rows.setdefault((employee_id, name or "", method), {"receipts": 0})
        row[f"{status}_amount"] = total
        row["receipts"] += number
    overdue = seen.filter(status=CollectionStatus.HELD, day__lt=day).aggregate(total=money.summed("amount"))["total"]
    return CashSheet(branch_id, day, [CashRow(*key, **row) for key, row in rows.items()], overdue or money.ZERO)


@dataclass(frozen=True)
class Unsettled:
    """What a day may not end with: each a queryset, to be counted or paged."""

    unpaid: QuerySet[Bill]
    overpaid: QuerySet[Bill]
    unremitted: QuerySet[Collection]
    not_final: QuerySet[Bill]


def unsettled(actor: Actor) -> Unsettled:
    """Final bills that are not or too much paid, cash not handed over, money collected on bills that are not final.

    Documents finished without any bill are told by `without_final_bill`, to which their room gives their ids.
    """
    bills = list_bills(actor)
    return Unsettled(
        unpaid=_unpaid(bills),
        overpaid=bills.filter(status=BillStatus.FINAL, due_amount__lt=F("paid_amount")),
        unremitted=list_collections(actor).filter(status=CollectionStatus.HELD),
        not_final=bills.filter(~Q(status=BillStatus.FINAL), paid_amount__gt=0),
    )


def without_final_bill(kind: str, ids: Iterable[int]) -> set[int]:
    """Those of these documents that have no final bill: finished, yet not settled. One statement."""
    wanted = set(ids)
    final = Bill.objects.filter(source_kind=kind, source_id__in=wanted, status=BillStatus.FINAL)
    return wanted - set(final.values_list("source_id", flat=True))


def may_waive(actor: Actor, bill: Bill) -> bool:
    """True when the actor may let off charges of that bill."""
    return actor.may(access.WAIVE, branch_id=bill.branch_id, people=bill.people_shown())


def unpaid_sources(kind: str) -> QuerySet:
    """The ids of documents of that kind whose final bill is not paid in full, to be used as a condition elsewhere."""
    return _unpaid(Bill.objects.filter(source_kind=kind)).values("source_id")


def charges_borne(payer: str, kind: str, ids: Iterable[int]) -> list[Charge]:
    """The charges that payer bears on the final bills of these documents, with their bills. One statement."""
    rows = Charge.objects.filter(
        bill__source_kind=kind, bill__source_id__in=list(ids), bill__status=BillStatus.FINAL, payer=payer
    )
    return list(rows.select_related("bill").order_by("pk"))


def waiver_limit(actor: Actor) -> Decimal | None:
    """How much the actor may let off without another: the highest of his roles, else what holds for the rest; None: no limit."""
    if actor.employee_id is None:
        return None
    rows = WaiverLimit.objects.filter(Q(role=None) | Q(role__grants__employee_id=actor.employee_id))
    found = list(rows.values_list("role_id", "limit_amount").distinct())
    own = [amount for role_id, amount in found if role_id is not None] or [amount for role_id, amount in found if role_id is None]
    return None if not own or None in own else max(own)


def list_limits(actor: Actor) -> QuerySet[WaiverLimit]:
    """The limits for letting off, by role."""
    return visible(WaiverLimit, actor).select_related("role").order_by("role_id")


def list_waivers(actor: Actor) -> QuerySet[WaiverRequest]:
    """The requests to let off that the actor may see; page by ("-id",)."""
    return visible(WaiverRequest, actor).select_related("bill", "bill__customer", "branch")


def get_waiver(key: int | str, actor: Actor) -> WaiverRequest:
    """One request by number or id; refuses one that is not seen."""
    found = list_waivers(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到减免申请"), kind="billing.waiverrequest")
    return found


def count_waiting(actor: Actor) -> int:
    """Requests that wait for a decision this actor may make; one statement."""
    return visible(WaiverRequest, actor, access.WAIVE).filter(status="pending").count()
