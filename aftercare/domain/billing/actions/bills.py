"""Every write of bills and of money collected. Each change of money is booked in the ledger in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Round
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.billing import access, facts, queries, rules
from aftercare.domain.billing.lifecycle import BILL, COLLECTION, BillStatus, CollectionStatus
from aftercare.domain.billing.models import Bill, Charge, Collection
from aftercare.domain.billing.rules import ChargeLine, Priced, Share
from aftercare.domain.journal import actions as journal
from aftercare.domain.ledger import actions as ledger
from aftercare.domain.ledger import queries as ledger_queries
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, numbering, statements, transactions
from aftercare.foundation.access import Actor, not_allowed, visible
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import MoneyField
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step, whole

Paper = Source | Bill
PAYERS = (rules.CUSTOMER, *rules.COST_ACCOUNTS)


def set_charges(
    source: Source, *, lines: Sequence[ChargeLine | tuple], branch_id: int, customer_id: int | None, actor: Actor,
    at: dt.datetime, employee_id: int | None = None, keep: str = "",
) -> Bill:
    """Write the charges of a document anew; makes its bill when there is none yet. The same lines again change nothing.

    Charges whose line begins with `keep` stay although `lines` does not name them.

    Refuses once the bill is final (reverse it first), and a higher waiver without the right to waive.
    """
    bill = queries.find_bill(source)
    if bill is None:
        return _open_bill(source, lines, branch_id, customer_id, employee_id, actor, at)
    before = {row.line: row for row in queries.charges_of(source)}
    if keep:
        lines = queries.with_kept(lines, before.values(), keep)
    wanted = _priced(queries.divided(lines, bill), {line: row.waived_amount for line, row in before.items()}, bill.currency)
    same_people = (employee_id in (None, bill.employee_id)) and customer_id in (None, bill.customer_id)
    if same_people and [_as_priced(row) for row in before.values()] == wanted:
        return bill
    return charge(bill, lines=lines, employee_id=employee_id, customer_id=customer_id, actor=actor, at=at)


def _open_bill(
    source: Source, lines: Sequence, branch_id: int, customer_id: int | None, employee_id: int | None, actor: Actor,
    at: dt.datetime,
) -> Bill:
    wanted = _priced(lines, {}, money.CURRENCY)
    due, covered = rules.totals(wanted)
    bill = Bill(
        source_kind=source.kind, source_id=source.id, source_number=source.number, branch_id=branch_id,
        customer_id=customer_id, employee_id=employee_id, due_amount=due, covered_amount=covered,
    )
    _require_waivers(wanted, {}, actor, bill)
    with transaction.atomic(savepoint=False):
        open_new(bill, actor=actor, at=at, permission=access.EDIT_CHARGES, people=(employee_id,), fact=_charges_set)
        _write_charges(bill, wanted)
    return bill


@BILL.move("charge")
def charge(
    bill: Bill, *, lines: Sequence[ChargeLine | tuple], actor: Actor, at: dt.datetime, employee_id: int | None = None,
    customer_id: int | None = None,
) -> facts.ChargesSet:
    """Replace the charges of a bill that is not final. Once somebody has paid, its customer stays (`paid_already`)."""
    if customer_id not in (None, bill.customer_id) and bill.paid_amount:
        raise WrongState(_("已收款的账单不能换客户"), code="paid_already")
    _rewrite(bill, lines, actor)
    revise(bill, employee_id=employee_id or bill.employee_id, customer_id=customer_id or bill.customer_id)
    return _charges_set(bill)


def _rewrite(bill: Bill, lines: Sequence[ChargeLine | tuple], actor: Actor) -> None:
    before = dict(Charge.objects.filter(bill=bill).values_list("line", "waived_amount"))
    wanted = _priced(queries.divided(lines, bill), before, bill.currency)
    _require_waivers(wanted, before, actor, bill)
    due, covered = rules.totals(wanted)
    Charge.objects.filter(bill=bill).delete()
    _write_charges(bill, wanted)
    revise(bill, due_amount=due, covered_amount=covered)


@BILL.move("divide")
def divide(
    bill: Bill, *, line: str, shares: Sequence[Share], reason: str, actor: Actor, at: dt.datetime
) -> facts.ChargeDivided:
    """Divide a line of the bill between payers, to the cent; what no share names is borne by the customer.

    It stays so when the charges are worked out anew. No shares: as the document says again, from its next working out.
    A reason must be given. Refuses `unknown_payer`, `payer_twice`, `bad_share`, `too_much`, an unknown line.
    """
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    lines = queries.as_lines(Charge.objects.filter(bill=bill).order_by("pk"))
    found = next((one for one in lines if one.line == line), None)
    if found is None:
        raise NotFound(_("没有找到这项费用"), kind="billing.charge")
    shares = [Share(*share) for share in shares]
    wrong = rules.check_shares(shares, money.rounded(found.qty * found.price, bill.currency))
    if wrong:
        raise RuleBroken(_WRONG_SHARES[wrong], code=wrong, field="shares")
    kept = {name: value for name, value in bill.shares.items() if name != line}
    if shares:
        kept[line] = {"shares": [share.as_data() for share in shares], "reason": reason[:200], "by": actor.name[:80]}
    revise(bill, shares=kept)
    _rewrite(bill, lines, actor)
    return facts.ChargeDivided(bill.pk, line, tuple(share.payer for share in shares))


_WRONG_SHARES = {
    "unknown_payer": gettext_lazy("承担方不正确"),
    "payer_twice": gettext_lazy("同一承担方只能出现一次，且只有一方承担其余"),
    "bad_share": gettext_lazy("比例应在 0 到 100 之间，金额应大于零且最多两位小数"),
    "too_much": gettext_lazy("各方承担之和超过这项费用"),
}


@BILL.move("waive")
def waive(
    bill: Bill, *, line: str, amount: Decimal, reason: str, actor: Actor, at: dt.datetime
) -> facts.ChargeWaived:
    """Let off that much of a charge (in all, not on top); a reason must be given."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    row = Charge.objects.filter(bill=bill, line=line).first()
    if row is None:
        raise NotFound(_("没有找到这项费用"), kind="billing.charge")
    amount = money.require_amount(amount, field="amount", currency=bill.currency)
    if amount > row.amount:
        raise RuleBroken(_("减免不能超过费用"), code="waived_too_much", field="amount")
    require_limit(actor, amount)
    Charge.objects.filter(pk=row.pk).update(waived_amount=amount, reason=reason[:200])
    transactions.forget()
    due, covered = rules.totals([_as_priced(charge) for charge in Charge.objects.filter(bill=bill)])
    revise(bill, due_amount=due, covered_amount=covered)
    return facts.ChargeWaived(bill.pk, line, amount)


