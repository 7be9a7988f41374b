"""`aftercare token` and `aftercare export`: what they print, what they write, what they refuse."""

import argparse

import pytest

from aftercare.commands import CommandFailed, export, token
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as known
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def employee():
    given = {"actor": Actor.system("tests"), "at": clock.now()}
    branch = people.create_branch(number="HQ", name="总部", kind_of="head_office", **given)
    return people.create_employee(number="1001", name="沈明远", branch=branch, **given)


def _options(command, *words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


def test_a_token_is_printed_alone_and_works(employee, capsys):
    assert token.run(_options(token, "1001", "--scope", "read", "--days", "3")) == 0
    actor = known.authenticate_token(capsys.readouterr().out.strip(), at=clock.now())
    assert actor.employee_id == employee.pk and actor.scopes == frozenset({"read"})


def test_nobody_has_no_token(employee):
    with pytest.raises(NotFound):
        token.run(_options(token, "9999"))


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx"])
def test_a_register_becomes_a_file(employee, tmp_path, name, capsys):
    assert export.run(_options(export, "employees", str(tmp_path / name))) == 0
    assert capsys.readouterr().out.startswith("1 rows") and (tmp_path / name).stat().st_size > 0
    if name.endswith("csv"):
        assert "沈明远" in (tmp_path / name).read_text("utf-8-sig")


def test_an_unknown_register_or_file_is_refused(employee, tmp_path):
    for kind, name in (("dances", "x.csv"), ("employees", "x.pdf")):
        with pytest.raises(CommandFailed):
            export.run(_options(export, kind, str(tmp_path / name)))
