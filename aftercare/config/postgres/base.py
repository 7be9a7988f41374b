"""Django's PostgreSQL back end, but a connection that met a failover is never given back to the pool."""

from django.db import DatabaseError
from django.db.backends.postgresql import base

# 25006: the server became a read-only standby. 57P01-57P03: it is being shut down or is not ready.
_LOST = {"25006", "57P01", "57P02", "57P03"}


def drop_lost_connection(execute, sql, params, many, context):
    """Run a statement; when the server says that it is no longer the one to write to, close the connection for good."""
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        raw = context["connection"].connection
        if getattr(error.__cause__, "sqlstate", None) in _LOST and raw is not None:
            raw.close()  # the pool throws closed connections away and opens new ones
        raise


# A list joins eight tables to its rows. Weighing all their orders took PostgreSQL 21 ms for a statement that runs half
# a millisecond. Django writes the list's own table first, then what filters need, then what is only shown.
_JOINS_WEIGHED = 4


# Statements that the server keeps parsed for a connection. With the driver's hundred a working day would throw them out in turn.
_STATEMENTS_KEPT = 1000


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, with joins planned nearly as they are written."""

    def _configure_connection(self, connection):
        super()._configure_connection(connection)
        connection.prepared_max = _STATEMENTS_KEPT
        with connection.cursor() as cursor:
            cursor.execute(f"SET join_collapse_limit = {_JOINS_WEIGHED}")
        return True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(drop_lost_connection)
