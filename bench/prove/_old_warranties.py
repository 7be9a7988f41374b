"""A database as the first schema left it: rows are written, all migrations run, and the same decisions come out."""

from __future__ import annotations

import datetime as dt

D = dt.date
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
OLD = [("entitlement", "0001_initial"), ("assets", "0001_initial"), ("parties", "0001_initial")]
# Unit: day asked for, class, last day, as the first version answered.
EXPECTED = {
    "by term": (D(2026, 3, 15), "C", D(2026, 3, 15)), "late": (D(2026, 3, 16), "A", D(2026, 3, 15)),
    "by line": (D(2027, 5, 1), "C", D(2027, 5, 1)), "reversed": (D(2025, 6, 1), "A", None),
    "put off": (D(2026, 3, 25), "C", D(2026, 3, 25)), "goodwill": (D(2026, 6, 1), "D", D(2026, 6, 1)),
    "doubtful": (D(2025, 6, 1), "A", D(2026, 3, 15)),
}


def prove() -> str:
    """Migrate to the old schema, write, migrate on, decide."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(OLD)
    ids = _write(MigrationExecutor(connection).loader.project_state(OLD).apps)
    call_command("migrate", verbosity=0)
    from django.apps import apps

    from aftercare.domain.entitlement import queries

    for name, (on, letter, until) in EXPECTED.items():
        found = queries.decide(asset_id=ids[name], on=on)
        assert (found.service_class, found.ends_on) == (letter, until), f"{name}: {found}"
    entries = apps.get_model("entitlement.WarrantyEntry").objects
    assert set(entries.values_list("parts_percent", "borne_by", "counts_repair_days")) == {(100, "maker", True)}
    try:
        with transaction.atomic():
            entries.update(name="x")
        raise AssertionError("a warranty line could be changed after the migrations")
    except DatabaseError:
        pass
    placed = apps.get_model("assets.Placement").objects.filter(component_id=ids["component"], unit_id=ids["by term"], to_on=None)
    assert placed.count() == 1, "a component known before has no place"
    return f"{len(EXPECTED)} units of the first schema are decided as before, and the ledger is still guarded"


def _write(apps) -> dict[str, int]:
    def make(model: str, **values):
        return apps.get_model(model).objects.create(**values)

    branch = make("people.Branch", number="H", name="本店", path="/1/") if _has(apps, "people.Branch", "path") else make("people.Branch", number="H", name="本店")
    category = make("catalog.Category", code="K", name="空调", name_key="空调")
    product = make("catalog.Product", name="K1", name_key="k1", category=category)
    term = make("entitlement.Term", name="整机一年", category=category, months=12, valid_from=D(2020, 1, 1))
    ids = {}
    for number, name in enumerate([*EXPECTED, "component"]):
        sale = {} if name == "component" else {"sold_on": D(2025, 3, 15), "invoiced_on": D(2025, 3, 15), "invoice_number": f"F{number}"}
        row = make("assets.Asset", number=f"A{number}", product=product, serial=f"S{number}", serial_key=f"S{number}", branch=branch,
                   token=str(number), created_at=AT, invoice_serial="OTHER" if name == "doubtful" else "",
                   parent_id=ids["by term"] if name == "component" else None, **sale)
        ids[name] = row.pk

    def line(name: str, kind: str, start: D, end: D, **more):
        return make("entitlement.WarrantyEntry", asset_id=ids[name], kind_of=kind, name=kind, starts_on=start, ends_on=end,
                    made_at=AT, actor_name="甲", **more)

    line("by line", "base", D(2025, 3, 15), D(2027, 5, 1), term=term)
    first = line("reversed", "base", D(2025, 3, 15), D(2026, 3, 15))
    line("reversed", "reversal", D(2025, 3, 15), D(2026, 3, 15), reverses=first)
    line("put off", "repair_days", D(2025, 5, 1), D(2025, 5, 10))
    line("goodwill", "goodwill", D(2026, 6, 1), D(2026, 6, 1), service_class="D")
    return ids


def _has(apps, model: str, field: str) -> bool:
    return any(one.name == field for one in apps.get_model(model)._meta.get_fields())
