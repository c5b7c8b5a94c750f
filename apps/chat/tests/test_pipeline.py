"""Statements that go together: what they are given arrives as it was, and what breaks one undoes all of them."""

import psycopg
import pytest
from django.db import connection

from apps.chat import pipeline

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such thing"),
]

ECHO = "SELECT unnest($1::text[])"
PUT = "INSERT INTO pipeline_test SELECT unnest($1::bigint[])"


@pytest.fixture
def raw():
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("CREATE TEMPORARY TABLE pipeline_test (number bigint PRIMARY KEY)")
    yield raw
    if not raw.closed:
        raw.execute("DROP TABLE pipeline_test")
    connection.close()


def column(found):
    values = [found.get_value(row, 0) for row in range(found.ntuples)]
    return [None if value is None else value.decode() for value in values]


def kept(raw):
    return [number for (number,) in raw.execute("SELECT number FROM pipeline_test ORDER BY number")]


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["просто", ""],
        [None, "NULL", "null"],
        ['"', "\\", '\\"', "{,}", "'", "%s", "$1"],
        ["a\nb\tc", " ", "👍🏽", "\u2028"],
    ],
)
def test_texts_arrive_as_they_were(raw, texts):
    assert column(pipeline.run(raw, [(ECHO, [pipeline.array(texts)])])[-1]) == texts


def test_more_than_the_kernel_takes_at_once(raw):
    texts = ["ж" * 100_000] * 100
    assert column(pipeline.run(raw, [(ECHO, [pipeline.array(texts)])] * 3)[-1]) == texts


def test_all_of_it_is_one_transaction(raw):
    statements = [(PUT, [pipeline.array([number])]) for number in (1, 2, 1)]
    with pytest.raises(psycopg.errors.UniqueViolation):
        pipeline.run(raw, statements)
    assert kept(raw) == []
    pipeline.run(raw, statements[:2])
    assert kept(raw) == [1, 2]


def test_a_zero_character_is_refused():
    with pytest.raises(psycopg.DataError):
        pipeline.array(["a\0b"])


def test_a_lost_connection_is_an_error_and_used_no_more(raw):
    pipeline.run(raw, [(PUT, [pipeline.array([1])])])
    with pytest.raises(psycopg.OperationalError):
        pipeline.run(raw, [(PUT, [pipeline.array([2])]), ("SELECT pg_terminate_backend(pg_backend_pid())", [])])
    assert raw.closed


@pytest.mark.parametrize("prepared", [True, False])
def test_a_connection_that_was_lost_before_is_one_too(raw, prepared):
    statement = (PUT, [pipeline.array([1])])
    if prepared:
        pipeline.run(raw, [statement])
    with psycopg.connect(raw.info.dsn, password=raw.info.password, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [raw.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        pipeline.run(raw, [statement])
