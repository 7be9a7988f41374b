"""What was backed up comes back byte for byte; what is damaged is refused before anything is touched."""

import hashlib
import os
import secrets
import subprocess
import sys
import zipfile
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from aftercare.commands import CommandFailed, _archive
from tests import template

WRITE = """
import django; django.setup()
import datetime as dt
from aftercare.domain.journal.models import Fact
for i in range(50):
    Fact.objects.create(at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), verb="test", kind="test", actor_kind="system",
                        actor_name="漏水\\t\\n'\\\\", digest=str(i), note="行" * i, data={"n": i, "text": "漏水"})
"""
READ = """
import django; django.setup()
from aftercare.domain.journal.models import Fact
import hashlib
print(hashlib.sha256(repr(list(Fact.objects.order_by("id").values_list())).encode()).hexdigest())
Fact.objects.create(at=Fact.objects.first().at, verb="next", kind="test", actor_kind="s", actor_name="s", digest="n")
"""


def _run(*arguments: str, data_dir, url: str = "", code: str = "") -> subprocess.CompletedProcess:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AFTERCARE_")}
    environment = {**kept, "AFTERCARE_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "aftercare.config.settings"}
    if url:
        environment["AFTERCARE_DATABASE_URL"] = url
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "aftercare", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def two_addresses(tmp_path, request):
    """Two empty databases of the kind that this run tests."""
    if connection.vendor == "sqlite":
        yield "", ""
        return
    request.getfixturevalue("db")
    parts = urlsplit(os.environ["AFTERCARE_TEST_DATABASE_URL"])
    names = [f"aftercare_backup_{secrets.token_hex(4)}" for _ in range(2)]
    migrated = connection.settings_dict["TEST"]["TEMPLATE"]
    _on_server(f"CREATE DATABASE {names[0]} TEMPLATE {migrated}", f"CREATE DATABASE {names[1]}")
    yield tuple(urlunsplit(parts._replace(path=f"/{name}")) for name in names)
    _on_server(*(f"DROP DATABASE {name} WITH (FORCE)" for name in names))


def _on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.both
@pytest.mark.slow
def test_round_trip(tmp_path, two_addresses):
    here, there = tmp_path / "here", tmp_path / "there"
    first, second = two_addresses
    archive = tmp_path / "out" / "save.zip"
    if not first:
        template.copy_sqlite(here / "aftercare.sqlite3")
    assert _run(data_dir=here, url=first, code=WRITE).returncode == 0
    (here / "media" / "visits").mkdir(parents=True)
    (here / "media" / "visits" / "铭牌.jpg").write_bytes(os.urandom(3000))

    saved = _run("backup", str(archive), data_dir=here, url=first)
    assert saved.returncode == 0, saved.stderr
    assert archive.stat().st_mode & 0o077 == 0

    there.mkdir()
    restored = _run("restore", str(archive), data_dir=there, url=second)
    assert restored.returncode == 0, restored.stderr
    before, after = (_run(data_dir=d, url=u, code=READ) for d, u in ((here, first), (there, second)))
    assert before.stdout == after.stdout != "", after.stderr
    for name in ("media/visits/铭牌.jpg", "secret-key", "journal-key"):
        assert _sum(here / name) == _sum(there / name)
    assert (there / "secret-key").stat().st_mode & 0o077 == 0

    again = _run("restore", str(archive), data_dir=there, url=second)
    assert again.returncode == 1 and "--force" in again.stderr
    assert _run("restore", str(archive), "--force", data_dir=there, url=second).returncode == 0
    assert _run("check", "migrations", "integrity", data_dir=there, url=second).returncode == 0


def _sum(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "save.zip"
    with _archive.writing(path) as writer:
        writer.add("media/a", [b"one" * 1000])
        writer.add("media/b", [b"two" * 1000])
        writer.finish(engine="sqlite")
    return path


def test_a_sound_archive_verifies(archive):
    _archive.Reader(archive).verify()


@pytest.mark.parametrize("where", [0, 40, 500, -200, -1])
def test_one_wrong_byte_is_refused(archive, where):
    content = bytearray(archive.read_bytes())
    content[where] ^= 0x40
    archive.write_bytes(content)
    with pytest.raises(CommandFailed, match="damaged"):
        _archive.Reader(archive).verify()


def test_a_cut_archive_is_refused(archive):
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(CommandFailed, match="damaged"):
        _archive.Reader(archive).verify()


def test_a_member_put_in_later_is_refused(archive):
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("media/../../evil", b"x")
    with pytest.raises(CommandFailed, match="damaged"):
        _archive.Reader(archive).verify()


def test_an_interrupted_backup_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), _archive.writing(tmp_path / "save.zip") as writer:
        writer.add("a", [b"x"])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
