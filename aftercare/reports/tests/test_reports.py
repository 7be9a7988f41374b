"""Reports on a small company: right figures, few statements, only what one may see."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.cache import cache

from aftercare.domain.journal.models import Fact
from aftercare.domain.work import actions as work
from aftercare.flows import sign_report
from aftercare.foundation.access import EVERYWHERE, Actor, Reach
from aftercare.foundation.refusals import NotAllowed, RuleBroken
from aftercare.jobs import day_end
from aftercare.reports import cash, dashboards, director_day, engineer_day, service_level, signatures

pytestmark = [pytest.mark.django_db, pytest.mark.both]
AT = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)  # noon in Shanghai
DAY = dt.date(2026, 3, 10)
HOUR = dt.timedelta(hours=1)
SYSTEM = Actor.system("test")


def model(name):
    return apps.get_model(name).objects


@pytest.fixture(autouse=True)
def _no_kept_pages():
    cache.clear()


@pytest.fixture
def company():
    """Two branches, an engineer, four orders: fixed in time, late and repeated, open and late, audited."""

    class Company:
        one = model("people.Branch").create(number="B1", name="一店", kind_of="branch", path="/1/")
        two = model("people.Branch").create(number="B2", name="二店", kind_of="branch", path="/2/")
        engineer = model("people.Employee").create(number="E1", name="王", branch=one, is_engineer=True)
        kind = model("catalog.WorkType").create(**_required("catalog.WorkType", name="维修"))

        def order(self, number, **fields):
            values = {
                "number": number, "branch": self.one, "work_type": self.kind, "title": "不制冷", "created_at": AT - 3 * HOUR,
                "month": DAY.replace(day=1), "engineer": self.engineer, **fields,
            }
            order = model("work.WorkOrder").create(**values)
            model("work.Figure").create(branch=order.branch, month=order.month, status=order.status, orders=1, amount=order.amount)
            return order

    c = Company()
    c.fixed = c.order("WO1", status="done", arrived_at=AT - 2 * HOUR, finished_at=AT - HOUR, due_at=AT, result="fixed", visit_count=1)
    c.slow = c.order("WO2", status="inspected", arrived_at=AT - HOUR, finished_at=AT, due_at=AT - HOUR, result="fixed",
                     visit_count=2, repeat_of=c.fixed)
    c.late = c.order("WO3", status="working", due_at=AT - HOUR)
    c.unsettled = c.order("WO4", status="audited", finished_at=AT - dt.timedelta(days=1), audited_at=AT, amount=Decimal(80), branch=c.two)
    model("work.Visit").create(order=c.fixed, engineer=c.engineer, sequence=1, assigned_at=AT - 3 * HOUR,
                               set_out_at=AT - 3 * HOUR, arrived_at=AT - 2 * HOUR, left_at=AT - HOUR)
    return c


def _required(label, **given):
    """Values for the columns that have neither default nor blank."""
    fields = apps.get_model(label)._meta.concrete_fields
    names = {f.name for f in fields}
    return {k: v for k, v in {"code": "R", "number": "R", **given}.items() if k in names}


def holder(branch, *codes):
    reach = Reach(branches=frozenset({branch.pk}))
    return Actor("employee", 77, "李", branch_id=branch.pk, employee_id=77, reaches=dict.fromkeys(codes, reach))


def test_service_level(company, django_assert_num_queries):
    with django_assert_num_queries(1):
        level = service_level.calculate(SYSTEM, since=DAY, until=DAY)
    assert (level.finished, level.response_minutes, level.repair_minutes) == (2, 90, 150)
    assert (level.first_time_rate, level.on_time_rate, level.repeat_rate) == (Decimal("0.5"),) * 3


def test_service_level_of_nothing_is_unknown(company):
    level = service_level.calculate(SYSTEM, since=DAY, until=DAY, branch_id=company.two.pk)
    assert (level.finished, level.on_time_rate, level.response_minutes) == (0, None, None)


@pytest.mark.parametrize("group", service_level.GROUPS)
def test_ranking_by_every_group(company, group, django_assert_num_queries):
    with django_assert_num_queries(1):
        levels = service_level.rank(SYSTEM, group=group, since=DAY, until=DAY)
    assert sum(level.finished for level in levels) == 2
    assert all(len(row) == len(service_level.COLUMNS) for row in service_level.rows(levels))


def test_service_level_needs_its_permission(company):
    with pytest.raises(NotAllowed):
        service_level.calculate(holder(company.one, "work.view_order"), since=DAY, until=DAY)


def test_engineers_day(company):
    day = engineer_day.calculate(SYSTEM, employee_id=company.engineer.pk, day=DAY)
    assert [t.number for t in day.trips] == ["WO1"]
    assert (day.finished, day.travel_minutes, day.work_minutes) == (2, 60, 60)
    assert day.figures()["kilometres"] is None
    assert [len(row) for row in engineer_day.rows(day)] == [len(engineer_day.COLUMNS)]


def test_an_engineer_sees_only_his_own_day(company):
    own = Reach(people=frozenset({company.engineer.pk}))
    himself = Actor("employee", company.engineer.pk, "王", employee_id=company.engineer.pk,
                    reaches={"work.view_order": own, "people.view_employee": own})
    assert engineer_day.calculate(himself, employee_id=company.engineer.pk, day=DAY).finished == 2
    colleague = holder(company.one, "work.view_order", "people.view_employee")
    with pytest.raises(NotAllowed):
        engineer_day.calculate(colleague, employee_id=company.engineer.pk, day=DAY)


def test_directors_day(company, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        one, two = director_day.calculate(SYSTEM, day=DAY, at=AT)
    assert (one.new, one.finished, one.open, one.late, one.unsettled) == (3, 2, 3, 1, 0)
    assert (two.new, two.unsettled, two.unsettled_amount) == (1, 1, Decimal(80))
    assert [len(row) for row in director_day.rows([one, two])] == [len(director_day.COLUMNS)] * 2


def test_a_director_reports_on_his_branch_only(company):
    his = holder(company.one, "reports.view_director_day", "people.view_branch", "work.view_order")
    assert [d.branch_id for d in director_day.calculate(his, day=DAY, at=AT)] == [company.one.pk]


def test_what_was_signed_stays_as_it_was(company):
    (line,) = director_day.calculate(SYSTEM, day=DAY, at=AT, branch_id=company.one.pk)
    director = holder(company.one, "reports.sign_director_day")
    given = {"subject_id": line.branch_id, "number": line.number, "branch_id": line.branch_id, "day": DAY, "at": AT}
    assert signatures.list_unsigned("director_day", [line.branch_id], DAY) == [line.branch_id]
    sign_report.sign("director_day", **given, figures=line.figures(), remark="已核对", actor=director)
    company.order("WO9")
    (signature,) = signatures.list_signatures("director_day", line.branch_id, DAY)
    assert (signature.name, signature.figures["new"], signature.remark) == ("李", 3, "已核对")
    assert signatures.list_unsigned("director_day", [line.branch_id], DAY) == []
    with pytest.raises(NotAllowed):
        sign_report.sign("director_day", **{**given, "branch_id": company.two.pk}, figures={}, actor=director)
    with pytest.raises(NotAllowed):
        sign_report.sign("director_day", **given, figures={}, actor=SYSTEM)
    for wrong in ({"day": DAY + dt.timedelta(days=9)},):
        with pytest.raises(RuleBroken):
            sign_report.sign("director_day", **{**given, **wrong}, figures={}, actor=director)
    with pytest.raises(RuleBroken):
        sign_report.sign("no_such", **given, figures={}, actor=director)


def test_an_engineer_signs_his_own_day(company):
    himself = Actor("employee", company.engineer.pk, "王", employee_id=company.engineer.pk)
    given = {"number": "E1", "branch_id": company.one.pk, "day": DAY, "figures": {}, "at": AT, "actor": himself}
    sign_report.sign("engineer_day", subject_id=company.engineer.pk, **given)
    with pytest.raises(NotAllowed):
        sign_report.sign("engineer_day", subject_id=company.engineer.pk + 1, **given)


def test_figures_are_kept_once_at_the_days_end(company):
    day_end.keep_reports(AT)
    day_end.keep_reports(AT + HOUR)
    assert Fact.objects.filter(name="ReportKept").count() == 2
    assert signatures.find_kept("director_day", company.one.pk, DAY)["late"] == 1
    day_end.warn_unsettled(AT)
    day_end.warn_unsettled(AT)
    assert Fact.objects.filter(name="UnsettledFound").count() == 1


def test_unsettled_orders(company):
    assert cash.count_unsettled(SYSTEM) == {company.two.pk: (1, Decimal(80))}
    ((number, *_rest),) = cash.unsettled_rows(SYSTEM)
    assert number == "WO4"


@pytest.mark.parametrize("role", dashboards.ROLES)
def test_dashboards_are_cheap_and_lead_to_their_rows(company, role, django_assert_max_num_queries):
    anybody = Actor("employee", company.engineer.pk, "王", employee_id=company.engineer.pk, reaches={"*": EVERYWHERE})
    with django_assert_max_num_queries(15):
        board = dashboards.calculate(anybody, at=AT, role=role)
    assert len({f.code for f in board.figures}) == len(board.figures)
    for figure in board.figures:
        if figure.register == "orders" and figure.kind == "count":
            from aftercare.domain.work import queries

            assert queries.list_orders(anybody, at=AT, **figure.filters).count() == figure.value, figure.code
    with django_assert_max_num_queries(0):
        assert dashboards.calculate(anybody, at=AT, role=role) == board


def test_a_dashboard_is_for_who_has_the_work(company):
    assert dashboards.roles_of(holder(company.one, "work.dispatch")) == ["dispatcher"]
    with pytest.raises(NotAllowed):
        dashboards.calculate(holder(company.one, "work.dispatch"), at=AT, role="manager")
    with pytest.raises(NotAllowed):
        dashboards.calculate(Actor("employee", 1, "x"), at=AT)


def test_folding_changes_no_figure(company):
    before = dashboards.calculate(SYSTEM, at=AT, role="dispatcher").figures
    work.fold_figures()
    cache.clear()
    assert dashboards.calculate(SYSTEM, at=AT, role="dispatcher").figures == before
