import django.db.models.deletion
from django.db import migrations, models

from aftercare.foundation.append_only import AppendOnlyStill


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_initial'),
        ('parties', '0003_customer_flags'),
        ('people', '0003_roles_renewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_kind', models.CharField(max_length=40, verbose_name='来源种类')),
                ('source_id', models.BigIntegerField(verbose_name='来源')),
                ('source_number', models.CharField(max_length=40, verbose_name='来源单号')),
                ('about', models.CharField(choices=[('part_arrived', '配件已到'), ('waiting_part', '等待配件'), ('delay', '延期'), ('repaired', '已修好'), ('quote', '待确认报价')], max_length=14, verbose_name='通知事项')),
                ('because', models.CharField(blank=True, max_length=200, verbose_name='情况')),
                ('since', models.DateTimeField(verbose_name='起')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已联系次数')),
                ('last_at', models.DateTimeField(null=True, verbose_name='上次联系')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='了结时间')),
                ('end', models.CharField(blank=True, choices=[('told', '已通知'), ('over', '不再需要')], max_length=6, verbose_name='了结')),
            ],
            options={
                'verbose_name': '待通知',
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer', verbose_name='客户'),
        ),
        migrations.AddField(
            model_name='notice',
            name='employee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee', verbose_name='工程师'),
        ),
        migrations.AddField(
            model_name='notice',
            name='outcome',
            field=models.CharField(choices=[('reached', '已告知'), ('message', '已留言'), ('not_reached', '未联系上')], default='reached', max_length=12, verbose_name='结果'),
        ),
        migrations.AddField(
            model_name='notice',
            name='outlet',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='网点'),
        ),
        migrations.AddField(
            model_name='notice',
            name='told_to',
            field=models.CharField(blank=True, max_length=60, verbose_name='接听人'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['customer', '-id'], name='notice_customer'),
        ),
        migrations.AddField(
            model_name='duty',
            name='branch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='机构'),
        ),
        migrations.AddField(
            model_name='duty',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer', verbose_name='客户'),
        ),
        migrations.AddField(
            model_name='duty',
            name='employee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee', verbose_name='工程师'),
        ),
        migrations.AddField(
            model_name='duty',
            name='outlet',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.branch', verbose_name='网点'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['branch', 'since', 'id'], name='duty_open'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(fields=['customer', '-id'], name='duty_customer'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(fields=('source_kind', 'source_id', 'about', 'since'), name='duty_once'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('source_kind', 'source_id', 'about'), name='duty_open_once'),
        ),
        AppendOnlyStill("orders_notice"),
    ]