def finalise(paper: Paper, *, actor: Actor, at: dt.datetime) -> Bill:
    """Make the charges of a document stand and book them. Refuses when the document has no bill (`no_bill`)."""
    return _finalise(_bill(paper), actor=actor, at=at)


@BILL.move("finalise")
def _finalise(bill: Bill, *, actor: Actor, at: dt.datetime) -> facts.BillFinalised:
    # Read anew, now that the bill is ours: what was seen before may have been changed by another since.
    sides = rules.final_sides([_as_priced(row) for row in queries.read_charges(_source(bill))], _customer(bill))
    if sides:
        ledger.post(
            source=_source(bill), key=f"bill.final:{bill.round}", at=at, lines=sides, actor=actor, branch_id=bill.branch_id,
            memo=bill.source_number, currency=bill.currency,
        )
    revise(bill, final_at=at)
    return facts.BillFinalised(
        bill.pk, bill.source_kind, bill.source_id, bill.due_amount, bill.covered_amount, bill.paid_amount, bill.round
    )


def reverse_final(paper: Paper, *, reason: str, actor: Actor, at: dt.datetime) -> Bill:
    """Take the booking of a final bill back; it may then be changed and made final again, in a new round."""
    return _reverse_final(_bill(paper), reason=reason, actor=actor, at=at)


@BILL.move("reverse_final")
def _reverse_final(bill: Bill, *, reason: str, actor: Actor, at: dt.datetime) -> facts.BillReversed:
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    entry = ledger_queries.find_entry(_source(bill), f"bill.final:{bill.round}")
    if entry is not None:
        ledger.reverse(entry, key=f"bill.unfinal:{bill.round}", actor=actor, at=at, memo=reason)
    revise(bill, final_at=None, round=bill.round + 1)
    return facts.BillReversed(bill.pk, bill.source_kind, bill.source_id, bill.round)


