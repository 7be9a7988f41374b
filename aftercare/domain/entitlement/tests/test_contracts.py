"""Every write of contracts, their visits, quotas and instalments, and every refusal."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions, checks, queries
from aftercare.domain.entitlement.models import ContractNotice, Instalment, PlannedVisit, QuotaBalance, QuotaEntry
from aftercare.domain.entitlement.rules.instalments import Share
from aftercare.domain.entitlement.tests.test_actions import furnish
from aftercare.domain.inventory.tests.races import WON, race
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties.tests.company import AT, at_branch, found_company
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

DAY = dt.date
START, END = DAY(2026, 1, 1), DAY(2026, 12, 31)
JOB, OTHER_JOB = Source("work.workorder", 17, "WO17"), Source("work.workorder", 18, "WO18")


def sign(shop, **changes):
    """A contract on the shop's unit: 1200.00 in four instalments, two visits and three parts, maintenance each month's end."""
    values = {
        "customer": shop.customer, "branch_id": shop.here.pk, "name": "全保合同", "starts_on": START, "months": 12, "price": D("1200.00"),
        "quota": {"visits": D(2), "parts": D(3)}, "scopes": [{"asset": shop.unit}], "instalment_count": 4, "every_months": 3,
        "respond_minutes": 120, "visit_plans": [{"title": "例行保养", "work_type": shop.upkeep, "first_on": DAY(2026, 1, 31), "holidays": "keep"}],
    } | changes
    return actions.activate(actions.create_contract(**values, **shop.by_boss), **shop.by_boss)


@pytest.fixture
def shop(company):
    return equip(furnish(company))


def equip(shop):
    shop.by_boss = {"actor": shop.boss, "at": AT}
    shop.upkeep = catalog.ensure_work_type("保养", **shop.by_boss)[0]
    return shop


def amounts(contract):
    return list(Instalment.objects.filter(contract=contract).order_by("sequence").values_list("amount", "status"))


def left(contract):
    return dict(QuotaBalance.objects.filter(contract=contract).values_list("kind_of", "left_qty"))


def test_from_draft_to_a_signed_contract(shop):
    draft = actions.create_contract(
        customer=shop.customer, branch_id=shop.here.pk, name="全保", starts_on=START, months=12, price=D("100.00"), instalment_count=3,
        **shop.by_boss)
    assert (draft.status, draft.ends_on, draft.number[:2]) == ("draft", END, "HT")
    assert [amount for amount, _status in amounts(draft)] == [D("33.34"), D("33.33"), D("33.33")]
    with pytest.raises(RuleBroken) as refused:
        actions.activate(draft, **shop.by_boss)
    assert refused.value.code == "covers_no_unit"

    # A draft is changed in everything; the instalments follow a new price, and must sum to it.
    draft = actions.edit_contract(draft, price_amount=D("200.00"), quota={"hours": D("7.5")}, **shop.by_boss)
    assert sum(amount for amount, _status in amounts(draft)) == 200
    with pytest.raises(RuleBroken, match="分期合计"):
        actions.edit_contract(draft, shares=[Share(START, D("199.99"))], **shop.by_boss)
    draft = actions.edit_contract(draft, shares=[Share(DAY(2026, 6, 1), D("150.00")), Share(START, D("50.00"))], **shop.by_boss)
    assert [amount for amount, _status in amounts(draft)] == [50, 150]

    stranger = parties.create_customer(name="别人", branch_id=shop.here.pk, **shop.by_boss)
    foreign = assets.register_asset(product=shop.product, serial="X-9", customer=stranger, branch_id=shop.here.pk, **shop.by_boss)
    with pytest.raises(RuleBroken) as refused:
        actions.add_scope(draft, asset=foreign, **shop.by_boss)
    assert refused.value.code == "other_owner"
    actions.add_scope(draft, asset=shop.unit, **shop.by_boss)
    signed = actions.activate(queries.get_contract(draft.pk, shop.boss), **shop.by_boss)
    assert (signed.status, signed.agreed_days, left(signed)) == ("active", 365, {"hours": D("7.5")})

    # Afterwards only who looks after it and the remark; another contract may not name the same unit for the same days.
    with pytest.raises(Invalid):
        actions.edit_contract(signed, price_amount=D(1), **shop.by_boss)
    assert actions.edit_contract(signed, remark="续约优先", **shop.by_boss).remark == "续约优先"
    with pytest.raises(RuleBroken) as refused:
        sign(shop, starts_on=END)
    assert refused.value.code == "double_cover" and refused.value.params["contract"] == signed.number
    scope = signed.scopes.get()
    with pytest.raises(RuleBroken):
        actions.remove_scope(queries.get_contract(signed.pk, shop.boss), scope.pk, **shop.by_boss)

    draft = actions.create_contract(customer=shop.customer, branch_id=shop.here.pk, name="下一年", starts_on=DAY(2028, 1, 1), months=1, **shop.by_boss)
    assert actions.withdraw(draft, reason="客户不签", **shop.by_boss).status == "withdrawn"


@pytest.mark.parametrize(("wrong", "code"), [
    ({"name": " "}, "name_missing"), ({"months": 0}, "no_length"), ({"months": 0, "ends_on": DAY(2025, 1, 1)}, "bad_span"),
    ({"covers_parts": False, "covers_labour": False, "covers_travel": False}, "covers_nothing"), ({"instalment_count": 0}, "bad_count"),
    ({"over_use": "rate"}, "rate_missing"), ({"over_use": "guess"}, "unknown_over_use"), ({"price": D("-1")}, "amount_too_small"),
    ({"visit_plans": [{"title": "", "work_type": None}]}, "title_missing"),
])  # fmt: skip
def test_what_a_contract_may_not_say(shop, wrong, code):
    with pytest.raises(RuleBroken) as refused:
        sign(shop, **wrong)
    assert refused.value.code == code


def test_who_may_keep_and_see_contracts(shop):
    contract = sign(shop)
    viewer = at_branch(shop.here, "entitlement.view_contract")
    elsewhere = at_branch(shop.there, "entitlement.view_contract", "entitlement.keep_contract")
    assert queries.get_contract(contract.number, viewer).pk == contract.pk
    with pytest.raises(NotAllowed):
        actions.suspend(contract, from_on=START, reason="x", actor=viewer, at=AT)
    with pytest.raises(NotFound):
        queries.get_contract(contract.number, elsewhere)


@pytest.mark.both
def test_the_decision_knows_the_contract_for_any_number_of_units_in_four_statements(shop, django_assert_max_num_queries):
    contract = sign(shop)
    others = [
        assets.register_asset(product=shop.product, serial=f"F-{n}", customer=shop.customer, branch_id=shop.here.pk, place="老厂区",
                              sold_on=DAY(2020, 1, 1), **shop.by_boss)
        for n in range(4)
    ]
    site = sign(shop, scopes=[{"category": shop.product.category, "site": "老 厂区"}], name="厂区合同")
    queries.decide(asset_id=shop.unit.pk, on=DAY(2026, 5, 1))  # the terms are in memory, as in a company at work
    with django_assert_max_num_queries(4):
        found = queries.decide_many([shop.unit.pk, *(unit.pk for unit in others)], DAY(2026, 5, 1))
    # Out of warranty the contract pays; while the warranty pays, the contract is still named for its limits.
    assert found[shop.unit.pk].service_class == "B" and found[shop.unit.pk].contract["number"] == contract.number
    assert {found[unit.pk].contract["number"] for unit in others} == {site.number}
    early = queries.decide_many([shop.unit.pk], DAY(2026, 2, 1))[shop.unit.pk]
    assert (early.service_class, early.contract["respond_minutes"]) == ("C", 120)
    assert queries.decide_many([shop.unit.pk], DAY(2027, 1, 1))[shop.unit.pk].service_class == "A"
    # Sold to somebody else, the unit is not his contract's any more.
    stranger = parties.create_customer(name="买主", branch_id=shop.here.pk, **shop.by_boss)
    assets.change_owner(shop.unit, customer=stranger, on=DAY(2026, 4, 1), **shop.by_boss)
    assert queries.decide_many([shop.unit.pk], DAY(2026, 5, 1))[shop.unit.pk].contract == {}


def test_the_quota_ledger_never_goes_below_zero_and_gives_back(shop):
    contract = sign(shop)
    uses = actions.use(contract, {"visits": D(1), "parts": D(5), "hours": D(9)}, source=JOB, **shop.by_boss)
    assert [(use.kind, use.taken, use.over) for use in uses] == [("visits", 1, 0), ("parts", 3, 2)]
    assert left(contract) == {"visits": 1, "parts": 0}
    # The same again changes nothing; other needs take anew; what another job frees can be used.
    assert actions.use(contract, {"visits": D(1), "parts": D(5)}, source=JOB, **shop.by_boss) == uses
    assert QuotaEntry.objects.filter(contract=contract, cause="use").count() == 2
    (over,) = actions.use(contract, {"parts": D(1)}, source=OTHER_JOB, **shop.by_boss)
    assert (over.taken, over.over) == (0, 1)
    actions.use(contract, {"parts": D(2)}, source=JOB, **shop.by_boss)
    assert left(contract) == {"visits": 2, "parts": 1}
    assert actions.give_back(OTHER_JOB, **shop.by_boss) and not actions.give_back(OTHER_JOB, **shop.by_boss)
    assert queries.over_quota(queries.list_contracts(shop.boss)).count() == 0
    assert checks.check_quotas() == []

    # Neither the balance nor the ledger lets itself be written past the rules.
    for write in (lambda: QuotaBalance.objects.filter(contract=contract).update(left_qty=-1), lambda: QuotaEntry.objects.update(qty=9)):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            write()


def test_visits_are_made_once_and_follow_the_calendar_until_somebody_fixes_them(shop):
    contract = sign(shop)
    days = list(PlannedVisit.objects.order_by("period_on").values_list("visit_on", flat=True))
    assert len(days) == 12 and days[1] == DAY(2026, 2, 28) and days[-1] == DAY(2026, 12, 31)
    assert actions.plan_visits(contract, **shop.by_boss) == 0
    first, second, *_rest = queries.list_visits(shop.boss).filter(visit_on__gt=AT.date()).order_by("visit_on")
    moved = actions.put_off(first, visit_on=first.visit_on + dt.timedelta(days=2), **shop.by_boss)
    contract.visit_rules.update(holidays="previous")
    contract.visit_rules.filter(first_on=DAY(2026, 1, 31)).update(unit="month")
    actions.plan_visits(contract, **shop.by_boss)
    assert PlannedVisit.objects.get(pk=first.pk).visit_on == moved.visit_on
    with pytest.raises(RuleBroken):
        actions.put_off(second, visit_on=DAY(2027, 1, 1), **shop.by_boss)
    assert actions.skip(second, reason="客户休假", **shop.by_boss).status == "skipped"
    opened = actions.note_opened(moved, order_number="WO1", **shop.by_boss)
    with pytest.raises(WrongState):
        actions.note_opened(moved, order_number="WO2", **shop.by_boss)
    assert actions.put_back(opened, reason="服务单取消", **shop.by_boss).order_number == ""
    rule = contract.visit_rules.get()
    actions.stop_visit_plan(queries.get_contract(contract.pk, shop.boss), rule.pk, reason="改自己做", **shop.by_boss)
    assert not PlannedVisit.objects.filter(status="planned").exists()


def test_a_suspension_puts_the_end_off_and_leaves_its_visits_out(shop):
    contract = sign(shop)
    contract = actions.suspend(contract, from_on=DAY(2026, 3, 1), reason="停业装修", **shop.by_boss)
    assert queries.decide_many([shop.unit.pk], DAY(2026, 3, 20))[shop.unit.pk].service_class == "A"
    assert not any(visit.visit_on >= DAY(2026, 3, 1) for visit in queries.visits_to_open(shop.boss, DAY(2026, 4, 30)))
    with pytest.raises(RuleBroken):
        actions.resume(contract, resume_on=DAY(2026, 3, 1), **shop.by_boss)
    contract = actions.resume(contract, resume_on=DAY(2026, 5, 1), **shop.by_boss)
    assert (contract.status, contract.ends_on) == ("active", END + dt.timedelta(days=61))
    assert set(PlannedVisit.objects.filter(status="skipped").values_list("visit_on", flat=True)) == {DAY(2026, 3, 31), DAY(2026, 4, 30)}
    assert PlannedVisit.objects.filter(visit_on__gt=END).count() == 2
    assert queries.earned_amounts([contract], contract.ends_on) == {contract.pk: D("1200.00")}
    assert queries.decide_many([shop.unit.pk], DAY(2026, 4, 30))[shop.unit.pk].contract == {}


def test_an_early_end_is_foreseen_and_does_what_was_told(shop):
    contract = sign(shop)
    told = queries.foresee_end(contract, DAY(2026, 6, 30))
    assert (told.served_days, told.earned, told.let_off, told.visits) == (181, D("595.07"), D("604.93"), 6)
    assert [becomes for _row, becomes in told.instalments] == [300, D("295.07"), 0, 0]
    with pytest.raises(RuleBroken):
        actions.end(contract, last_on=END, reason="x", **shop.by_boss)
    ended = actions.end(contract, last_on=DAY(2026, 6, 30), reason="客户搬迁", **shop.by_boss)
    assert (ended.status, ended.ends_on) == ("ended", DAY(2026, 6, 30))
    assert amounts(ended) == [(300, "planned"), (D("295.07"), "planned"), (0, "cancelled"), (0, "cancelled")]
    assert PlannedVisit.objects.filter(status="planned").count() == 6
    assert queries.ended_with_quota(shop.boss, DAY(2026, 7, 1)) == [ended]
    actions.lapse(ended, **shop.by_boss)
    assert set(left(ended).values()) == {0} and checks.check_quotas() == []


def test_a_renewal_follows_without_gap_and_only_once(shop):
    contract = sign(shop)
    assert queries.to_notice(shop.boss, DAY(2026, 11, 30)) == []
    (ending,) = queries.to_notice(shop.boss, DAY(2026, 12, 1))
    assert actions.make_notices(ending, at=AT) == 2 and actions.make_notices(ending, at=AT) == 0
    notice = queries.list_notices(shop.boss).filter(audience="customer").get()
    actions.note_told(notice, outcome="愿意续约", **shop.by_boss)
    with pytest.raises(WrongState):
        actions.note_told(notice, **shop.by_boss)

    actions.use(contract, {"visits": D(1)}, source=JOB, **shop.by_boss)
    contract = actions.renew(contract, price=D("1300.00"), **shop.by_boss)
    renewal = queries.find_renewal_of(contract)
    assert (renewal.starts_on, renewal.ends_on, renewal.status) == (DAY(2027, 1, 1), DAY(2027, 12, 31), "active")
    assert (left(renewal), left(contract)["visits"]) == ({"visits": 2, "parts": 3}, 1)
    assert list(Instalment.objects.filter(contract=renewal).order_by("sequence").values_list("due_on", "amount")) == [
        (DAY(2027, month, 1), D("325.00")) for month in (1, 4, 7, 10)]
    assert PlannedVisit.objects.filter(contract=renewal).count() == 12 and not ContractNotice.objects.filter(done_at=None).exists()
    for again in (lambda: actions.renew(contract, **shop.by_boss), lambda: actions.end(contract, last_on=START, reason="x", **shop.by_boss),
                  lambda: actions.suspend(contract, from_on=START, reason="x", **shop.by_boss)):
        with pytest.raises(WrongState) as refused:
            again()
        assert refused.value.code == "renewed_already"
    for day, number in ((DAY(2026, 12, 31), contract.number), (DAY(2027, 1, 1), renewal.number)):
        assert queries.decide_many([shop.unit.pk], day)[shop.unit.pk].contract["number"] == number
    assert queries.over_by(shop.boss, DAY(2027, 1, 1)) == [contract]
    with pytest.raises(WrongState, match="还没有到期"):
        actions.pass_on(contract, **shop.by_boss)
    later = {"actor": shop.boss, "at": dt.datetime(2028, 1, 1, tzinfo=dt.UTC)}
    assert actions.pass_on(contract, **later).status == "renewed" and left(contract)["visits"] == 0
    last = actions.expire(renewal, **later)
    with pytest.raises(WrongState):
        actions.pass_on(last, **later)
    assert last.status == "expired" and actions.renew(last, months=6, **shop.by_boss).status == "expired"


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Many at once. The negative controls are the same races with the guard left out."""

    CLIENTS = 6

    @pytest.fixture
    def contract(self, transactional_db):
        shop = equip(furnish(found_company()))
        self.by_boss = shop.by_boss
        return sign(shop)

    def test_a_plan_run_by_many_at_once_makes_each_visit_once(self, contract):
        PlannedVisit.objects.filter(contract=contract).delete()
        outcome = race(self.CLIENTS, lambda _n: actions.plan_visits(contract, **self.by_boss) >= 0)
        assert outcome == {WON: self.CLIENTS} and PlannedVisit.objects.filter(contract=contract).count() == 12

    def test_the_last_of_a_quota_is_taken_once(self, contract):
        actions.use(contract, {"visits": D(1)}, source=JOB, **self.by_boss)

        def take(number: int) -> bool:
            (use,) = actions.use(contract, {"visits": D(1)}, source=Source("work.workorder", 100 + number, "WO"), **self.by_boss)
            return use.over == 0

        assert race(self.CLIENTS, take) == {WON: 1, "lost": self.CLIENTS - 1}
        assert left(contract)["visits"] == 0 and checks.check_quotas() == []

    def test_without_the_lock_the_last_is_taken_by_many(self, contract):
        """Negative control: read the balance, decide, write."""
        import threading

        everybody_has_read = threading.Barrier(self.CLIENTS)
        QuotaBalance.objects.filter(contract=contract, kind_of="visits").update(left_qty=1)

        def take(_number: int) -> bool:
            free = QuotaBalance.objects.get(contract=contract, kind_of="visits").left_qty
            everybody_has_read.wait()
            QuotaBalance.objects.filter(contract=contract, kind_of="visits").update(left_qty=free - 1)
            return free >= 1

        assert race(self.CLIENTS, take)[WON] > 1

    def test_a_contract_is_renewed_once(self, contract):
        def renew(_number: int) -> bool:
            actions.renew(queries.get_contract(contract.pk, self.by_boss["actor"]), **self.by_boss)
            return True

        assert race(self.CLIENTS, renew) == {WON: 1, "renewed_already": self.CLIENTS - 1}
