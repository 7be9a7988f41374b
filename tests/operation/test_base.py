"""The product starts."""

import sqlite3

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.both
def test_database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_safe_sqlite_is_in_place():
    assert sqlite3.sqlite_version_info >= (3, 51, 3)
