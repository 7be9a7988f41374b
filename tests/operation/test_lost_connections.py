"""A connection that met a failover is closed for good, so that the pool opens a new one."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError

from aftercare.config.postgres.base import drop_lost_connection


@pytest.mark.parametrize("sqlstate, closed", [("25006", True), ("57P01", True), ("40001", False), (None, False)])
def test_only_a_lost_server_closes(sqlstate, closed):
    raw = SimpleNamespace(closed=False)
    raw.close = lambda: setattr(raw, "closed", True)

    def execute(*_args):
        cause = Exception()
        cause.sqlstate = sqlstate
        raise OperationalError("x") from cause

    with pytest.raises(OperationalError):
        drop_lost_connection(execute, "UPDATE", [], False, {"connection": SimpleNamespace(connection=raw)})
    assert raw.closed is closed
