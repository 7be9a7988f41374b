import django.db.models.deletion
from django.db import migrations, models

from aftercare.foundation.search import SearchAgain


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_search_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArticleCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gtin', models.CharField(max_length=14, unique=True, verbose_name='商品条码')),
                ('note', models.CharField(blank=True, max_length=60, verbose_name='备注')),
            ],
            options={
                'verbose_name': '另有条码',
            },
        ),
        migrations.AddField(
            model_name='category',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='catalog.category', verbose_name='并入'),
        ),
        migrations.AddField(
            model_name='code',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='catalog.code', verbose_name='并入'),
        ),
        migrations.AddField(
            model_name='part',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='catalog.part', verbose_name='并入'),
        ),
        migrations.AddField(
            model_name='product',
            name='maker',
            field=models.CharField(blank=True, max_length=120, verbose_name='生产厂家'),
        ),
        migrations.AddField(
            model_name='product',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='catalog.product', verbose_name='并入'),
        ),
        migrations.AddField(
            model_name='product',
            name='unit',
            field=models.CharField(default='台', max_length=10, verbose_name='单位'),
        ),
        migrations.AddIndex(
            model_name='part',
            index=models.Index(condition=models.Q(('gtin', ''), _negated=True), fields=['gtin'], name='part_gtin'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('gtin', ''), _negated=True), fields=['gtin'], name='product_gtin'),
        ),
        migrations.AddField(
            model_name='articlecode',
            name='part',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='article_codes', to='catalog.part', verbose_name='配件'),
        ),
        migrations.AddField(
            model_name='articlecode',
            name='product',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='article_codes', to='catalog.product', verbose_name='产品'),
        ),
        migrations.AddConstraint(
            model_name='articlecode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('part', None), ('product__isnull', False)), models.Q(('part__isnull', False), ('product', None)), _connector='OR'), name='article_code_of_one'),
        ),
        # SQLite may have made both tables anew.
        SearchAgain('catalog_part'),
        SearchAgain('catalog_product'),
    ]
