"""PostgreSQL only: every message updates its conversation, in place while the page has room."""

from django.db import migrations


def execute(statement):
    def run(apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial")]
    operations = [
        migrations.RunPython(
            execute("ALTER TABLE chat_conversation SET (fillfactor = 50)"),
            execute("ALTER TABLE chat_conversation RESET (fillfactor)"),
        )
    ]
