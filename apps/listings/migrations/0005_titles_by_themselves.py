"""SQLite's table of stems, in which a title's words stand by themselves: of a common word's many places few are in titles."""

from django.db import migrations

from apps.listings.words import stems

TOKENS = "unicode61 remove_diacritics 0"


def forwards(apps, schema_editor):
    _remake(apps, schema_editor, ("heading", "terms"), TOKENS + " tokenchars '#'", _marked)


def backwards(apps, schema_editor):
    _remake(apps, schema_editor, ("title", "description"), TOKENS, lambda *texts: map(stems, texts))


def _marked(title, description):
    return " ".join(f"#{stem}" for stem in stems(title).split()), stems(f"{title} {description}")


def _remake(apps, schema_editor, columns, tokens, texts):
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute("DROP TABLE listings_words")
    schema_editor.execute(f'CREATE VIRTUAL TABLE listings_words USING fts5({", ".join(columns)}, tokenize="{tokens}")')
    listings = apps.get_model("listings", "Listing").objects.values_list("pk", "title", "description").iterator()
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO listings_words (rowid, {', '.join(columns)}) VALUES (%s, %s, %s)",  # noqa: S608
            ((pk, *texts(title, description)) for pk, title, description in listings),
        )


class Migration(migrations.Migration):
    contract = "On SQLite alone, where nobody serves beside who migrates."
    dependencies = [("listings", "0004_tally")]
    operations = [migrations.RunPython(forwards, backwards)]
