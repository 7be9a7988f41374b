"""Loaded for the tests of the rooms and of the whole alike."""

from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.database"]

# Every run draws other examples. `--hypothesis-profile long` draws twenty times as many, for a night.
settings.register_profile("short", max_examples=25, deadline=None, database=None)
settings.register_profile("long", max_examples=500, deadline=None, database=None)
settings.load_profile("short")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings):
    """Start on SQLite from a copy of the migrated database; PostgreSQL has a template of its own."""
    from django.db import connection

    from tests import template

    if connection.vendor != "sqlite":
        return False
    template.copy_sqlite(Path(connection.settings_dict["TEST"]["NAME"]))
    return True
