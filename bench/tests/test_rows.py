"""The look at the rows afterwards can say no."""

import os

import psycopg
import pytest

from bench.chat import rows

pytestmark = pytest.mark.cluster
SENT = {"s-0": {1: 3}}


@pytest.fixture
def said():
    """Writes refs as rows of author 1, in this order, and says what is found."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TEMPORARY TABLE said (id serial, sender_id int, ref text)")

        def look(*refs):
            connection.cursor().executemany("INSERT INTO said (sender_id, ref) VALUES (1, %s)", [(ref,) for ref in refs])
            return rows.messages(connection, SENT, "said")

        yield look


def test_every_row_once_and_in_order_is_no_fault(said):
    assert said("s-0.1.1", "s-0.1.2", "s-0.1.3", "another-0.1.1") == []


def test_a_lost_row_is_noticed(said):
    assert said("s-0.1.1", "s-0.1.3") == ["1 rows lost"]


def test_a_doubled_row_is_noticed(said):
    assert said("s-0.1.1", "s-0.1.2", "s-0.1.2", "s-0.1.3") == ["1 rows doubled"]


def test_a_reordered_row_is_noticed(said):
    assert said("s-0.1.2", "s-0.1.1", "s-0.1.3") == ["1 rows reordered"]


def test_a_row_that_nobody_sent_is_noticed(said):
    assert said("s-0.1.1", "s-0.1.2", "s-0.1.3", "s-0.1.4") == ["1 rows never sent"]
