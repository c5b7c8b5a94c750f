from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_labels")]
    operations = [
        migrations.AddIndex(
            model_name="customuser",
            index=models.Index(condition=models.Q(("is_active", False)), fields=["id"], name="user_banned"),
        )
    ]
