"""How many listings of each game are on sale, kept by the database itself: counting them again costs more with each of them."""

import django.db.models.deletion
from django.db import migrations, models

# A row a change on PostgreSQL, so that nobody waits for anybody; now and then what is there is added up, by whoever comes by.
POSTGRESQL = """
CREATE FUNCTION listings_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO listings_tally (game_id, n)
            SELECT game_id, count(*) FROM after WHERE status = 'active' AND hidden_at IS NULL GROUP BY game_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO listings_tally (game_id, n)
            SELECT game_id, -count(*) FROM before WHERE status = 'active' AND hidden_at IS NULL GROUP BY game_id;
    ELSE
        INSERT INTO listings_tally (game_id, n)
            SELECT game_id, sum(n) FROM (
                SELECT game_id, 1 AS n FROM after WHERE status = 'active' AND hidden_at IS NULL
                UNION ALL SELECT game_id, -1 FROM before WHERE status = 'active' AND hidden_at IS NULL
            ) moved GROUP BY game_id HAVING sum(n) <> 0;
    END IF;
    IF random() < 0.02 THEN
        WITH gone AS (
            DELETE FROM listings_tally WHERE id IN (SELECT id FROM listings_tally FOR UPDATE SKIP LOCKED) RETURNING game_id, n
        )
        INSERT INTO listings_tally (game_id, n) SELECT game_id, sum(n) FROM gone GROUP BY game_id HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listings_put_up AFTER INSERT ON listings_listing
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION listings_count();
CREATE TRIGGER listings_changed AFTER UPDATE ON listings_listing
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION listings_count();
CREATE TRIGGER listings_erased AFTER DELETE ON listings_listing
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION listings_count();
"""
# SQLite has one writer at a time: a row a game.
PUBLIC = "{row}.status = 'active' AND {row}.hidden_at IS NULL"
ONE_MORE = """
    INSERT INTO listings_tally (game_id, n)
        SELECT new.game_id, 0 WHERE NOT EXISTS (SELECT 1 FROM listings_tally WHERE game_id = new.game_id);
    UPDATE listings_tally SET n = n + 1 WHERE game_id = new.game_id;
"""
ONE_LESS = "UPDATE listings_tally SET n = n - 1 WHERE game_id = old.game_id;"
NEW, OLD = PUBLIC.format(row="new"), PUBLIC.format(row="old")
CHANGED = "UPDATE OF status, hidden_at, game_id"
SQLITE = {
    "listings_put_up": f"AFTER INSERT ON listings_listing WHEN {NEW} BEGIN {ONE_MORE} END",
    "listings_shown": f"AFTER {CHANGED} ON listings_listing WHEN {NEW} BEGIN {ONE_MORE} END",
    "listings_unshown": f"BEFORE {CHANGED} ON listings_listing WHEN {OLD} BEGIN {ONE_LESS} END",
    "listings_erased": f"AFTER DELETE ON listings_listing WHEN {OLD} BEGIN {ONE_LESS} END",
}
COUNT = """
INSERT INTO listings_tally (game_id, n)
    SELECT game_id, count(*) FROM listings_listing WHERE status = 'active' AND hidden_at IS NULL GROUP BY game_id
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
    else:
        for name, trigger in SQLITE.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {trigger}")
    schema_editor.execute(COUNT)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION listings_count CASCADE")
    else:
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("listings", "0003_search_at_size")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "game",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="listings.game",
                    ),
                ),
                ("n", models.IntegerField()),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
