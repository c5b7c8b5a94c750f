"""PostgreSQL only: room for HOT updates of the heads, and a small index for pruning by time."""

from django.db import migrations

FORWARD = [
    "ALTER TABLE live_inbox SET (fillfactor = 50)",
    "CREATE INDEX live_event_created_brin ON live_event USING brin (created_at)",
]
BACK = ["DROP INDEX live_event_created_brin", "ALTER TABLE live_inbox RESET (fillfactor)"]


def run(statements):
    def execute(apps, editor):
        if editor.connection.vendor == "postgresql":
            for statement in statements:
                editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]
    operations = [migrations.RunPython(run(FORWARD), run(BACK))]
