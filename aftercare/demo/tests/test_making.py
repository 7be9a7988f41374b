"""A small demo holds every state, is the same each time, and passes every check of the product."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from aftercare.demo import cast, making, words
from aftercare.demo.company import STAFF
from aftercare.domain.cases.models import Contact
from aftercare.domain.feedback.models import Callback
from aftercare.domain.journal.models import Delivery, Fact
from aftercare.domain.parties.models import Customer
from aftercare.domain.work import queries as orders
from aftercare.domain.work.lifecycle import Status
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation import checks
from aftercare.jobs import schedules

NOW = dt.datetime(2026, 5, 13, 6, 20, tzinfo=dt.UTC)  # a Wednesday, 14:20 in Shanghai


class _Undo(Exception):
    pass


def _fingerprint() -> list:
    rows = WorkOrder.objects.order_by("number")
    return [
        *rows.values_list("number", "status", "customer__name", "asset__serial", "engineer__number", "amount", "finished_at"),
        *Customer.objects.order_by("number").values_list("number", "name", "phone"),
        *Callback.objects.order_by("number").values_list("number", "status", "attitude"),
        Fact.objects.count(),
    ]


@pytest.mark.django_db
def test_a_small_demo_has_every_state_and_stands_every_check():
    told = []
    with pytest.raises(_Undo), transaction.atomic():
        making.make(making.TINY, now=NOW)
        first = _fingerprint()
        raise _Undo
    making.make(making.TINY, now=NOW, tell=lambda done, total: told.append((done, total)))
    assert _fingerprint() == first, "the same each time"
    assert told[-1] == (making.TINY.orders, making.TINY.orders)

    found = set(WorkOrder.objects.values_list("status", flat=True))
    assert found == set(Status.values)
    assert set(WorkOrder.objects.values_list("mode", flat=True)) >= {"on_site", "bench"}
    assert not Fact.objects.filter(at__gt=NOW).exists(), "nothing happens later than now"
    assert WorkOrder.objects.count() == making.TINY.orders
    assert Customer.objects.count() == making.TINY.customers
    assert Contact.objects.filter(led_to_kind="work.workorder").count() == making.TINY.orders
    assert not Delivery.objects.exclude(state="done").exists(), "the worker finds nothing left to do"

    autodiscover_modules("checks")
    schedules.seal_rest(at=NOW)
    assert orders.compare_figures() == []
    names = [name for name in checks.list_names() if name == "journal" or "." in name]
    assert names and [(name, problems) for name, problems in checks.run_checks(names) if problems] == []


def test_the_cast_is_of_the_staff():
    numbers = {row[0] for row in STAFF}
    assert {row[0] for row in cast.CAST} <= numbers and len(numbers) == 26
    assert words.PASSWORD in cast.describe("http://127.0.0.1:8000")
