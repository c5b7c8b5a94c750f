"""A query compiled once answers as the same query of Django does."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.db.models import CharField, DateTimeField
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from apps.accounts.models import CustomUser
from apps.live.compiled import Compiled, Given
from apps.live.models import Inbox

HEAD = Compiled(lambda: Inbox.objects.filter(pk=Given("user")).values_list("head", flat=True))
SOME = Compiled(
    lambda order: (
        CustomUser.objects.select_related("profile")
        .filter(pk__in=Given("users", many=True), date_joined__lt=Given("until", DateTimeField()))
        .exclude(username=Given("name", CharField()))
        .order_by(order)
    )
)
LATER = datetime(9999, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is asked by Django's cursor alone")


def test_values_are_put_in_at_each_run(alice, bob):
    Inbox.objects.filter(pk=bob.pk).update(head=7)
    assert [HEAD.first(user=user.pk) for user in (alice, bob)] == [0, 7]
    assert HEAD.all(user=0) == []
    assert HEAD.first(user=0) is None


def test_lists_of_any_length_and_each_form_of_the_query(alice, bob):
    everybody = [alice.pk, bob.pk]
    assert SOME.all("pk", users=everybody, until=LATER, name="-") == sorted([alice, bob], key=lambda user: user.pk)
    assert SOME.all("-username", users=everybody, until=LATER, name="-") == [bob, alice]
    assert SOME.all("pk", users=[bob.pk], until=LATER, name="-") == [bob]
    assert SOME.all("pk", users=everybody, until=LATER, name="bob") == [alice]
    assert SOME.all("pk", users=everybody, until=alice.date_joined, name="bob") == []


def test_rows_come_with_what_the_query_selects(alice):
    with CaptureQueriesContext(connection) as queries:
        [found] = SOME.all("pk", users=[alice.pk], until=LATER, name="-")
        assert found.profile.user == alice
    assert len(queries) == 1


@on_postgresql
def test_what_is_watched_and_what_is_not_answer_alike(alice, bob):
    given = {"users": [alice.pk, bob.pk, -1], "until": LATER, "name": "50 %s' \\ \"%"}
    with CaptureQueriesContext(connection):
        watched = SOME.all("pk", **given)
    unwatched = SOME.all("pk", **given)
    assert len(watched) == 2
    assert [{**vars(user), "_state": None} for user in unwatched] == [{**vars(user), "_state": None} for user in watched]
    assert [user.profile.rating for user in unwatched] == [user.profile.rating for user in watched]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_first_query_of_a_transaction_is_in_it(alice):
    with transaction.atomic():
        assert HEAD.first(user=alice.pk) == 0
        assert connection.connection.info.transaction_status == TransactionStatus.INTRANS


@on_postgresql
@pytest.mark.parametrize("microsecond", [0, 1, 100_000, 123_456])
def test_a_moment_is_read_as_it_was_written(alice, microsecond):
    joined = datetime(2026, 1, 2, 3, 4, 5, microsecond, UTC)
    CustomUser.objects.filter(pk=alice.pk).update(date_joined=joined)
    [found] = SOME.all("pk", users=[alice.pk], until=LATER, name="-")
    assert (found.date_joined, found.date_joined.tzinfo) == (joined, UTC)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_failure_is_djangos_own(alice):
    with pytest.raises(DataError):
        SOME.all("pk", users=[alice.pk], until=LATER, name="\0")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    with pytest.raises(OperationalError):
        HEAD.first(user=alice.pk)
    connection.close()
    assert HEAD.first(user=alice.pk) == 0
