"""The chain finds every edit, insertion, deletion, swap and cut that raw SQL can make."""

import datetime as dt
import random
from pathlib import Path

import pytest
from django.db import connection

from aftercare.domain.journal import anchoring, sealing
from aftercare.domain.journal.models import Fact, Seal
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import Happening, record
from tests.database import triggers_aside

AT = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
SYSTEM = Actor.system("test")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def write(count=1):
    for n in range(count):
        record(Happening("test.done", "test", n, f"T{n}", 1, SYSTEM, AT, changes={"a": [n, n + 1]}, note="说明"))


@pytest.fixture
def heads(settings, tmp_path) -> Path:
    settings.AFTERCARE_JOURNAL_HEADS = tmp_path / "journal-heads.log"
    return settings.AFTERCARE_JOURNAL_HEADS


@pytest.fixture
def chain(heads):
    """Five seals over forty facts, heads written outside, and three facts not sealed yet."""
    for _n in range(5):
        write(8)
        sealing.seal(at=AT)
    anchoring.anchor()
    write(3)
    assert sealing.verify() == []
    return heads


def sql(*statements):
    """As an administrator of the database would: past every trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("; ".join(["SET session_replication_role = replica", *statements, "SET session_replication_role = origin"]))
            return
    with triggers_aside(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def ids():
    return list(Fact.objects.order_by("id").values_list("id", flat=True))


def edit(rng):
    column, value = rng.choice([
        ("note", "'x'"), ("actor_name", "'别人'"), ("actor_id", "77"), ("verb", "'test.undone'"), ("changes", "'{\"a\": [0, 9]}'"),
        ("at", "'2026-01-01 00:00:00'"), ("number", "'T99'"), ("branch_id", "NULL"), ("object_id", "123"), ("data", "'{\"b\": 1}'"),
        ("digest", f"'{'0' * 64}'"),
    ])
    sql(f"UPDATE journal_fact SET {column} = {value} WHERE id = {rng.choice(ids())}")


def delete(rng):
    sql(f"DELETE FROM journal_fact WHERE id = {rng.choice(ids()[:40])}")


def delete_and_mend_the_count(rng):
    gone = rng.choice(ids()[:40])
    seal = Seal.objects.get(first__lte=gone, last__gte=gone)
    sql(f"DELETE FROM journal_fact WHERE id = {gone}",
        f"UPDATE journal_seal SET count = {seal.count - 1}, gaps = '[{gone}]' WHERE id = {seal.pk}")


def swap(rng):
    one, two = rng.sample(ids()[:40], 2)
    sql(f"UPDATE journal_fact SET id = 999999 WHERE id = {one}", f"UPDATE journal_fact SET id = {one} WHERE id = {two}",
        f"UPDATE journal_fact SET id = {two} WHERE id = 999999")


def cut_facts(rng):
    sql(f"DELETE FROM journal_fact WHERE id >= {rng.choice(ids()[:40])}")


def cut_with_seals(rng):
    seal = rng.choice(list(Seal.objects.all()))
    sql(f"DELETE FROM journal_seal WHERE id >= {seal.pk}", f"DELETE FROM journal_fact WHERE id >= {seal.first}")


def drop_a_seal(rng):
    sql(f"DELETE FROM journal_seal WHERE id = {rng.choice(list(Seal.objects.values_list('id', flat=True)))}")


def edit_a_seal(rng):
    column = rng.choice(["digest", "previous"])
    sql(f"UPDATE journal_seal SET {column} = '{'1' * 64}' WHERE id = {rng.choice(list(Seal.objects.values_list('id', flat=True)))}")


def put_in(rng):
    columns = [f.column for f in Fact._meta.concrete_fields if f.column != "id"]
    listed, place = ", ".join(f'"{c}"' for c in columns), rng.choice([0, -5, 10**9])
    sql(f"INSERT INTO journal_fact (id, {listed}) SELECT {place}, {listed} FROM journal_fact WHERE id = {rng.choice(ids())}",
        f"UPDATE journal_fact SET note = 'forged' WHERE id = {place}")


ATTACKS = [edit, delete, delete_and_mend_the_count, swap, cut_facts, cut_with_seals, drop_a_seal, edit_a_seal, put_in]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_is_found(chain, attack, seed):
    attack(random.Random(seed))
    assert sealing.verify()


def test_without_the_file_a_clean_cut_is_not_seen(chain, settings):
    """Negative control: it is the file outside the database that finds the cut of a whole tail."""
    settings.AFTERCARE_JOURNAL_HEADS = None
    seal = Seal.objects.order_by("id").last()
    sql(f"DELETE FROM journal_seal WHERE id = {seal.pk}", f"DELETE FROM journal_fact WHERE id >= {seal.first}")
    assert sealing.verify() == []
    settings.AFTERCARE_JOURNAL_HEADS = chain
    assert any("cut off" in problem for problem in sealing.verify())


def test_a_missing_file_of_heads_is_a_problem(chain):
    chain.unlink()
    assert any("missing" in problem for problem in sealing.verify())


def test_another_key_fits_nothing(chain, settings):
    settings.AFTERCARE_JOURNAL_KEY = "another"
    assert sealing.verify()


def test_heads_are_written_once_and_a_torn_line_is_mended(chain):
    lines = chain.read_text().splitlines()
    assert len(lines) == 5 and anchoring.anchor() == 0
    with chain.open("ab") as file:
        file.write(b"6 abc")
    sealing.seal(at=AT)
    assert anchoring.anchor() == 1
    assert sealing.verify() == []
    assert chain.read_text().splitlines()[-1].startswith("6 ") or len(chain.read_text().splitlines()) == 7


@pytest.mark.django_db(transaction=True)
def test_sealing_writes_its_head_when_it_is_committed(heads):
    write(2)
    made = sealing.seal(at=AT)
    assert heads.read_text() == f"{made.pk} {made.digest}\n"


def test_nothing_new_makes_no_seal(chain):
    assert sealing.seal(at=AT) is not None
    assert sealing.seal(at=AT) is None


def test_late_facts_are_sealed_when_they_come(heads):
    write(3)
    late = Fact.objects.order_by("id")[1]
    columns = [f.attname for f in Fact._meta.concrete_fields]
    values = {name: getattr(late, name) for name in columns}
    sql(f"DELETE FROM journal_fact WHERE id = {late.pk}")
    first = sealing.seal(at=AT)
    assert late.pk in first.gaps
    anchoring.anchor()
    Fact(**values).save(force_insert=True)  # a slow transaction commits only now
    assert sealing.verify() == []
    second = sealing.seal(at=AT)
    assert second.late == [late.pk] and second.count == 1
    anchoring.anchor()
    assert sealing.verify() == []
    sql(f"DELETE FROM journal_fact WHERE id = {late.pk}")
    assert sealing.verify()


def test_a_forged_fact_in_a_gap_is_found(heads):
    write(3)
    ghost = Fact.objects.order_by("id")[1]
    values = {f.attname: getattr(ghost, f.attname) for f in Fact._meta.concrete_fields}
    sql(f"DELETE FROM journal_fact WHERE id = {ghost.pk}")
    sealing.seal(at=AT)
    anchoring.anchor()
    Fact(**{**values, "note": "forged"}).save(force_insert=True)
    assert any("put in" in problem for problem in sealing.verify())
