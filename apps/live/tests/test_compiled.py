"""A query compiled once answers as the same query of Django does."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField
from django.test.utils import CaptureQueriesContext

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
