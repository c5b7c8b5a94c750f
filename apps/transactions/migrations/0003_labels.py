"""Labels for the admin: nothing changes in the tables."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0002_search"),
        ("transactions", "0002_history_is_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="purchaserequest",
            options={"verbose_name": "сделка", "verbose_name_plural": "сделки"},
        ),
        migrations.AlterField(
            model_name="dealstep",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="кто"
            ),
        ),
        migrations.AlterField(
            model_name="dealstep",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="когда"),
        ),
        migrations.AlterField(
            model_name="dealstep",
            name="step",
            field=models.CharField(
                choices=[
                    ("create", "Отправить заявку"),
                    ("accept", "Принять"),
                    ("reject", "Отклонить"),
                    ("complete", "Завершить сделку"),
                    ("cancel", "Отменить заявку"),
                ],
                max_length=10,
                verbose_name="шаг",
            ),
        ),
        migrations.AlterField(
            model_name="purchaserequest",
            name="buyer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="purchases",
                to=settings.AUTH_USER_MODEL,
                verbose_name="покупатель",
            ),
        ),
        migrations.AlterField(
            model_name="purchaserequest",
            name="completed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="завершено"),
        ),
        migrations.AlterField(
            model_name="purchaserequest",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="создано"),
        ),
        migrations.AlterField(
            model_name="purchaserequest",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="listings.listing",
                verbose_name="объявление",
            ),
        ),
        migrations.AlterField(
            model_name="purchaserequest",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sales",
                to=settings.AUTH_USER_MODEL,
                verbose_name="продавец",
            ),
        ),
        migrations.AlterField(
            model_name="purchaserequest",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="изменено"),
        ),
        migrations.AlterField(
            model_name="review",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="написано"),
        ),
        migrations.AlterField(
            model_name="review",
            name="purchase_request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="transactions.purchaserequest",
                verbose_name="сделка",
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="reviewed_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to=settings.AUTH_USER_MODEL,
                verbose_name="о ком",
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews_written",
                to=settings.AUTH_USER_MODEL,
                verbose_name="кто написал",
            ),
        ),
    ]