@whole()
def collect(
    paper: Paper, *, amount: Decimal, method: str, actor: Actor, at: dt.datetime, collected_by_id: int | None = None,
    at_desk: bool = False, deposit: bool = False,
) -> Collection:
    """Money from the customer, with a receipt number. Refuses more than he still owes, unless it is a deposit.

    Cash that is not taken at the desk is held by `collected_by_id` until it is remitted; all else counts as remitted.
    """
    bill = _bill(paper)
    amount = money.require_amount(amount, field="amount", minimum=Decimal("0.01"), currency=bill.currency)
    if method not in Collection.Method.values:
        raise RuleBroken(_("没有这种收款方式"), code="unknown_method", field="method")
    is_held = method == Collection.Method.CASH and not at_desk
    if is_held and collected_by_id is None:
        raise RuleBroken(_("请填写收款人"), code="collector_needed", field="collected_by")
    day = clock.local_day(at, people.zone_of(bill.branch_id))
    with step():
        _raise_paid(bill, amount, deposit, actor)
        collection = Collection(
            number=numbering.take("SK", day), bill=bill, branch_id=bill.branch_id, customer_id=bill.customer_id,
            collected_by_id=collected_by_id, method=method, amount=amount, currency=bill.currency, at=at, day=day,
            status=CollectionStatus.HELD if is_held else CollectionStatus.REMITTED, remitted_at=None if is_held else at,
        )
        open_new(
            collection, actor=actor, at=at, permission=access.COLLECT, people=(collected_by_id, bill.employee_id),
            verb="billing.collection.collect",
            fact=lambda new: facts.MoneyCollected(
                new.pk, bill.pk, bill.source_kind, bill.source_id, new.amount, new.method
            ),
        )
        ledger.post(
            source=Source.of(collection), key="collect", at=at, day=day, actor=actor, branch_id=bill.branch_id,
            memo=bill.source_number, currency=bill.currency, lines=[(*_till(collection), amount), ("receivable", _customer(bill), -amount)],
        )
    return collection


def _raise_paid(bill: Bill, amount: Decimal, deposit: bool, actor: Actor) -> None:
    """Conditional update: two who collect the same debt at once do not both succeed."""
    rows = visible(Bill, actor, access.COLLECT).filter(pk=bill.pk, status__in=[BillStatus.DRAFT, BillStatus.FINAL])
    if not deposit:
        left = F("due_amount") - F("paid_amount") - Value(amount, output_field=MoneyField())
        rows = rows.alias(left=Round(left, 2)).filter(left__gte=0)
    paid = Round(F("paid_amount") + Value(amount, output_field=MoneyField()), 2)
    if rows.update(paid_amount=paid, version=F("version") + 1) == 1:
        return
    newest = visible(Bill, actor).filter(pk=bill.pk).first()
    if newest is None:
        raise NotFound(_("没有找到账单"), kind="billing.bill")
    if not visible(Bill, actor, access.COLLECT).filter(pk=bill.pk).exists():
        raise not_allowed(access.COLLECT)
    if newest.status == BillStatus.REVERSED:
        raise WrongState(_("账单已冲销，请先重新确定"), state=newest.status, move="collect")
    raise RuleBroken(
        _("收款超过应收余额 %(open)s") % {"open": newest.open_amount}, code="more_than_due", field="amount",
        due=str(newest.due_amount), paid=str(newest.paid_amount),
    )


def remit(
    collections: Iterable[Collection], *, actor: Actor, at: dt.datetime, remitted_to_id: int | None = None
) -> list[Collection]:
    """Cash goes from the collectors to the desk, all of these receipts or none; one booking for each branch."""
    with journal.batched(), transaction.atomic():
        done = [
            _remit(collection, remitted_to_id=remitted_to_id, actor=actor, at=at)
            for collection in sorted(collections, key=lambda row: row.pk)
        ]
        by_branch: dict[int, list[Collection]] = defaultdict(list)
        for collection in done:
            by_branch[collection.branch_id].append(collection)
        for branch_id, rows in by_branch.items():
            sides = []
            for row in rows:
                sides += [("cash_desk", ("people.branch", branch_id), row.amount),
                          ("engineer_cash", ("people.employee", row.collected_by_id), -row.amount)]
            ledger.post(
                source=Source.of(rows[0]), key="remit", at=at, lines=sides, actor=actor, branch_id=branch_id,
                memo=" ".join(row.number for row in rows), currency=rows[0].currency,
            )
    return done


@COLLECTION.move("remit")
def _remit(
    collection: Collection, *, actor: Actor, at: dt.datetime, remitted_to_id: int | None = None
) -> facts.MoneyRemitted:
    revise(collection, remitted_at=at, remitted_to_id=remitted_to_id or actor.employee_id)
    return facts.MoneyRemitted(collection.pk, collection.amount)


