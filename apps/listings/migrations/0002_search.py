"""What the search reads: PostgreSQL's own index of words and of look-alikes, or SQLite's table of stems."""

from django.db import migrations

# Marks between words, or PostgreSQL reads «AK-47» as a word and a negative number.
MARKS = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~«»—–…×№"


def plain(column):
    spaces = " " * len(MARKS.replace("''", "'"))
    return f"translate({column}, 'ёЁ{MARKS}', 'еЕ{spaces}')"


POSTGRESQL = f"""
ALTER TABLE listings_listing ADD COLUMN document tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('pg_catalog.russian', {plain("title")}), 'A')
    || setweight(to_tsvector('pg_catalog.russian', {plain("description")}), 'B')
) STORED;
CREATE INDEX listing_document ON listings_listing USING gin (document);
"""
# Typos are forgiven only where the server has the extension and lets us have it.
TRIGRAMS = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'search without typos: %', SQLERRM;
END $$
"""
SQLITE = [
    "CREATE VIRTUAL TABLE listings_words USING fts5(title, description, tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER listings_words_forget AFTER DELETE ON listings_listing "
    "BEGIN DELETE FROM listings_words WHERE rowid = old.id; END",
]


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        schema_editor.execute(TRIGRAMS, params=None)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE listings_listing DROP COLUMN document")
    else:
        schema_editor.execute("DROP TRIGGER listings_words_forget")
        schema_editor.execute("DROP TABLE listings_words")


class Migration(migrations.Migration):
    dependencies = [("listings", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
