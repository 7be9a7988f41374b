"""Loaded for the tests of the rooms and of the whole alike."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from hypothesis import settings

pytest_plugins = ["tests.database"]
# Half past ten in the company's zone: a test that plans "in three hours" must not cross midnight because of the hour at
# which somebody runs it. The clock goes on from here. Before anything else is loaded: some modules look at it then.
BEGINS = dt.datetime.now(dt.UTC).replace(hour=2, minute=30, second=0, microsecond=0)
time_machine.travel(BEGINS, tick=True).start()

# Every run draws other examples. `--hypothesis-profile long` draws a dozen times as many, for a night.
settings.register_profile("short", max_examples=40, deadline=None, database=None)
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


@pytest.fixture(scope="session", autouse=True)
def numbers_of_the_navigation_are_kept():
    """However slow the machine is: a page's statements are counted without those of numbers that grew old meanwhile."""
    from aftercare.web import navigation

    navigation.KEPT_SECONDS = 3600
