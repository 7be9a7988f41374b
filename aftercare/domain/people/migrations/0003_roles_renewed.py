from django.db import migrations, models


def know_templates(apps, schema_editor):
    """Read from the journal which roles the product made, and what each allowed when it was made.

    A role that nobody edited allows what its template allowed then; of an edited one the first edit kept what was before.
    A role of the company's own making knows what all the others knew: what came since is new to it.
    """
    Role, Fact = apps.get_model("people", "Role"), apps.get_model("journal", "Fact")
    seeded = set(Fact.objects.filter(kind="people.role", verb="people.role.seed").values_list("object_id", flat=True))
    first = {}
    for object_id, changes in Fact.objects.filter(kind="people.role").order_by("id").values_list("object_id", "changes"):
        if "permissions" in changes and object_id not in first:
            first[object_id] = list(changes["permissions"][0] or [])
    roles = list(Role.objects.order_by("pk"))
    everybody = set()
    for role in roles:
        everybody.update(role.permissions)
        if role.pk in seeded:
            role.template = role.code
            role.known = sorted({code for code in first.get(role.pk, role.permissions) if code != "*"})
            everybody.update(role.known)
    for role in roles:
        if role.pk not in seeded:
            role.known = sorted(everybody - {"*"})
        role.save(update_fields=["template", "known"])


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
        ('people', '0002_regions_typed'),
    ]

    operations = [
        migrations.AddField(
            model_name='role',
            name='known',
            field=models.JSONField(default=list, editable=False, verbose_name='已比对的权限'),
        ),
        migrations.AddField(
            model_name='role',
            name='offered',
            field=models.JSONField(default=list, editable=False, verbose_name='待授予的新权限'),
        ),
        migrations.AddField(
            model_name='role',
            name='template',
            field=models.CharField(blank=True, default='', editable=False, max_length=24, verbose_name='角色模板'),
            preserve_default=False,
        ),
        migrations.RunPython(know_templates, migrations.RunPython.noop),
    ]
