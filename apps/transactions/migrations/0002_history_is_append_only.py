"""The history of deals is append-only: the database itself refuses to change or delete a step."""

from django.db import migrations

TABLE = "transactions_dealstep"
REFUSAL = "the history of deals is append-only"
SQL = {
    "postgresql": (
        [
            f"""CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
            f"""CREATE TRIGGER dealstep_append_only BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history()""",
        ],
        [f"DROP TRIGGER dealstep_append_only ON {TABLE}", "DROP FUNCTION refuse_change_of_history()"],
    ),
    "sqlite": (
        [
            f"CREATE TRIGGER dealstep_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            f"CREATE TRIGGER dealstep_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        ],
        ["DROP TRIGGER dealstep_no_update", "DROP TRIGGER dealstep_no_delete"],
    ),
}


def forbid(apps, schema_editor):
    _run(schema_editor, 0)


def allow(apps, schema_editor):
    _run(schema_editor, 1)


def _run(schema_editor, direction):
    for statement in SQL[schema_editor.connection.vendor][direction]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("transactions", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
