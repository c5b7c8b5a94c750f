"""Labels for the admin: nothing changes in the tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="customuser",
            name="email_confirmed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="почта подтверждена"),
        ),
    ]
