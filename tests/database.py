"""The throw-away database: which one, and how it is emptied after a test that committed.

Append-only tables refuse to be emptied, which is their purpose. A test that commits (races, locks) gets its database
back with the refusing triggers set aside for a moment, and with the rows that migrations had put in.
"""

from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

_SQLITE_TRIGGERS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
    "AND (name LIKE '%_no_update' OR name LIKE '%_no_delete')"
)
_POSTGRES_TRIGGERS = (
    "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal "
    "AND (tgname LIKE '%_append_only' OR tgname LIKE '%_no_truncate')"
)


@contextmanager
def triggers_aside():
    """Set the triggers of the append-only tables aside, for tests only."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = cursor.execute(_SQLITE_TRIGGERS).fetchall()
            away = [f'DROP TRIGGER "{name}"' for name, _sql in found]
            back = [sql for _name, sql in found]
        else:
            cursor.execute(_POSTGRES_TRIGGERS)
            found = cursor.fetchall()
            away = [f'ALTER TABLE {table} DISABLE TRIGGER "{name}"' for name, table in found]
            back = [f'ALTER TABLE {table} ENABLE TRIGGER "{name}"' for name, table in found]
        for statement in away:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in back:
                cursor.execute(statement)


def _empty_and_refill(case) -> None:
    contents = getattr(connection, "_test_serialized_contents", None)
    with triggers_aside():
        call_command("flush", verbosity=0, interactive=False, allow_cascade=True, inhibit_post_migrate=bool(contents))
    if contents:
        connection.creation.deserialize_db_from_string(contents)


@pytest.fixture(scope="session", autouse=True)
def _committing_tests_leave_no_trace():
    kept = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _empty_and_refill
    yield
    TransactionTestCase._fixture_teardown = kept


@pytest.fixture(scope="session", autouse=True)
def _texts_are_compiled():
    from aftercare.commands import messages

    messages.compile_stale()


def pytest_report_header() -> str:
    """Say on which database this run stands."""
    from django.conf import settings

    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"
