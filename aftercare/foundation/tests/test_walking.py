"""`walked` finds what `in` finds, and leaves SQLite the index of the list's order."""

import pytest
from django.db import connection

from aftercare.domain.journal.models import Fact
from aftercare.domain.people.models import Employee
from aftercare.domain.work.models import WorkOrder
from aftercare.domain.work.tests.company import found_company

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_it_finds_what_in_finds():
    company = found_company()
    ids = {company.branch.pk, company.other.pk}
    for rows, column in ((Employee.objects, "branch_id"), (Fact.objects, "branch_id"), (Employee.objects, "grants__branch_id")):
        walked = rows.filter(**{f"{column}__walked": ids}).order_by("pk")
        assert list(walked) == list(rows.filter(**{f"{column}__in": ids}).order_by("pk"))
    assert Employee.objects.filter(branch_id__walked=ids).count() == 6
    assert not Employee.objects.filter(branch_id__walked=[]).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's planner weighs by itself")
def test_a_list_walks_its_own_index():
    rows = WorkOrder.objects.filter(branch_id__walked=[1, 2, 3]).order_by("-created_at", "-id")
    plan = rows[:80].explain()
    assert "order_new" in plan and "TEMP B-TREE" not in plan
