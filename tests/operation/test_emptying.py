"""Tests that commit get a clean database back, although append-only tables refuse to be emptied."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from aftercare.domain.journal.models import Fact

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def _write_fact() -> Fact:
    return Fact.objects.create(at=AT, verb="test", kind="test", actor_kind="system", actor_name="test", digest="x")


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", [1, 2])
def test_committed_rows_are_gone_in_the_next_test(_round):
    assert not Fact.objects.exists()
    _write_fact()


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_triggers_are_back_in_place():
    fact = _write_fact()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_fact SET verb = 'other' WHERE id = %s", [fact.pk])
