"""The command line, the checks' registry, the collecting of texts, the environment."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from aftercare import cli
from aftercare.commands import CommandFailed, _extract, migrate
from aftercare.config import checks as config_checks
from aftercare.config import environment
from aftercare.foundation import checks
from tests import postgres


def test_help_lists_every_command(capsys):
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("demo", "serve", "check", "backup", "restore", "prove"))


def test_an_unknown_command_is_refused(capsys):
    assert cli.main(["dance"]) == 2
    assert "dance" in capsys.readouterr().err


def test_a_check_that_breaks_is_a_problem(monkeypatch):
    monkeypatch.setattr(checks, "_checks", {})

    @checks.register_check("sound")
    def _sound():
        return []

    @checks.register_check("broken")
    def _broken():
        raise ZeroDivisionError("by zero")

    assert dict(checks.run_checks()) == {"sound": [], "broken": ["the check itself failed: ZeroDivisionError: by zero"]}
    assert dict(checks.run_checks(["sound"])) == {"sound": []}
    assert dict(checks.run_checks(["absent"]))["absent"]


def test_texts_are_found_in_python_and_templates():
    python = 'raise X(_("没有找到") % a, b=ngettext("%(n)d 单", "%(n)d 单", n), c=pgettext("动作", "打开"))'
    assert {t.msgid for t in _extract.from_python(python)} == {"没有找到", "%(n)d 单", "打开"}
    template = (
        '{% load i18n %}{% trans "保存" %}<p>{% blocktranslate with n=x count c=y %}共 {{ n }} 单'
        '{% plural %}共 {{ n }} 单们{% endblocktranslate %}</p>{{ _(\'派工\') }}{% translate "状态" context "单据" %}'
    )
    found = _extract.from_template(template, "x.html")
    assert {t.msgid for t in found} == {"保存", "共 %(n)s 单", "派工", "状态"}
    assert {t.context for t in found} == {None, "单据"}


def test_database_addresses():
    lite = environment.parse_database_url("sqlite:////var/lib/aftercare/a.sqlite3")
    assert lite["NAME"] == "/var/lib/aftercare/a.sqlite3"
    assert lite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    server = environment.parse_database_url("postgres://ann:p%40ss@db.example:5433/shop?sslmode=require")
    assert (server["USER"], server["PASSWORD"], server["PORT"], server["NAME"]) == ("ann", "p@ss", "5433", "shop")
    assert server["OPTIONS"]["sslmode"] == "require" and server["OPTIONS"]["pool"]
    assert environment.parse_database_url("postgres:///shop?host=/run/pg")["HOST"] == "/run/pg"
    assert server["OPTIONS"]["prepare_threshold"] == 3
    assert "prepare_threshold" not in environment.parse_database_url("postgres:///shop?prepare=off&pool=off")["OPTIONS"]
    with pytest.raises(ValueError, match="mysql"):
        environment.parse_database_url("mysql://x/y")


@pytest.mark.parametrize("url, other", [
    ("postgres://u:p@h:5432/postgres", "postgres://u:p@h:5432/way0"),
    ("postgres://u@h/postgres?sslmode=require", "postgres://u@h/way0?sslmode=require"),
    ("postgres://postgres:@/postgres?host=/tmp/a/data", "postgres://postgres:@/way0?host=/tmp/a/data"),
    ("postgres:///postgres?host=/run/pg/.s.PGSQL.5432", "postgres:///way0?host=/run/pg/.s.PGSQL.5432"),
])  # fmt: skip
def test_another_database_of_a_server_keeps_its_socket(url, other):
    assert postgres.database(url, "way0") == other


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("AFTERCARE_SECRET_KEY", raising=False)
    folder = tmp_path / "deep"
    key = environment.get_secret_key(folder)
    assert len(key) > 50 and environment.get_secret_key(folder) == key
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", "given")
    assert environment.get_secret_key(folder) == "given"


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_not_touched():
    assert migrate.find_newer() == []
    MigrationRecorder(connection).record_applied("journal", "9999_from_the_future")
    with pytest.raises(CommandFailed, match="newer"):
        migrate.bring_up_to_date(verbose=False)
    assert any("older" in problem for problem in config_checks.check_migrations())


@pytest.mark.django_db
def test_integrity_and_migrations_hold():
    assert config_checks.check_integrity() == []
    assert config_checks.check_migrations() == []
