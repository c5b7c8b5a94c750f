"""Migrations run while workers of the release before still serve: they add, and take away only where they say `contract`."""

import re

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED
from django.db.models.functions import Now

TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
SQL = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME\s+(TO|COLUMN)|SET\s+NOT\s+NULL)\b", re.IGNORECASE)


def demands(field):
    """Whether the database refuses a row of code that does not know the field."""
    return not field.null and not field.many_to_many and field.db_default is NOT_PROVIDED


def statements(operation):
    given = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
    return " ".join(each if isinstance(each, str) else each[0] for each in given)


def within(code):
    """What a function of RunPython may execute: the texts that stand in it, and those of its module that it names."""
    named = [code.__globals__.get(name) for name in code.__code__.co_names]
    return " ".join(each for each in (*code.__code__.co_consts, *named) if isinstance(each, str))


def breaking(migration):
    """Its operations that a worker of the release before would not survive. What it makes itself nobody knows yet."""
    made, found = set(), []
    for operation in migration.operations:
        name = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
        if isinstance(operation, migrations.CreateModel):
            made.add(name)
        elif isinstance(operation, migrations.SeparateDatabaseAndState):
            inner = type("Inner", (), {"operations": operation.database_operations})
            found += breaking(inner)
        elif isinstance(operation, migrations.RunSQL):
            found += [operation] if SQL.search(statements(operation)) else []
        elif isinstance(operation, migrations.RunPython):
            found += [operation] if SQL.search(within(operation.code)) else []
        elif name in made:
            continue
        elif isinstance(operation, TAKES_AWAY) or (isinstance(operation, migrations.AddField) and demands(operation.field)):
            found.append(operation)
    return found


def ours():
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key: each for key, each in loader.disk_migrations.items() if key[0] in labels}


def test_nothing_is_taken_away_unsaid():
    later = {key: each for key, each in ours().items() if not each.initial and not getattr(each, "contract", "")}
    assert {key: found for key, each in later.items() if (found := breaking(each))} == {}


def test_there_is_something_to_look_at():
    assert len(ours()) >= 8


def migration(*operations):
    return type("Migration", (migrations.Migration,), {"operations": list(operations)})("0002_next", "chat")


DROP = "ALTER TABLE chat_message DROP COLUMN ref"


def drops(apps, schema_editor):
    schema_editor.execute(DROP)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("Message", "ref"),
        migrations.RenameField("Message", "ref", "word"),
        migrations.DeleteModel("Message"),
        migrations.RenameModel("Message", "Word"),
        migrations.AlterModelTable("Message", "words"),
        migrations.AddField("Message", "tone", models.CharField(max_length=9)),
        # Django takes a default of the code back once the column is there.
        migrations.AddField("Message", "tone", models.CharField(max_length=9, default="calm")),
        migrations.RunSQL(DROP),
        migrations.RunPython(drops),
        migrations.RunSQL(["SELECT 1", ("ALTER TABLE chat_message ALTER ref SET NOT NULL", None)]),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.DeleteModel("Message")]),
    ],
)
def test_what_takes_away_is_noticed(operation):
    assert breaking(migration(operation)) == [operation] or isinstance(operation, migrations.SeparateDatabaseAndState)
    assert len(breaking(migration(operation))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("Message", "tone", models.CharField(max_length=9, null=True)),
        migrations.AddField("Message", "tone", models.CharField(max_length=9, db_default="calm")),
        migrations.AddField("Message", "seen_at", models.DateTimeField(db_default=Now())),
        migrations.RemoveConstraint("Message", "message_one_per_ref"),
        migrations.RunSQL("CREATE INDEX words ON chat_message (id)"),
        migrations.RunPython(migrations.RunPython.noop),
    ],
)
def test_what_adds_is_not(operation):
    assert breaking(migration(operation)) == []


def test_a_table_of_its_own_may_be_as_it_likes():
    made = migrations.CreateModel("Word", [("id", models.BigAutoField(primary_key=True))])
    assert breaking(migration(made, migrations.AddField("Word", "tone", models.CharField(max_length=9)))) == []
