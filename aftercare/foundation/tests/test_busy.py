"""Which errors of a database mean "try again", and which do not."""

import pytest
from django.db import DataError, OperationalError

from aftercare.foundation import busy


class PoolTimeout(Exception):
    """As psycopg_pool's own."""


class _Coded(Exception):
    def __init__(self, sqlstate):
        super().__init__("x")
        self.sqlstate = sqlstate


def _error(cause=None, text="x", kind=OperationalError):
    error = kind(text)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("error", [
    _error(text="database is locked"), _error(text="database table is locked"), _error(_Coded("40P01")),
    _error(_Coded("55P03")), _error(_Coded("40001")), _error(PoolTimeout("no connection after 20 sec")),
])  # fmt: skip
def test_too_many_writers_are_told_as_busy(error):
    found = busy.find(error)
    assert (found.status, found.code, found.headers) == (503, "busy", {"Retry-After": "2"})


@pytest.mark.parametrize("error", [
    None, ValueError("locked"), _error(text="disk I/O error"), _error(_Coded("53100")), _error(text="locked", kind=DataError),
])  # fmt: skip
def test_other_errors_are_not(error):
    assert busy.find(error) is None
