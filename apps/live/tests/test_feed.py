import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

from apps.live import feed, push
from apps.live.models import Event, Inbox


@pytest.fixture
def pushed(monkeypatch):
    """The hints that left this process."""
    hints = []
    monkeypatch.setattr(push, "offer", hints.append)
    return hints


@pytest.fixture(autouse=True)
def _bare_frames(monkeypatch):
    """The log knows no app: any type may be recorded here, and nobody shapes it."""
    monkeypatch.setattr(push, "_shape", lambda: lambda events: [None] * len(events))


def say(*users, type="test.said"):
    with feed.change():
        feed.record(type, to=[user.pk for user in users])


def numbers(user):
    return list(Event.objects.filter(user=user).order_by("seq").values_list("seq", flat=True))


def test_a_new_trader_has_an_empty_log(alice):
    assert feed.head(alice.pk) == 0
    assert feed.after(alice.pk, 0, 10) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_numbers_run_from_one_without_a_gap_for_each_user(alice, bob):
    say(alice)
    say(alice, bob)
    say(bob)
    assert numbers(alice) == numbers(bob) == [1, 2]
    assert feed.heads([alice.pk, bob.pk]) == {alice.pk: 2, bob.pk: 2}


def test_recording_outside_a_change_is_an_error(alice):
    with pytest.raises(feed.NotInChange):
        feed.record("test.said", to=[alice.pk])


@pytest.mark.django_db(transaction=True)
def test_an_inner_change_joins_the_outer_one(alice, pushed):
    with feed.change():
        say(alice)
        assert numbers(alice) == [], "numbered only as the last act"
        say(alice)
    assert numbers(alice) == [1, 2]
    assert [hint.news for hint in pushed] == [{alice.pk: [(1, -1), (2, -1)]}], "one hint for the whole change"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_takes_no_number_and_pushes_nothing(alice, pushed):
    def fail():
        with feed.change():
            feed.record("test.said", to=[alice.pk])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert feed.head(alice.pk) == 0
    assert pushed == []
    say(alice)
    assert numbers(alice) == [1]


@pytest.mark.django_db(transaction=True)
def test_a_push_that_fails_changes_nothing_for_who_acted(alice, monkeypatch):
    def broken(hint):
        raise OSError("no Redis")

    monkeypatch.setattr(push, "offer", broken)
    say(alice)
    assert numbers(alice) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_push_comes_after_the_commit(alice, monkeypatch):
    seen = []
    monkeypatch.setattr(push, "offer", lambda hint: seen.append((connection.in_atomic_block, numbers(alice))))
    say(alice)
    assert seen == [(False, [1])]


@pytest.mark.django_db(transaction=True)
def test_a_change_is_refused_inside_another_transaction():
    with pytest.raises(RuntimeError), transaction.atomic(), feed.change():
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seen", "answer"), [(0, [1, 2, 3]), (2, [3]), (3, []), (4, None), (-1, None)])
def test_a_reader_goes_on_from_what_it_has_seen(alice, seen, answer):
    say(alice, alice, alice)
    head, rows = feed.after(alice.pk, seen, 10)
    assert head == 3
    assert (rows if rows is None else [row.seq for row in rows]) == answer


@pytest.mark.django_db(transaction=True)
def test_who_is_too_far_behind_loads_anew(alice, settings):
    settings.RESUME_LIMIT = 2
    say(alice, alice, alice)
    assert feed.after(alice.pk, 0, 10) == (3, None)
    assert [row.seq for row in feed.after(alice.pk, 1, 10)[1]] == [2, 3]


@pytest.mark.django_db(transaction=True)
def test_pruning_deletes_old_events_in_slices_and_resets_who_needs_them(alice, bob):
    for _ in range(3):
        say(alice, bob)
    Event.objects.filter(seq__lte=2).update(created_at="2020-01-01T00:00Z")
    assert list(feed.prune(days=30, slice_size=3)) == [3, 1]
    assert numbers(alice) == numbers(bob) == [3]
    assert feed.after(alice.pk, 1, 10) == (3, None)
    assert [row.seq for row in feed.after(alice.pk, 2, 10)[1]] == [3]
    assert list(feed.prune(days=30)) == []


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("17", 17), (None, -1), ("", -1), ("-1", -1), ("1e3", -1), ("٣", -1), ("9" * 40, -1)]
)
def test_after_is_a_whole_number_or_nothing(text, number):
    assert feed.number(text) == number


@pytest.mark.django_db(transaction=True)
def test_a_reader_never_sees_a_gap_while_many_write(alice, bob, charlie):
    """Four writers to overlapping people, one reader: what it sees is always a prefix of the log, in the end all of it."""
    people, rounds, over = [alice, bob, charlie], 25, threading.Event()

    def write(order):
        with closing(connection):
            for _ in range(rounds):
                say(*order)

    def read():
        seen, looks = [], 0
        with closing(connection):
            while True:
                last = over.is_set()
                looks += 1
                found = [row.seq for row in feed.after(alice.pk, len(seen), 1000)[1]]
                seen += found
                assert seen == list(range(1, len(seen) + 1)), found
                if last:
                    return seen, looks

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(read)
        try:
            list(pool.map(write, [people, people[::-1], [bob, alice], [charlie, alice, bob]]))
        finally:
            over.set()
    seen, looks = reader.result()
    assert looks > 1
    assert seen == numbers(alice)
    assert numbers(alice) == list(range(1, 4 * rounds + 1))
    assert numbers(charlie) == list(range(1, 3 * rounds + 1))


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_is_of_one_moment(alice):
    say(alice)
    with feed.snapshot():
        before = feed.head(alice.pk)
        other = threading.Thread(target=lambda: (say(alice), connection.close()))
        other.start()
        other.join(timeout=20)
        assert feed.head(alice.pk) == before == 1
        assert numbers(alice) == [1]
    assert feed.head(alice.pk) == 2, "the other one did write meanwhile"


class Deadlock(Exception):
    sqlstate = "40P01"


class NoSuchTable(Exception):
    sqlstate = "42P01"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("cause", "failures", "tried"), [(Deadlock, 2, 3), (Deadlock, 3, 3), (NoSuchTable, 1, 1)])
def test_a_change_that_lost_a_deadlock_is_tried_three_times(cause, failures, tried):
    tries = []

    @feed.retried
    def change():
        tries.append(1)
        if len(tries) <= failures:
            raise OperationalError from cause()
        return "done"

    if failures < tried:
        assert change() == "done"
    else:
        with pytest.raises(OperationalError):
            change()
    assert len(tries) == tried


def test_every_user_has_an_inbox(alice):
    assert Inbox.objects.filter(user=alice, head=0).exists()


def test_many_logs_in_one_query(alice, bob, django_assert_num_queries):
    for number in range(3):
        with feed.change():
            feed.record("message.read", to=[alice.pk, bob.pk], data={"n": number})
    with django_assert_num_queries(1):
        logs = feed.since_many([(bob.pk, 1, 10), (alice.pk, 0, 2), (alice.pk, 2, 5), (alice.pk, 3, 5)])
    assert [[(row.user_id, row.seq) for row in rows] for rows in logs] == [
        [(bob.pk, 2), (bob.pk, 3)],
        [(alice.pk, 1), (alice.pk, 2)],
        [(alice.pk, 3)],
        [],
    ]
