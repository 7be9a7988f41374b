"""What every table keeps to."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from tests.house import tree

OWN = [model for model in apps.get_models() if model.__module__.startswith("aftercare.")]


def _fields():
    return [(model, field) for model in OWN for field in model._meta.local_fields if not field.auto_created]


def test_no_binary_fractions():
    assert [f"{m.__name__}.{f.name}" for m, f in _fields() if isinstance(f, models.FloatField)] == []


def test_money_and_quantities_are_decimals():
    wrong = [
        f"{m.__name__}.{f.name}"
        for m, f in _fields()
        if (f.name.endswith(("_amount", "_qty", "_price")) or f.name in {"amount", "qty", "price"})
        and not isinstance(f, models.DecimalField)
    ]
    assert wrong == []


def test_every_field_has_a_name_for_people():
    def is_named(field) -> bool:
        return str(field.verbose_name) != field.name.replace("_", " ") or isinstance(field, models.AutoField)

    inherited = {"password", "last_login", "is_superuser", "ptr"}
    assert [f"{m._meta.label}.{f.name}" for m, f in _fields() if not is_named(f) and f.name not in inherited] == []


def test_every_table_has_a_name_for_people():
    unnamed = [m._meta.label for m in OWN if not m._meta.abstract and "verbose_name" not in m._meta.original_attrs]
    assert unnamed == []


def test_models_hold_no_writes():
    found = [m._meta.label for m in OWN if "save" in vars(m) or "delete" in vars(m)]
    assert found == [], "a model that overrides save or delete hides a write"


def test_requests_are_not_wrapped_in_transactions():
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")


def _guarded_tables() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%' "
                "GROUP BY tbl_name HAVING count(*) = 2"
            )
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_append\\_only' AND tgenabled = 'O'"
            )
        return {table for (table,) in cursor.fetchall()}


@pytest.mark.both
@pytest.mark.django_db
def test_what_says_that_it_is_append_only_is_guarded_by_the_database():
    told = {m._meta.db_table for m in OWN if "append-only" in (m.__doc__ or "").lower()}
    ledgers = {"journal_fact", "journal_seal", "ledger_entry", "ledger_line", "inventory_stockmove"}
    assert (told | ledgers) - _guarded_tables() == set()


def test_every_room_has_one_first_migration():
    missing = [r.name for r in tree.list_rooms() if not list((r / "migrations").glob("0001_*.py"))]
    assert missing == []
