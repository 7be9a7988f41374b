import django.db.models.deletion
from django.db import migrations, models


OPEN = {"held", "out", "checking"}


def fill(apps, schema_editor):
    """A row for each receipt and loan there ever was, the open ones last to come.

    Until now a unit could be lent and received at once in a race. The later of the two gets a mark behind its item;
    `aftercare check custody.keepings` tells it, and giving it back ends it.
    """
    Keeping, taken = apps.get_model("custody", "Keeping"), set()
    for rows in (_goods(apps), _holdings(apps)):
        batch = []
        for is_open, row in rows:
            if is_open and row["item"] in taken:
                row["item"] = f"{row['item'][:70]}#{row['number']}"
            if is_open:
                taken.add(row["item"])
            batch.append(Keeping(**row))
            if len(batch) == 500:
                Keeping.objects.bulk_create(batch)
                batch = []
        Keeping.objects.bulk_create(batch)


def _goods(apps):
    rows = apps.get_model("custody", "Custody").objects.select_related("asset").order_by("pk")
    for one in rows.iterator(500):
        unit = one.asset
        item = f"goods:{one.pk}"
        if unit is not None:
            item = f"unit:{unit.product_id}:{unit.serial_key}" if unit.product_id and unit.serial_key else f"asset:{unit.pk}"
        is_open = one.status in OPEN
        yield is_open, dict(
            item=item, kind_of="goods", name=one.item, branch_id=one.branch_id, customer_id=one.customer_id, custody_id=one.pk,
            number=one.number, since=one.received_at, until=None if is_open else one.returned_at or one.received_at)


def _holdings(apps):
    for one in apps.get_model("custody", "Holding").objects.select_related("loaner").order_by("pk").iterator(500):
        unit = one.loaner
        item = f"unit:{unit.product_id}:{unit.serial_key}" if unit is not None else f"{one.kind_of}:{one.tool_id or one.paper_id}"
        is_open = one.status in OPEN
        yield is_open, dict(
            item=item, kind_of=one.kind_of, name=one.item, branch_id=one.branch_id, customer_id=one.customer_id,
            employee_id=one.employee_id, holding_id=one.pk, number=one.number, since=one.out_at,
            until=None if is_open else one.back_at or one.out_at)


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0002_things_and_ladder'),
        ('parties', '0003_customer_flags'),
        ('people', '0003_roles_renewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Keeping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=100, verbose_name='物品标识')),
                ('kind_of', models.CharField(choices=[('goods', '客户商品'), ('loaner', '备用机'), ('tool', '工具仪器'), ('paper', '借阅资料')], max_length=8, verbose_name='种类')),
                ('name', models.CharField(max_length=200, verbose_name='物品')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='单号')),
                ('since', models.DateTimeField(verbose_name='起')),
                ('until', models.DateTimeField(null=True, verbose_name='止')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='机构')),
                ('custody', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='custody.custody', verbose_name='客户商品登记')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer', verbose_name='客户')),
                ('employee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee', verbose_name='持有人')),
                ('holding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='custody.holding', verbose_name='借出领用')),
            ],
            options={
                'verbose_name': '在管',
                'indexes': [models.Index(fields=['branch', '-id'], name='keeping_branch'), models.Index(fields=['customer', '-id'], name='keeping_customer'), models.Index(fields=['employee', '-id'], name='keeping_employee')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('item',), name='keeping_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('custody', None), ('holding__isnull', False)), models.Q(('custody__isnull', False), ('holding', None)), _connector='OR'), name='keeping_of_one')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
