"""The one way into the log and out of it.

A change opens one transaction; what it records is numbered as its last act, so commit order is number order
and "everything after n" never skips.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from . import direct, push
from .models import Event, Inbox

_open: ContextVar[list[Event] | None] = ContextVar("live_change", default=None)


class NotInChange(RuntimeError):
    """record() was called where no change is open: the event and its cause would not commit together."""


@contextmanager
def change() -> Iterator[None]:
    """The transaction of a change. Inner changes join the outermost, which numbers, writes, commits and then pushes."""
    if _open.get() is not None:
        yield
        return
    pending: list[Event] = []
    token = _open.set(pending)
    try:
        with transaction.atomic(durable=True):
            yield
            if pending:
                _number(pending)
                Event.objects.bulk_create(pending)
                tell(pending)
    finally:
        _open.reset(token)


def record(type: str, about: models.Model | None = None, *, to: Iterable[int], data: dict | None = None) -> None:
    """Collect one event for each user id in `to`; `about` is the saved row that it speaks of. Raises NotInChange."""
    pending = _open.get()
    if pending is None:
        raise NotInChange(type)
    for user_id in to:
        event = Event(user_id=user_id, type=type, about=about.pk if about else None, data=data)
        event.row = about  # the push shapes its frame from the row at hand instead of reading it back
        pending.append(event)


def tell(events: list[Event] | list[push.News]) -> None:
    """Push once what is open is committed. The rows are saved then: a push that fails is logged, and the readers catch up."""
    transaction.on_commit(lambda: push.send(events), robust=True)


def _number(pending: list[Event]) -> None:
    """Take the numbers under the inboxes' locks, in ascending user id: numbering at each record() deadlocks."""
    users = sorted({event.user_id for event in pending})
    locked = Inbox.objects.select_for_update(no_key=True).filter(user_id__in=users).order_by("user_id")
    heads = dict(locked.values_list("user_id", "head"))
    taken: Counter[int] = Counter()
    for event in pending:
        taken[event.user_id] += 1
        event.seq = heads[event.user_id] + taken[event.user_id]
    # A statement for all who took equally many: a CASE of every user, as bulk_update makes it, costs more than the rest.
    for many in set(taken.values()):
        same = [user_id for user_id, number in taken.items() if number == many]
        Inbox.objects.filter(user_id__in=same).update(head=F("head") + many)


def retried(call: Callable, tries: int = 3) -> Callable:
    """Run a whole change again when PostgreSQL gave it up to another: a deadlock or a serialization failure."""

    @wraps(call)
    def again(*args, **kwargs):
        for left in reversed(range(tries)):
            try:
                return call(*args, **kwargs)
            except OperationalError as error:
                lost = getattr(error.__cause__, "sqlstate", None) in {"40P01", "40001"}
                if not lost or not left or connection.in_atomic_block:
                    raise

    return again


@contextmanager
def snapshot() -> Iterator[None]:
    """One reading transaction, so that a page's head and its data are of one moment. Joins a transaction that is open."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # IMMEDIATE would make every reader wait for the writer. The attribute is there once there is a connection.
        connection.ensure_connection()
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode
    else:
        with transaction.atomic():
            # psycopg goes on in a transaction that it finds open, and would begin one of its own to set this in.
            with connection.wrap_database_errors:
                direct.run(connection.connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def head(user_id: int) -> int:
    """The number of the user's newest event; 0 where there is none."""
    return Inbox.objects.filter(pk=user_id).values_list("head", flat=True).first() or 0


def heads(user_ids: Iterable[int]) -> dict[int, int]:
    """The heads of many users in one query; asked in slices of 1,000 by the worker's tick."""
    return dict(Inbox.objects.filter(pk__in=list(user_ids)).values_list("user_id", "head"))


def since(user_id: int, after: int, limit: int) -> list[Event]:
    """At most `limit` events with a number above `after`, in order."""
    return list(Event.objects.filter(user_id=user_id, seq__gt=after).order_by("seq")[:limit])


def since_many(asked: Iterable[tuple[int, int, int]]) -> list[list[Event]]:
    """since() for many (user id, after, limit) in one query, answered in their order."""
    asked = list(asked)
    wanted = models.Q()
    for user_id, after, limit in asked:
        # Numbers have no gaps: so many numbers are as many events.
        wanted |= models.Q(user_id=user_id, seq__gt=after, seq__lte=after + limit)
    by_user: dict[int, list[Event]] = defaultdict(list)
    for row in Event.objects.filter(wanted).order_by("user_id", "seq"):
        by_user[row.user_id].append(row)
    return [[row for row in by_user[user_id] if after < row.seq <= after + limit] for user_id, after, limit in asked]


def number(text: str | None) -> int:
    """The number in an `after` as it came over the wire; -1, from which no log goes on, where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else -1


def after(user_id: int, seen: int, limit: int) -> tuple[int, list[Event] | None]:
    """The head and at most `limit` events above `seen`; None for them where a reader must load the page anew:
    it claims more than the head, is over settings.RESUME_LIMIT behind, or what it lacks is gone."""
    newest = head(user_id)
    if not 0 <= seen <= newest or newest - seen > settings.RESUME_LIMIT:
        return newest, None
    rows = since(user_id, seen, limit) if seen < newest else []
    gone = seen < newest and (not rows or rows[0].seq != seen + 1)
    return newest, None if gone else rows


def prune(days: int = settings.EVENTS_KEPT, slice_size: int = 10_000) -> Iterator[int]:
    """Delete events older than `days`, a slice a transaction; yields how many each slice deleted.

    The head stays in the inbox; a reader that is behind the first row left is reset.
    """
    old = Event.objects.filter(created_at__lt=Now() - timedelta(days=days))
    while doomed := list(old.values_list("user_id", "seq")[:slice_size]):
        by_user: dict[int, int] = {}
        for user_id, seq in doomed:
            by_user[user_id] = max(seq, by_user.get(user_id, 0))
        with transaction.atomic():
            deleted = sum(
                Event.objects.filter(user_id=user_id, seq__lte=seq).delete()[0] for user_id, seq in sorted(by_user.items())
            )
        yield deleted
