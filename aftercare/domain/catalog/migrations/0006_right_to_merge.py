from django.db import migrations


def give_right(apps, schema_editor):
    """Whoever keeps the catalogue and its prices, managers and administrators, may merge what was typed twice."""
    for role in apps.get_model("people", "Role").objects.all():
        if {"catalog.edit", "catalog.edit_price"} <= set(role.permissions):
            role.permissions = sorted({*role.permissions, "catalog.merge"})
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0005_articles_and_merges"),
        ("people", "0002_regions_typed"),
    ]

    operations = [
        migrations.RunPython(give_right, migrations.RunPython.noop),
    ]
