"""The first page: for whom, how cheap, and that every figure leads to exactly the rows it counts."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from aftercare.domain.people import queries as people
from aftercare.domain.people.models import Employee
from aftercare.foundation import clock
from aftercare.reports import dashboards
from aftercare.web.dashboard import views
from aftercare.web.field.tests.staff import dispatched, hire, register, sign_in
from aftercare.web.pages.registers import REGISTERS


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def manager(company):
    employee = Employee.objects.create(number="E8", name="经理", branch=company.branch)
    hire(employee, "manager")
    return employee


def test_engineers_go_to_their_telephone(company):
    assert sign_in(company.wang).get("/")["Location"] == "/field/"


@pytest.mark.parametrize("name", ["clerk", "dispatcher", "auditor", "inspector"])
def test_each_role_has_a_first_page(company, name):
    register(company)
    assert sign_in(getattr(company, name)).get("/").status_code == 200


def test_a_manager_sees_it_in_few_statements_and_for_free_within_30_seconds(company, manager):
    dispatched(company)
    browser = sign_in(manager)
    with CaptureQueriesContext(connection) as first:
        page = browser.get("/").content.decode()
    with CaptureQueriesContext(connection) as second:
        browser.get("/")
    assert "新增与完成" in page and company.wang.name in page
    assert len(first) <= 40 and len(second) <= 12, (len(first), len(second))


def test_a_dashboard_of_another_role_is_refused(company):
    assert sign_in(company.clerk).get("/?role=manager").status_code == 403


def test_every_figure_leads_to_the_rows_it_counts(company, manager):
    register(company)
    dispatched(company, asset=None, title="漏水")
    actor = people.actor_for(manager)
    for role in dashboards.roles_of(actor):
        for figure in dashboards.calculate(actor, at=clock.now(), role=role).figures:
            if figure.kind != "count" or role == "engineer":
                continue
            address, _mark, query = views.address_of(figure).partition("?")
            found = REGISTERS[address.strip("/")]
            assert found.narrowed(actor, QueryDict(query)).count() == figure.value, (role, figure)
