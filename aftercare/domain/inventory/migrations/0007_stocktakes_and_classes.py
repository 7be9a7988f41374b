import aftercare.foundation.money
import aftercare.foundation.quantity
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models

from aftercare.foundation.append_only import AppendOnly


def give_rights(apps, schema_editor):
    """Whoever might count and book differences alone until now may take part in stocktakes; large ones are not a keeper's."""
    for role in apps.get_model("people", "Role").objects.all():
        if "inventory.adjust" in role.permissions:
            new = ["inventory.plan_count", "inventory.count", "inventory.approve_count", "inventory.classify"]
            if role.code != "keeper":
                new.append("inventory.approve_large_count")
            role.permissions = sorted({*role.permissions, *new})
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_search_again'),
        ('inventory', '0006_supplier_returns'),
        ('people', '0002_regions_typed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('month', models.DateField(verbose_name='月份')),
                ('a_percent', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='A 类累计比例')),
                ('b_percent', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='B 类累计比例')),
                ('x_variation', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='X 类变异系数上限')),
                ('y_variation', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='Y 类变异系数上限')),
                ('parts', models.PositiveIntegerField(default=0, verbose_name='配件数')),
                ('computed_at', models.DateTimeField(verbose_name='计算时间')),
                ('computed_by', models.CharField(max_length=80, verbose_name='计算人')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='机构')),
            ],
            options={
                'verbose_name': '配件分类',
            },
        ),
        migrations.CreateModel(
            name='CountRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('recount_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, null=True, verbose_name='复盘起点数量')),
                ('recount_percent', models.DecimalField(decimal_places=2, default=Decimal('5'), max_digits=6, null=True, verbose_name='复盘起点比例')),
                ('recount_amount', aftercare.foundation.money.MoneyField(decimal_places=2, default=Decimal('500'), max_digits=16, null=True, verbose_name='复盘起点金额')),
                ('approve_amount', aftercare.foundation.money.MoneyField(decimal_places=2, default=Decimal('5000'), max_digits=16, null=True, verbose_name='大额差异起点金额')),
                ('is_own_count', models.BooleanField(default=False, verbose_name='允许自盘')),
                ('cycle_a_days', models.PositiveSmallIntegerField(default=30, verbose_name='A 类盘点周期（天）')),
                ('cycle_b_days', models.PositiveSmallIntegerField(default=90, verbose_name='B 类盘点周期（天）')),
                ('cycle_c_days', models.PositiveSmallIntegerField(default=180, verbose_name='C 类盘点周期（天）')),
                ('a_percent', models.DecimalField(decimal_places=2, default=Decimal('80'), max_digits=5, verbose_name='A 类累计比例')),
                ('b_percent', models.DecimalField(decimal_places=2, default=Decimal('95'), max_digits=5, verbose_name='B 类累计比例')),
                ('x_variation', models.DecimalField(decimal_places=2, default=Decimal('0.50'), max_digits=5, verbose_name='X 类变异系数上限')),
                ('y_variation', models.DecimalField(decimal_places=2, default=Decimal('1.00'), max_digits=5, verbose_name='Y 类变异系数上限')),
                ('slow_days', models.PositiveSmallIntegerField(default=180, verbose_name='呆滞天数')),
                ('dead_days', models.PositiveSmallIntegerField(default=365, verbose_name='死库存天数')),
                ('branch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='机构')),
            ],
            options={
                'verbose_name': '盘点与分类规则',
            },
        ),
        migrations.CreateModel(
            name='PartClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('abc', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], max_length=1, verbose_name='ABC 分类')),
                ('xyz', models.CharField(choices=[('X', 'X'), ('Y', 'Y'), ('Z', 'Z')], max_length=1, verbose_name='XYZ 分类')),
                ('rank', models.PositiveIntegerField(verbose_name='名次')),
                ('usage_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, verbose_name='用量')),
                ('usage_amount', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='用量金额')),
                ('share_percent', models.DecimalField(decimal_places=4, max_digits=7, verbose_name='累计比例')),
                ('variation', models.DecimalField(decimal_places=4, max_digits=8, null=True, verbose_name='变异系数')),
                ('stock_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, verbose_name='库存数量')),
                ('stock_amount', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='库存金额')),
                ('classification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='inventory.classification', verbose_name='配件分类')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.part', verbose_name='配件')),
            ],
            options={
                'verbose_name': '配件分类明细',
            },
        ),
        migrations.CreateModel(
            name='Stocktake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='单号')),
                ('status', models.CharField(choices=[('counting', '盘点中'), ('submitted', '待审核'), ('settled', '已入账'), ('cancelled', '已作废'), ('reversed', '已冲销')], default='counting', max_length=10, verbose_name='状态')),
                ('scope_of', models.CharField(choices=[('whole', '整库'), ('bins', '指定货位'), ('cycle', '循环盘点'), ('parts', '指定配件')], max_length=10, verbose_name='盘点范围')),
                ('abc', models.CharField(blank=True, max_length=1, verbose_name='ABC 分类')),
                ('chosen', models.JSONField(blank=True, default=list, editable=False, verbose_name='指定内容')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='轮次')),
                ('memo', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('planned_by_name', models.CharField(max_length=80, verbose_name='安排人')),
                ('created_at', models.DateTimeField(verbose_name='安排时间')),
                ('counted_on', models.DateField(null=True, verbose_name='盘点日期')),
                ('booked_on', models.DateField(null=True, verbose_name='入账日')),
                ('value_amount', aftercare.foundation.money.MoneyField(decimal_places=2, editable=False, max_digits=16, null=True, verbose_name='差异金额')),
                ('reviewer', models.CharField(blank=True, editable=False, max_length=60, verbose_name='退回人')),
                ('approved_by_name', models.CharField(blank=True, max_length=80, verbose_name='审核人')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='审核时间')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='机构')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.place', verbose_name='库位')),
            ],
            options={
                'verbose_name': '盘点单',
            },
        ),
        migrations.CreateModel(
            name='StocktakeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='行号')),
                ('condition', models.CharField(choices=[('good', '良品'), ('inspection', '待检'), ('defective', '不良品'), ('return', '待返还')], default='good', max_length=10, verbose_name='状态')),
                ('lot', models.CharField(blank=True, max_length=60, verbose_name='批次或序列号')),
                ('is_unexpected', models.BooleanField(default=False, verbose_name='账外')),
                ('is_open', models.BooleanField(default=True, verbose_name='未结')),
                ('state', models.CharField(choices=[('open', '待盘'), ('recount', '待复盘'), ('agreed', '已定'), ('disputed', '有争议')], default='open', max_length=10, verbose_name='盘点状态')),
                ('is_sent_back', models.BooleanField(default=False, verbose_name='退回复盘')),
                ('counted_round', models.PositiveSmallIntegerField(default=0, verbose_name='已盘轮次')),
                ('book_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, default=0, max_digits=15, verbose_name='账面数')),
                ('counted_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, null=True, verbose_name='实盘数')),
                ('counted_at', models.DateTimeField(null=True, verbose_name='盘点时间')),
                ('counted_by_name', models.CharField(blank=True, max_length=80, verbose_name='盘点人')),
                ('expected_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, null=True, verbose_name='应有数')),
                ('difference_qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, null=True, verbose_name='差异数')),
                ('difference_amount', aftercare.foundation.money.MoneyField(decimal_places=2, max_digits=16, null=True, verbose_name='差异金额')),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='差异原因')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.part', verbose_name='配件')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.place', verbose_name='货位')),
                ('stocktake', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.stocktake', verbose_name='盘点单')),
            ],
            options={
                'verbose_name': '盘点明细',
            },
        ),
        migrations.CreateModel(
            name='CountEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='轮次')),
                ('qty', aftercare.foundation.quantity.QuantityField(decimal_places=3, max_digits=15, verbose_name='实盘数')),
                ('at', models.DateTimeField(verbose_name='盘点时间')),
                ('counter', models.CharField(max_length=60, verbose_name='盘点人标识')),
                ('counter_name', models.CharField(max_length=80, verbose_name='盘点人')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='备注')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='inventory.stocktakeline', verbose_name='盘点明细')),
            ],
            options={
                'verbose_name': '实盘记录',
            },
        ),
        migrations.AddConstraint(
            model_name='classification',
            constraint=models.UniqueConstraint(fields=('branch', 'month'), name='classified_once'),
        ),
        migrations.AddIndex(
            model_name='partclass',
            index=models.Index(fields=['classification', 'rank'], name='part_class_rank'),
        ),
        migrations.AddConstraint(
            model_name='partclass',
            constraint=models.UniqueConstraint(fields=('classification', 'part'), name='part_classified_once'),
        ),
        migrations.AddIndex(
            model_name='stocktake',
            index=models.Index(fields=['branch', '-id'], name='stocktake_branch'),
        ),
        migrations.AddIndex(
            model_name='stocktake',
            index=models.Index(condition=models.Q(('status__in', ['counting', 'submitted'])), fields=['status', '-id'], name='stocktake_open'),
        ),
        migrations.AddIndex(
            model_name='stocktakeline',
            index=models.Index(fields=['part', 'place'], name='stocktake_line_part'),
        ),
        migrations.AddConstraint(
            model_name='stocktakeline',
            constraint=models.UniqueConstraint(fields=('stocktake', 'position'), name='stocktake_line_once'),
        ),
        migrations.AddConstraint(
            model_name='stocktakeline',
            constraint=models.UniqueConstraint(fields=('stocktake', 'place', 'part', 'condition', 'lot'), name='stocktake_key_once'),
        ),
        migrations.AddConstraint(
            model_name='stocktakeline',
            constraint=models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('place', 'part', 'condition', 'lot'), name='counted_in_one_stocktake'),
        ),
        migrations.AddConstraint(
            model_name='countentry',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gte', 0)), name='counted_not_negative'),
        ),
        AppendOnly("inventory_countentry"),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