@COLLECTION.move("void")
def void(collection: Collection, *, reason: str, actor: Actor, at: dt.datetime) -> facts.CollectionVoided:
    """Declare a receipt void: the money leaves where it lies and is owed again. A reason must be given."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    bill = collection.bill
    paid = Round(F("paid_amount") - Value(collection.amount, output_field=MoneyField()), 2)
    Bill.objects.filter(pk=bill.pk).update(paid_amount=paid, version=F("version") + 1)
    ledger.post(
        source=Source.of(collection), key="void", at=at, actor=actor, branch_id=collection.branch_id, memo=reason,
        currency=collection.currency,
        lines=[(*_till(collection), -collection.amount), ("receivable", _customer(bill), collection.amount)],
    )
    return facts.CollectionVoided(collection.pk, bill.pk, collection.amount)


def _till(collection: Collection) -> tuple[str, tuple[str, int]]:
    """The account and party with whom the money of a receipt lies."""
    if collection.method != Collection.Method.CASH:
        return "bank", ("people.branch", collection.branch_id)
    if collection.remitted_at is None:
        return "engineer_cash", ("people.employee", collection.collected_by_id)
    return "cash_desk", ("people.branch", collection.branch_id)


def _bill(paper: Paper) -> Bill:
    bill = paper if isinstance(paper, Bill) else queries.find_bill(paper)
    if bill is None:
        raise NotFound(_("这张单据还没有账单"), code="no_bill", kind="billing.bill")
    return bill


def _source(bill: Bill) -> Source:
    return Source(bill.source_kind, bill.source_id, bill.source_number)


def _customer(bill: Bill) -> tuple[str, int] | None:
    return ("parties.customer", bill.customer_id) if bill.customer_id else None


def _priced(lines: Sequence[ChargeLine | tuple], waived_before: dict[str, Decimal], currency: str) -> list[Priced]:
    lines = [ChargeLine(*line) for line in lines]
    for line in lines:
        if line.kind not in rules.REVENUE_ACCOUNTS:
            raise RuleBroken(_("没有这种费用"), code="unknown_kind", field="kind")
        payers = [share[0] for share in line.shares] or [line.payer]
        if set(payers) - {rules.CUSTOMER, *rules.COST_ACCOUNTS} or len(set(payers)) != len(payers):
            raise RuleBroken(_("承担方不正确"), code="unknown_payer", field="payer")
    if len({line.line for line in lines}) != len(lines):
        raise RuleBroken(_("同一行不能出现两次"), code="line_twice", field="lines")
    wanted = rules.priced(lines, waived_before, currency)
    for line in wanted:
        if line.waived > line.amount:
            raise RuleBroken(_("减免不能超过费用"), code="waived_too_much", field="waived")
        if line.waived and not line.reason.strip() and line.waived != waived_before.get(line.line):
            raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    return wanted


def _require_waivers(wanted: Sequence[Priced], before: dict[str, Decimal], actor: Actor, bill: Bill) -> None:
    """Whoever writes charges may repeat what was waived, but letting off more needs the right to waive."""
    if any(line.waived > before.get(line.line, money.ZERO) for line in wanted):
        actor.require(access.WAIVE, branch_id=bill.branch_id, people=bill.people_shown())
        require_limit(actor, sum((line.waived for line in wanted), money.ZERO))


def require_limit(actor: Actor, amount: Decimal) -> None:
    """Refuse (`waive_above_limit`) to let off more than the actor may without another."""
    limit = queries.waiver_limit(actor)
    if limit is not None and amount > limit:
        raise RuleBroken(
            _("超过您的减免权限 ¥%(limit)s，请提交减免申请") % {"limit": limit}, code="waive_above_limit", field="amount", limit=str(limit)
        )


def _write_charges(bill: Bill, lines: Iterable[Priced]) -> None:
    rows = statements.insert_all([
        Charge(bill=bill, line=line.line, kind_of=line.kind, name=line.name[:120], qty=line.qty, price_amount=line.price,
               amount=line.amount, payer=line.payer, waived_amount=line.waived, reason=line.reason[:200],
               base_line=line.base, share_percent=line.percent, party_kind=line.party[0] if line.party else "",
               party_id=line.party[1] if line.party else None)
        for line in lines
    ])
    transactions.answer(queries.charges_key(_source(bill)), rows)


def _as_priced(row: Charge) -> Priced:
    return Priced(row.line, row.kind_of, row.name, row.qty, row.price_amount, row.amount, row.payer, row.waived_amount,
                  row.reason, row.base_line, row.share_percent,
                  (row.party_kind, row.party_id) if row.party_id else None)


def _charges_set(bill: Bill) -> facts.ChargesSet:
    return facts.ChargesSet(bill.pk, bill.source_kind, bill.source_id, bill.due_amount, bill.covered_amount)
