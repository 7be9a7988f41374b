"""The database itself refuses to change what is append-only."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from aftercare.domain.journal.models import Fact
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.tests.factories import AT, SYSTEM

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def fact():
    return record(Happening("test.done", "test", 1, "1", None, SYSTEM, AT))


@pytest.mark.parametrize("sql", ["UPDATE journal_fact SET note = 'x'", "DELETE FROM journal_fact", "UPDATE journal_fact SET id = id"])
def test_raw_sql_is_refused(fact, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    fact.refresh_from_db()
    assert fact.note == ""


def test_emptying_is_refused(fact):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite empties a table by DELETE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_fact CASCADE")
    assert Fact.objects.exists()


def test_every_ledger_has_its_guard():
    guarded = {"journal_fact", "journal_mention", "journal_seal", "settlement_accrual", "inventory_stockmove"}
    tables = {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
        else:
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        found = {name for (name,) in cursor.fetchall()}
    assert guarded <= found <= tables
