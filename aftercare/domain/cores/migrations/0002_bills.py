import aftercare.foundation.money
import django.db.models.deletion
from django.db import migrations, models

from aftercare.foundation.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('cores', '0001_initial'),
        ('people', '0003_roles_renewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoreBill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='单号')),
                ('status', models.CharField(choices=[('open', '待收'), ('disputed', '有异议'), ('collected', '已收'), ('waived', '已豁免')], default='open', max_length=10, verbose_name='状态')),
                ('month', models.DateField(verbose_name='月份')),
                ('amount', aftercare.foundation.money.MoneyField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('currency', models.CharField(default='CNY', max_length=3, verbose_name='币种')),
                ('made_at', models.DateTimeField(verbose_name='出账时间')),
                ('objection', models.CharField(blank=True, max_length=200, verbose_name='异议')),
                ('reply', models.CharField(blank=True, max_length=200, verbose_name='答复')),
                ('collected_at', models.DateTimeField(null=True, verbose_name='收款时间')),
                ('collected_by', models.CharField(blank=True, max_length=80, verbose_name='收款人')),
                ('method', models.CharField(blank=True, max_length=12, verbose_name='收款方式')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='收款凭证号')),
                ('waived_reason', models.CharField(blank=True, max_length=200, verbose_name='豁免原因')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='机构')),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='网点')),
            ],
            options={
                'verbose_name': '网点旧件扣款单',
            },
        ),
        migrations.CreateModel(
            name='CoreBillLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', aftercare.foundation.money.MoneyField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cores.corebill', verbose_name='网点旧件扣款单')),
                ('charge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bill_line', to='cores.corecharge', verbose_name='旧件扣款')),
            ],
            options={
                'verbose_name': '扣款单明细',
            },
        ),
        migrations.AddIndex(
            model_name='corebill',
            index=models.Index(fields=['branch', '-id'], name='core_bill_branch'),
        ),
        migrations.AddIndex(
            model_name='corebill',
            index=models.Index(fields=['status', '-id'], name='core_bill_status'),
        ),
        migrations.AddConstraint(
            model_name='corebill',
            constraint=models.UniqueConstraint(fields=('outlet', 'month'), name='core_bill_once'),
        ),
        AppendOnly("cores_corebillline"),
    ]
