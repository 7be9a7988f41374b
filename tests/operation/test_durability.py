"""A database that could lose committed rows is refused."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from aftercare.config import durability, holding
from aftercare.config.durability import PostgresFacts, SqliteFacts

SOUND = SqliteFacts(version=(3, 53, 4), journal_mode="wal", synchronous=2, foreign_keys=True)
SOUND_SERVER = PostgresFacts(version=150004, synchronous_commit="on", fsync="on", full_page_writes="on")


@pytest.mark.parametrize(
    "version, affected",
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_versions_with_the_wal_race_are_known(version, affected):
    assert durability.has_wal_race(version) is affected
    assert bool(durability.find_sqlite_problems(replace(SOUND, version=version))) is affected


def test_a_racy_sqlite_may_serve_one_process():
    assert durability.find_sqlite_problems(replace(SOUND, version=(3, 40, 1)), alone=True) == []


@pytest.mark.parametrize(
    "wrong, word",
    [
        ({"journal_mode": "delete"}, "WAL"),
        ({"synchronous": 0}, "synchronous is OFF"),
        ({"synchronous": 1}, "synchronous is NORMAL"),
        ({"foreign_keys": False}, "foreign keys"),
    ],
)
def test_a_careless_sqlite_is_refused(wrong, word):
    [problem] = durability.find_sqlite_problems(replace(SOUND, **wrong))
    assert word in problem


@pytest.mark.parametrize(
    "wrong, word",
    [
        ({"version": 140012}, "15 or newer"),
        ({"synchronous_commit": "off"}, "synchronous_commit"),
        ({"fsync": "off"}, "fsync"),
        ({"full_page_writes": "off"}, "full_page_writes"),
        ({"read_only": True}, "standby"),
    ],
)
def test_a_careless_server_is_refused(wrong, word):
    assert durability.find_postgres_problems(SOUND_SERVER) == []
    [problem] = durability.find_postgres_problems(replace(SOUND_SERVER, **wrong))
    assert word in problem


@pytest.mark.both
@pytest.mark.django_db
def test_the_careless_database_of_the_tests_itself_is_found_out():
    assert durability.find_problems(), "the tests switch synchronous writing off, and that is seen"


@pytest.mark.durable
def test_the_settings_of_the_product_are_durable(tmp_path):
    code = (
        "import django; django.setup(); from aftercare.config import durability as d;"
        "from django.conf import settings; assert not settings.DATABASES['default'].get('ATOMIC_REQUESTS');"
        "print(d.find_problems())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], env=_clean_environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_who_needs_the_data_directory_alone_is_refused_while_another_holds_it(tmp_path):
    holding.hold(tmp_path, "database", alone=False)
    code = (
        "import sys; from pathlib import Path; from aftercare.config import holding\n"
        "try: holding.hold(Path(sys.argv[1]), 'database', alone=sys.argv[2] == 'alone')\n"
        "except holding.Held: sys.exit(3)"
    )

    def ask(how: str) -> int:
        return subprocess.run([sys.executable, "-c", code, str(tmp_path), how], check=False).returncode

    assert ask("shared") == 0
    assert ask("alone") == 3
    holding.release(tmp_path, "database")
    assert ask("alone") == 0


def _clean_environment(data_dir) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AFTERCARE_")}
    return {**kept, "AFTERCARE_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "aftercare.config.settings"}
